/** Logs found on this machine, and importing them from the page. Each import is a process of its own. */
import { homedir } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { StateaiError } from '../generation/errors.ts';
import { findHomeLogs } from '../ingest/home-logs.ts';
import type { Context } from './context.ts';
import { runCommand } from './run-command.ts';

interface RunningImport {
  id: string;
  format: string;
  dataset: string;
  state: 'running' | 'done' | 'failed';
  rows: number;
  rejected: number;
  message: string;
}

/** How a user of this installation types a command. */
export const COMMAND_LINE = import.meta.url.endsWith('.ts') ? 'npm run -s stateai --' : 'npx stateai';

export const imports = (context: Context) => async (app: FastifyInstance) => {
  const runs: RunningImport[] = [];
  const offers = async () =>
    (await findHomeLogs(process.env, homedir())).map((f) => ({
      ...f,
      command: `${COMMAND_LINE} import ${f.format} ${f.path}`,
    }));

  app.get('/offers', async () => ({ offers: await offers() }));
  app.get('/imports', () => ({ imports: runs }));

  app.post('/offers/:format/import', async (request, reply) => {
    // A page of another site could make a browser send this: only our own page may.
    const { origin, host } = request.headers;
    if (origin && new URL(origin).host !== host)
      throw new StateaiError('forbidden', 'An import can only be started from this page', '');
    const { format } = request.params as { format: string };
    const found = (await offers()).filter((o) => o.format === format);
    if (found.length === 0)
      throw new StateaiError(
        'not_found',
        `No logs of ${format.slice(0, 40)} were found`,
        'Import by hand: stateai import <format> <path>.',
      );
    const run: RunningImport = {
      id: String(runs.length + 1),
      format,
      dataset: 'live',
      state: 'running',
      rows: 0,
      rejected: 0,
      message: '',
    };
    runs.push(run);
    void runCommand(
      ['import', format, ...found.map((o) => o.path), '--dataset', 'live', '--data', context.dataDir],
      {
        onText(text) {
          run.message = text.trim().split('\n').at(-1) ?? run.message;
          run.rows = Number(/([\d,]+) rows into/.exec(text)?.[1]?.replaceAll(',', '') ?? run.rows);
          run.rejected = Number(
            /([\d,]+) rows could not/.exec(text)?.[1]?.replaceAll(',', '') ?? run.rejected,
          );
        },
      },
    ).then((code) => {
      run.state = code === 0 ? 'done' : 'failed';
    });
    return reply.code(202).send(run);
  });
};
