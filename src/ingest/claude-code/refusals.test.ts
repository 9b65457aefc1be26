/** Broken, impossible and hostile lines of Claude Code's logs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entry, read } from './entry.fixture.ts';

describe('lines that cannot be used', () => {
  it.each([
    [{ usage: { input_tokens: -1 } }, 'message.usage.input_tokens is -1'],
    [{ usage: { output_tokens: 1.5 } }, 'message.usage.output_tokens is 1.5'],
    [{ usage: { output_tokens: 1e13 } }, 'message.usage.output_tokens is 10000000000000'],
    [{ usage: { cache_read_input_tokens: 'secret' } }, 'cache_read_input_tokens is a string of 6 characters'],
    [{ usage: { cache_creation_input_tokens: [] } }, 'cache_creation_input_tokens is a list'],
    [{ usage: { input_tokens: undefined } }, 'message.usage.input_tokens is missing'],
    [{ top: { timestamp: '2019-12-31T00:00:00Z' } }, 'timestamp is 2019-12-31T00:00:00.000Z'],
    [{ top: { timestamp: '2999-01-01T00:00:00Z' } }, 'timestamp is 2999-01-01T00:00:00.000Z'],
    [{ top: { timestamp: 'yesterday' } }, 'timestamp is a string of 9 characters'],
    [{ top: { timestamp: { $date: 1 } } }, 'timestamp is of type object'],
    [{ top: { timestamp: undefined } }, 'timestamp is missing'],
    [{ message: { model: undefined } }, 'message.model is missing'],
    [{ message: { model: 'my secret plan' } }, 'message.model is a string of 14 characters'],
    [{ top: { costUSD: -0.5 } }, 'costUSD is -0.5'],
  ])('are rejected with the field and the value: %j', async (over, reason) => {
    const { generations, rejects } = await read(
      ['', entry(over), entry({ message: { id: 'm2' } })],
      'f.jsonl',
    );
    expect(generations).toHaveLength(1);
    expect(rejects).toHaveLength(1);
    expect(rejects[0]).toMatchObject({ file: 'f.jsonl', line: 2 });
    expect(rejects[0]?.reason).toContain(reason);
    expect(rejects[0]?.reason).not.toMatch(/secret|yesterday/);
  });

  it('are rejected when broken, but not at the end of a log that is still written', async () => {
    const torn = entry().slice(0, 300);
    const wrong = '{"usage" secret}';
    const middle = await read([torn, wrong, entry()]);
    expect(middle.rejects.map((r) => [r.line, r.reason])).toEqual([
      [1, 'the line is not a whole JSON object'],
      [2, 'the line is broken JSON'],
    ]);
    expect(middle.generations).toHaveLength(1);
    for (const tail of [torn, wrong]) expect((await read([entry(), tail, '', ' '])).rejects).toEqual([]);
  });

  it('do no harm, however they are made', async () => {
    const deep = `{"usage":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const proto = entry().replace('"isSidechain"', '"__proto__":{"isApiErrorMessage":true},"isSidechain"');
    const { generations, rejects } = await read([
      deep,
      proto,
      '{"message":{"usage":[]}}',
      'null',
      '[]',
      entry(),
    ]);
    expect(generations).toHaveLength(1);
    expect(rejects.map((r) => r.line)).toEqual([4, 5]);
  });

  it('never throw nor invent numbers, whatever JSON they hold', async () => {
    const anything = fc.record(
      {
        type: fc.constantFrom('assistant', undefined),
        timestamp: fc.oneof(fc.jsonValue(), fc.constant('2026-03-01T10:31:43Z')),
        sessionId: fc.jsonValue(),
        requestId: fc.jsonValue(),
        costUSD: fc.jsonValue(),
        message: fc.record({
          id: fc.jsonValue(),
          model: fc.oneof(fc.jsonValue(), fc.constant('m')),
          stop_reason: fc.jsonValue(),
          usage: fc.dictionary(
            fc.constantFrom('input_tokens', 'output_tokens', 'cache_read_input_tokens', '__proto__'),
            fc.oneof(fc.nat(), fc.double(), fc.jsonValue()),
          ),
        }),
      },
      { requiredKeys: ['message'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 5 }), async (entries) => {
        const { generations, rejects } = await read(entries.map((e) => JSON.stringify(e)));
        expect(generations.length + rejects.length).toBeLessThanOrEqual(entries.length);
        for (const g of generations) {
          expect(Number.isSafeInteger(g.totalTokens) && g.totalTokens >= 0).toBe(true);
          expect(g.totalTokens).toBe((g.promptTokens ?? 0) + (g.completionTokens ?? 0));
        }
      }),
    );
  });
});
