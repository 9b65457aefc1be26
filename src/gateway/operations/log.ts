/** A line of JSON for each request: ids, numbers and words of closed sets. No text of prompts, answers or errors. */
import type { Generation } from '../../generation/generation.ts';
import { setting } from '../../generation/setting.ts';
import type { Exchange } from '../exchange.ts';

export type LogLevel = 'silent' | 'error' | 'info';

/** @throws `bad_setting` */
export const logLevel = (): LogLevel =>
  (setting('STATEAI_LOG', /^(silent|error|info)$/, 'silent, error or info') as LogLevel | undefined) ??
  'error';

/** @param write takes a line with its line break */
export function createLog(level: LogLevel, write: (line: string) => void) {
  return {
    finished(exchange: Exchange, record: Generation): void {
      const isError = record.status !== null && record.status >= 500;
      if (level === 'silent' || (level === 'error' && !isError)) return;
      const last = exchange.attempts.at(-1);
      write(
        `${JSON.stringify({
          time: new Date(record.createdAt).toISOString(),
          level: isError ? 'error' : 'info',
          event: 'generation',
          id: record.id,
          dialect: exchange.dialect,
          status: record.status,
          provider: last?.endpoint.provider.slug ?? null,
          model: record.model,
          streamed: record.streamed,
          cancelled: record.cancelled,
          prompt_tokens: record.promptTokens,
          completion_tokens: record.completionTokens,
          cost: record.cost,
          latency_ms: record.latencyMs,
          duration_ms: record.durationMs,
          attempts: exchange.attempts.length,
          error: exchange.failure?.kind ?? null,
        })}\n`,
      );
    },
  };
}
