/** Records written as Claude Code would log them, with streamed blocks and copies, come back as they were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { entry, read } from './entry.fixture.ts';

describe('records written as a log', () => {
  const count = fc.integer({ min: 0, max: 2_000_000 });
  const REASONS = {
    end_turn: 'stop',
    tool_use: 'tool_calls',
    max_tokens: 'length',
    refusal: 'content_filter',
  };
  const known = fc.record({
    at: fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2025, 11, 31) }),
    session: fc.uuid(),
    model: fc.constantFrom('claude-sonnet-4-5', 'claude-opus-4-1', 'claude-haiku-4-5'),
    input: count,
    cached: fc.option(count),
    written: fc.option(count),
    output: count,
    cost: fc.option(fc.double({ min: 0, max: 100, noNaN: true, noDefaultInfinity: true })),
    native: fc.constantFrom(...(Object.keys(REASONS) as (keyof typeof REASONS)[])),
    blocks: fc.integer({ min: 1, max: 4 }),
    copies: fc.integer({ min: 1, max: 3 }),
  });

  it('come back the same from shuffled files with repeats', async () => {
    const log = fc.array(known, { minLength: 1, maxLength: 12 }).chain((records) => {
      const files = records.flatMap((r, i) =>
        Array.from({ length: r.copies }, () =>
          Array.from({ length: r.blocks }, (_, block) => {
            const whole = block === r.blocks - 1;
            return entry({
              top: {
                timestamp: new Date(r.at).toISOString(),
                sessionId: r.session,
                costUSD: r.cost ?? undefined,
              },
              message: {
                id: `msg_${String(i).padStart(24, '0')}`,
                model: r.model,
                stop_reason: whole ? r.native : null,
              },
              usage: {
                input_tokens: r.input,
                cache_read_input_tokens: r.cached ?? undefined,
                cache_creation_input_tokens: r.written ?? undefined,
                output_tokens: whole ? r.output : Math.min(1, r.output),
              },
            });
          }),
        ),
      );
      return fc.record({
        records: fc.constant(records),
        files: fc.shuffledSubarray(files, { minLength: files.length, maxLength: files.length }),
      });
    });
    await fc.assert(
      fc.asyncProperty(log, async ({ records, files }) => {
        const kept = new Map<string, Generation>();
        for (const file of files)
          for (const g of (await read(file)).generations) {
            const before = kept.get(g.id);
            if (!before || (g.completionTokens ?? 0) > (before.completionTokens ?? 0)) kept.set(g.id, g);
          }
        expect(kept.size).toBe(records.length);
        for (const [i, r] of records.entries())
          expect(kept.get(`msg_${String(i).padStart(24, '0')}`)).toMatchObject({
            createdAt: r.at,
            session: `h(${r.session})`,
            model: r.model,
            promptTokens: r.input + (r.cached ?? 0) + (r.written ?? 0),
            cachedTokens: r.cached,
            cacheWriteTokens: r.written,
            completionTokens: r.output,
            cost: r.cost,
            finishReason: REASONS[r.native],
          });
      }),
      { numRuns: 60 },
    );
  });
});
