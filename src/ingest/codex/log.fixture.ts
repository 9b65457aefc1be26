/** For tests: the lines that Codex writes. */
import type { Generation } from '../../generation/generation.ts';
import { readLog } from '../door.fixture.ts';
import { codex } from './door.ts';

export const read = (lines: readonly string[], file?: string) => readLog(codex, lines, file);

/** The nth second of the day that these sessions happen on. */
export const at = (second: number): string =>
  new Date(Date.UTC(2026, 4, 1, 10, 0, 0) + second * 1000).toISOString();

export const line = (second: number, type: string, payload: object): string =>
  JSON.stringify({ timestamp: at(second), type, payload });
export const meta = (second: number, id: string, more: object = {}): string =>
  line(second, 'session_meta', {
    id,
    cwd: '/home/someone',
    originator: 'codex_cli_rs',
    model_provider: 'openai',
    ...more,
  });
export const turn = (second: number, model: string): string =>
  line(second, 'turn_context', {
    cwd: '/home/someone',
    approval_policy: 'on-request',
    model,
    summary: 'auto',
  });

/** input, cached input, output, reasoning output */
export type Four = readonly [number, number, number, number];
export const usage = ([input, cached, output, reasoning]: Four) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: output,
  reasoning_output_tokens: reasoning,
  total_tokens: input + output,
});
export const counted = (second: number, total: Four, last?: Four): string =>
  line(second, 'event_msg', {
    type: 'token_count',
    info: {
      total_token_usage: usage(total),
      ...(last ? { last_token_usage: usage(last) } : {}),
      model_context_window: 272_000,
    },
    rate_limits: { primary: { used_percent: 3.0, window_minutes: 300 } },
  });

export const ID = '0199a213-81a0-7c20-9b1e-3f2d5c6b7a80';
export const opening = [meta(0, ID), turn(1, 'gpt-5-codex')];
export const tokens = (generations: readonly Generation[]) =>
  generations.map((g) => [g.promptTokens, g.cachedTokens, g.completionTokens, g.reasoningTokens]);
