/**
 * The demo: on an empty data directory a simulated world is made in a process of its own, so that there is a whole report
 * to look at before the first import. It is a dataset like any other and says of itself that it is simulated.
 */
import type { FastifyInstance } from 'fastify';
import type { Context } from './context.ts';
import { runCommand } from './run-command.ts';

const DATASET = 'demo';

export interface DemoState {
  state: 'none' | 'running' | 'done' | 'failed';
  /** 0 … 1. */
  progress: number;
  /** Why it failed. */
  message: string;
}

/** @param generations how large the world is; null makes none */
export const demo = (context: Context, generations: number | null) => async (app: FastifyInstance) => {
  const demo: DemoState = { state: 'none', progress: 0, message: '' };
  const stop = new AbortController();

  const make = async (size: number) => {
    demo.state = 'running';
    const code = await runCommand(
      ['simulate', '--dataset', DATASET, '--generations', String(size), '--data', context.dataDir],
      {
        onText(text) {
          demo.progress = Number(/(\d+) %/.exec(text)?.[1] ?? demo.progress * 100) / 100;
          demo.message = text.trim().split('\n').at(-1) ?? demo.message;
        },
        signal: stop.signal,
      },
    );
    demo.state = code === 0 ? 'done' : 'failed';
  };

  app.get('/demo', () => demo);
  app.addHook('onReady', async () => {
    if (generations !== null && (await context.warehouse.datasets()).length === 0) void make(generations);
  });
  app.addHook('onClose', async () => stop.abort());
};
