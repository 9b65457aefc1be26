/** Records written as Codex would log them, with refreshes, resets and forks, come back as they were. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { read } from './log.fixture.ts';

const use = fc
  .record({
    input: fc.integer({ min: 1, max: 300_000 }),
    output: fc.integer({ min: 1, max: 60_000 }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    reasoning: fc.double({ min: 0, max: 1, noNaN: true }),
    model: fc.constantFrom('gpt-5', 'gpt-5-codex', 'gpt-5.1-codex-mini'),
    refreshes: fc.integer({ min: 0, max: 3 }),
    reset: fc.boolean(),
  })
  .map((u) => ({
    ...u,
    cached: Math.floor(u.cached * u.input),
    reasoning: Math.floor(u.reasoning * u.output),
  }));
type Use = typeof use extends fc.Arbitrary<infer T> ? T : never;

const START = Date.UTC(2026, 0, 5);
const iso = (ms: number) => new Date(ms).toISOString();

/** A session's log, one use a minute. Before a use with `reset` the running total begins anew. */
function write(id: string, uses: readonly Use[]): string[] {
  const total = { input: 0, cached: 0, output: 0, reasoning: 0 };
  const lines = [JSON.stringify({ timestamp: iso(START), type: 'session_meta', payload: { id } })];
  const counts = (c: typeof total) => ({
    input_tokens: c.input,
    cached_input_tokens: c.cached,
    output_tokens: c.output,
    reasoning_output_tokens: c.reasoning,
    total_tokens: c.input + c.output,
  });
  for (const [i, u] of uses.entries()) {
    const timestamp = iso(START + (i + 1) * 60_000);
    lines.push(JSON.stringify({ timestamp, type: 'turn_context', payload: { model: u.model } }));
    for (const key of ['input', 'cached', 'output', 'reasoning'] as const)
      total[key] = (u.reset ? 0 : total[key]) + u[key];
    const info = { total_token_usage: counts(total), last_token_usage: counts(u) };
    const event = (at: number) =>
      JSON.stringify({ timestamp: iso(at), type: 'event_msg', payload: { type: 'token_count', info } });
    for (let n = 0; n <= u.refreshes; n++) lines.push(event(Date.parse(timestamp) + n * 1000));
  }
  return lines;
}

const fork = (id: string, from: string, log: readonly string[]): string[] =>
  [JSON.stringify({ type: 'session_meta', payload: { id, forked_from_id: from } }), ...log].map((text, i) =>
    JSON.stringify({ ...JSON.parse(text), timestamp: iso(START + 86_400_000 + i) }),
  );

/** A reset to the very same total as before cannot be told from a refresh. */
const distinct = (uses: readonly Use[]) =>
  uses.every(
    (u, i) => !u.reset || i === 0 || u.input !== uses[i - 1]?.input || u.output !== uses[i - 1]?.output,
  );

it('reads back what was written, from shuffled files with copies', async () => {
  const sessions = fc.array(fc.array(use, { minLength: 1, maxLength: 8 }).filter(distinct), {
    minLength: 1,
    maxLength: 4,
  });
  const shuffled = sessions.chain((all) => {
    const logs = all.map((uses, s) => write(`session-${s}`, uses));
    const forks = logs.map((log, s) => fork(`fork-${s}`, `session-${s}`, log));
    const files = [...logs, ...forks, ...logs];
    return fc.record({
      all: fc.constant(all),
      files: fc.shuffledSubarray(files, { minLength: files.length, maxLength: files.length }),
    });
  });
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ all, files }) => {
      const kept = new Map<string, Generation>();
      for (const file of files)
        for (const g of (await read(file)).generations) {
          const before = kept.get(g.id);
          if (!before || g.createdAt < before.createdAt) kept.set(g.id, g);
        }
      const found = [...kept.values()].sort((a, b) => a.createdAt - b.createdAt);
      for (const [s, uses] of all.entries()) {
        const own = found.filter((g) => g.session === `h(session-${s})`);
        expect(own).toHaveLength(uses.length);
        for (const [i, u] of uses.entries())
          expect(own[i]).toMatchObject({
            createdAt: START + (i + 1) * 60_000,
            requests: 1,
            model: u.model,
            promptTokens: u.input,
            cachedTokens: u.cached,
            completionTokens: u.output,
            reasoningTokens: u.reasoning,
          });
      }
      expect(found).toHaveLength(all.flat().length);
    }),
    { numRuns: 100 },
  );
});
