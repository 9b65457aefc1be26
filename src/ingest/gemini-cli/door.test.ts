/** What Gemini CLI records, as one document or as lines, and what becomes of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keep, readLog } from '../door.fixture.ts';
import { geminiCli } from './door.ts';

const SESSION = '7d1f0b64-2f0a-4c1d-9a57-0e5d3a1c9b22';
const ID = '0f6a1c2e-5b7d-4e8f-9a01-23456789abcd';

interface Tokens {
  input: number;
  output: number;
  cached: number;
  thoughts: number;
  tool: number;
  total: number;
}

const tokens = (t: Partial<Tokens> = {}): Tokens => {
  const all = { input: 9000, output: 300, cached: 8000, thoughts: 120, tool: 0, ...t };
  return { total: all.input + all.output + all.thoughts + all.tool, ...all };
};
const message = (over: object = {}) => ({
  id: ID,
  timestamp: '2026-02-03T04:05:06.789Z',
  type: 'gemini',
  content: 'Nothing of this may pass the door.',
  thoughts: [{ subject: 'Nor', description: 'of this.', timestamp: '2026-02-03T04:05:05.000Z' }],
  tokens: tokens(),
  model: 'gemini-3-pro-preview',
  ...over,
});
const head = { sessionId: SESSION, projectHash: 'ab12', startTime: '2026-02-03T04:00:00.000Z' };
const user = { id: 'u1', timestamp: '2026-02-03T04:05:00.000Z', type: 'user', content: 'My question' };
const document = (...messages: object[]) => JSON.stringify({ ...head, messages }, null, 2).split('\n');
const asLines = (...records: object[]) => [head, ...records].map((record) => JSON.stringify(record));
const read = (lines: readonly string[], file?: string) => readLog(geminiCli, lines, file);

const expected = {
  id: `gemini-cli-${ID}`,
  createdAt: Date.parse('2026-02-03T04:05:06.789Z'),
  app: 'gemini-cli',
  source: 'gemini-cli',
  session: `h(${SESSION})`,
  model: 'gemini-3-pro-preview',
  promptTokens: 9000,
  cachedTokens: 8000,
  completionTokens: 420,
  reasoningTokens: 120,
  totalTokens: 9420,
  cacheWriteTokens: null,
  cost: null,
};

describe('a recorded chat', () => {
  it.each([
    ['a document over many lines', document(user, message())],
    ['a document on one line', [JSON.stringify({ ...head, messages: [user, message()] })]],
    ['lines', asLines(user, message(), { $set: { lastUpdated: '2026-02-03T04:05:07.000Z' } })],
  ])('gives a record for each answer: %s', async (_, lines) => {
    const { generations, rejects } = await read(lines);
    expect(rejects).toEqual([]);
    expect(generations).toHaveLength(1);
    expect(generations[0]).toMatchObject(expected);
    expect(JSON.stringify(generations)).not.toMatch(/pass the door|question|Nor/);
  });

  it('counts a message once that is appended again for its tools, or listed anew', async () => {
    const { generations } = await read(
      asLines(
        message({ tokens: null }),
        message(),
        message({ toolCalls: [{ id: 't', name: 'read_file', args: {} }] }),
        { $set: { messages: [user, message()] } },
        { $rewindTo: ID },
      ),
    );
    expect(generations).toHaveLength(1);
    expect(generations[0]).toMatchObject(expected);
  });

  it('adds what the interface itself fetched to the prompt, unless the total says it is within', async () => {
    const { generations } = await read(
      asLines(
        message({ tokens: tokens({ tool: 50 }) }),
        message({ id: ID.replace('0f', '1f'), tokens: { ...tokens(), tool: 50 } }),
      ),
    );
    expect(generations.map((g) => g.promptTokens)).toEqual([9050, 9000]);
  });

  it('goes on with the model named last, and knows none where none is named', async () => {
    const { generations } = await read(
      asLines(
        message({ id: 'a', model: undefined }),
        message({ id: 'b' }),
        message({ id: 'c', model: undefined, timestamp: '2026-02-03T05:00:00Z' }),
      ),
    );
    expect(generations.map((g) => g.model)).toEqual([
      'unknown',
      'gemini-3-pro-preview',
      'gemini-3-pro-preview',
    ]);
  });

  it('tells other files of the directory from chats', () => {
    const tmp = '/h/.gemini/tmp/ab12';
    expect(
      [
        `${tmp}/chats/session-2026-02-03T04-05-7d1f0b64.json`,
        `${tmp}/chats/7d1f0b64/sub.jsonl`,
        `${tmp}/logs.json`,
        `${tmp}/checkpoint-mine.json`,
        'session-1.jsonl',
      ].map((path) => geminiCli.isLog?.(path)),
    ).toEqual([true, true, false, false, true]);
    expect(geminiCli.homes({}, '/h')).toEqual(['/h/.gemini/tmp']);
    expect(geminiCli.homes({ GEMINI_CLI_HOME: '/g' }, '/h')).toEqual(['/g/.gemini/tmp']);
  });
});

describe('what cannot be used', () => {
  it.each([
    [{ tokens: { ...tokens(), input: -1 } }, 'tokens.input is -1'],
    [{ tokens: { ...tokens(), output: 'secret' } }, 'tokens.output is a string of 6 characters'],
    [{ tokens: { output: 3 } }, 'tokens.input is missing'],
    [{ timestamp: '1999-01-01T00:00:00Z' }, 'timestamp is 1999-01-01'],
    [{ timestamp: undefined }, 'timestamp is missing'],
  ])('is rejected with the field and the value: %j', async (over, reason) => {
    const other = message({ id: ID.replace('0f', '2f') });
    for (const lines of [asLines(message(over), other), document(message(over), other)]) {
      const { generations, rejects } = await read(lines, 'f.json');
      expect(generations).toHaveLength(1);
      expect(rejects[0]?.reason).toContain(reason);
      expect(rejects[0]?.reason).not.toContain('secret');
    }
  });

  it('a cut document is rejected whole; of cut lines only the last is missing', async () => {
    const whole = document(message());
    const cut = await read(whole.slice(0, -4), 'session-1.json');
    expect(cut.generations).toEqual([]);
    expect(cut.rejects).toEqual([
      { file: 'session-1.json', line: 1, reason: 'the file is not a whole JSON document' },
    ]);
    const lines = asLines(message(), message({ id: 'b' }));
    lines[2] = lines[2]?.slice(0, 90) ?? '';
    expect(await read(lines)).toMatchObject({ rejects: [], generations: [expected] });
  });

  it('broken first lines do not take the others with them', async () => {
    const { generations, rejects } = await read(['{"sessionId":', ...asLines(message())]);
    expect(generations).toHaveLength(1);
    expect(rejects).toMatchObject([{ line: 1 }]);
  });

  it('other JSON is passed over', async () => {
    expect((await read(['[', '{"type":"gemini"}', ']'])).generations).toEqual([]);
    expect(
      (await read(asLines({ type: 'info', tokens: 'x' }, { id: 1, type: 'gemini', tokens: [] }))).items,
    ).toEqual([]);
    expect((await read(['', ' '])).items).toEqual([]);
  });

  it('never throws nor invents numbers, whatever JSON it holds', async () => {
    const value = fc.oneof(fc.nat(), fc.double(), fc.jsonValue());
    const any = fc.record({
      id: fc.jsonValue(),
      type: fc.constantFrom('gemini', 'user'),
      timestamp: fc.oneof(fc.constant('2026-02-03T04:05:06Z'), fc.jsonValue()),
      model: fc.jsonValue(),
      tokens: fc.oneof(
        fc.jsonValue(),
        fc.dictionary(
          fc.constantFrom('input', 'output', 'cached', 'thoughts', 'tool', 'total', '__proto__'),
          value,
        ),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 6 }), fc.boolean(), async (messages, asDocument) => {
        const { generations } = await read(asDocument ? document(...messages) : asLines(...messages));
        for (const g of generations)
          expect(g.totalTokens).toBe((g.promptTokens ?? 0) + (g.completionTokens ?? 0));
      }),
    );
  });
});

it('records written as chats come back the same, shuffled, repeated, as documents or as lines', async () => {
  const count = fc.integer({ min: 0, max: 1_000_000 });
  const record = fc.record({
    at: fc.integer({ min: Date.UTC(2025, 6, 1), max: Date.UTC(2026, 5, 30) }),
    model: fc.constantFrom('gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-3-pro-preview'),
    input: fc.integer({ min: 1, max: 1_000_000 }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    output: count,
    thoughts: count,
    tool: fc.constantFrom(0, 0, 17),
    repeats: fc.integer({ min: 1, max: 3 }),
  });
  const sessions = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      asDocument: fc.boolean(),
      records: fc.array(record, { minLength: 1, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 4, selector: (s) => s.id },
  );
  const shuffled = sessions.chain((all) => {
    const files = all.flatMap((session, s) => {
      const messages = session.records.map((r, i) => ({
        id: `${s}0000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
        timestamp: new Date(r.at).toISOString(),
        type: 'gemini',
        content: 'text',
        model: r.model,
        tokens: tokens({ ...r, cached: Math.floor(r.cached * r.input) }),
      }));
      const first = { sessionId: session.id, projectHash: 'x' };
      if (session.asDocument) return [JSON.stringify({ ...first, messages }, null, 2).split('\n')];
      const lines = messages.flatMap((m, i) =>
        Array(session.records[i]?.repeats ?? 1).fill(JSON.stringify(m)),
      );
      // Resumed: the file begins anew with what was there.
      return [
        [JSON.stringify(first), ...lines],
        [JSON.stringify(first), ...lines.slice(0, 2)],
      ];
    });
    return fc.record({
      all: fc.constant(all),
      files: fc.shuffledSubarray(files, { minLength: files.length, maxLength: files.length }),
    });
  });
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ all, files }) => {
      const read_ = await Promise.all(files.map((file) => read(file)));
      expect(read_.flatMap((r) => r.rejects)).toEqual([]);
      const kept = new Map(keep(read_.flatMap((r) => r.generations)).map((g) => [g.id, g]));
      expect(kept.size).toBe(all.flatMap((s) => s.records).length);
      for (const [s, session] of all.entries())
        for (const [i, r] of session.records.entries())
          expect(
            kept.get(`gemini-cli-${s}0000000-0000-4000-8000-${String(i).padStart(12, '0')}`),
          ).toMatchObject({
            createdAt: r.at,
            session: `h(${session.id})`,
            model: r.model,
            promptTokens: r.input + r.tool,
            cachedTokens: Math.floor(r.cached * r.input),
            completionTokens: r.output + r.thoughts,
            reasoningTokens: r.thoughts,
          });
    }),
    { numRuns: 60 },
  );
});
