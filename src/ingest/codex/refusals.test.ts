/** Broken, impossible and hostile lines of Codex's logs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, counted, line, read, usage } from './log.fixture.ts';

describe('lines that cannot be used', () => {
  const withTotal = (total: object, timestamp: unknown = at(5)) =>
    JSON.stringify({
      timestamp,
      type: 'event_msg',
      payload: { type: 'token_count', info: { total_token_usage: { ...usage([10, 0, 1, 0]), ...total } } },
    });

  it.each([
    [withTotal({ input_tokens: -7 }), 'info.total_token_usage.input_tokens is -7'],
    [withTotal({ output_tokens: 0.5 }), 'info.total_token_usage.output_tokens is 0.5'],
    [withTotal({ cached_input_tokens: 'secret' }), 'cached_input_tokens is a string of 6 characters'],
    [withTotal({ output_tokens: 2e12 }), 'output_tokens is 2000000000000'],
    [withTotal({ input_tokens: null }), 'info.total_token_usage.input_tokens is missing'],
    [withTotal({}, '2012-01-01T00:00:00Z'), 'timestamp is 2012-01-01'],
    [withTotal({}, null), 'timestamp is missing'],
    ['{"type":"token_count" secret}', 'broken JSON'],
    ['{"timestamp":"2026-05-01T10:00', 'not a whole JSON object'],
  ])('are rejected with the field and the value: %s', async (text, reason) => {
    const { generations, rejects } = await read([text, counted(9, [30, 0, 3, 0])], 'f.jsonl');
    expect(generations).toHaveLength(1);
    expect(rejects).toHaveLength(1);
    expect(rejects[0]).toMatchObject({ file: 'f.jsonl', line: 1 });
    expect(rejects[0]?.reason).toContain(reason);
    expect(rejects[0]?.reason).not.toContain('secret');
  });

  it('are passed over when they are conversation, or the torn end of a live log', async () => {
    const { items } = await read([
      line(1, 'response_item', {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: '"token_count"' }],
      }),
      line(1, 'event_msg', { type: 'agent_message', message: 'said', token_count: 3 }),
      '{"id":"old","timestamp":"2025-06-01T00:00:00Z","instructions":null}',
      '{"type":"session_meta","payload":[]}',
      '{"type":"session_meta","payload":{"id":{"__proto__":1}}}',
      counted(3, [10, 0, 1, 0]).slice(0, 120),
    ]);
    expect(items).toEqual([]);
  });

  it('never throw nor invent numbers, whatever JSON they hold', async () => {
    const number = fc.oneof(fc.nat(), fc.double(), fc.jsonValue());
    const counts = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom('input_tokens', 'output_tokens', 'cached_input_tokens', '__proto__'),
        number,
      ),
    );
    const anything = fc.record({
      timestamp: fc.oneof(fc.jsonValue(), fc.constant(at(1))),
      type: fc.constantFrom('event_msg', 'session_meta', 'turn_context'),
      payload: fc.record({
        type: fc.constant('token_count'),
        id: fc.jsonValue(),
        source: fc.jsonValue(),
        model: fc.jsonValue(),
        info: fc.record({ total_token_usage: counts, last_token_usage: counts }),
      }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 6 }), async (entries) => {
        const { generations, rejects } = await read(entries.map((e) => JSON.stringify(e)));
        expect(generations.length + rejects.length).toBeLessThanOrEqual(entries.length);
        for (const g of generations) {
          expect(Number.isSafeInteger(g.totalTokens) && g.totalTokens > 0).toBe(true);
          expect(g.totalTokens).toBe((g.promptTokens ?? 0) + (g.completionTokens ?? 0));
        }
      }),
    );
  });
});
