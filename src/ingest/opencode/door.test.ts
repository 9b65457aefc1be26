/** What OpenCode keeps, as files or as a database, and what becomes of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { context, keep } from '../door.fixture.ts';
import { readAnswer } from './answer.ts';
import { opencode } from './door.ts';
import {
  type Message,
  message,
  read,
  stored,
  writeDatabase,
  writeFiles,
  writeVersion2,
} from './store.fixture.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'opencode-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const path = (name: string) => join(root, name);
const WAYS: Record<string, (messages: readonly Message[]) => string[]> = {
  files: (messages) => writeFiles(root, messages),
  'a database': (messages) => {
    writeDatabase(path('opencode.db'), messages);
    return [path('opencode.db')];
  },
  'a database of version 2': (messages) => {
    writeVersion2(path('opencode-next.db'), messages);
    return [path('opencode-next.db')];
  },
};
const readAll = async (files: readonly string[]) => {
  const found = await Promise.all(files.map(read));
  return { generations: found.flatMap((f) => f.generations), rejects: found.flatMap((f) => f.rejects) };
};

describe.each(Object.keys(WAYS))('%s', (way) => {
  const through = async (...messages: Message[]) => readAll(WAYS[way]?.(messages) ?? []);

  it('give a record for each answer', async () => {
    const { generations, rejects } = await through(message());
    expect(rejects).toEqual([]);
    expect(generations).toHaveLength(1);
    expect(generations[0]).toMatchObject({
      createdAt: Date.UTC(2026, 1, 3, 4, 5, 6, 789),
      app: 'opencode',
      source: 'opencode',
      session: 'h(ses_1)',
      model: 'claude-sonnet-4-5',
      provider: 'anthropic',
      promptTokens: 5710,
      cachedTokens: 5000,
      cacheWriteTokens: 700,
      completionTokens: 200,
      totalTokens: 5910,
      cost: 0.0123,
      finishReason: 'tool_calls',
      nativeFinishReason: 'tool-calls',
    });
    expect(JSON.stringify(generations)).not.toContain('Nothing of this');
  });

  it('count a fork’s copies once', async () => {
    const { generations } = await through(
      message(),
      message({ id: 'msg_b1', session: 'ses_2' }),
      message({ id: 'msg_b2', session: 'ses_2', created: message().created + 1 }),
    );
    expect(keep(generations)).toHaveLength(2);
  });

  it('do not know a cost of 0, and skip what has used nothing', async () => {
    const nothing = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
    const { generations } = await through(
      message({ cost: 0 }),
      message({ id: 'msg_a2', tokens: nothing, error: 'APIError' }),
    );
    expect(generations.map((g) => g.cost)).toEqual([null]);
  });

  it('tell which answer was broken off', async () => {
    const { generations } = await through(message({ error: 'MessageAbortedError' }));
    expect(generations[0]?.cancelled).toBe(true);
    expect(JSON.stringify(generations)).not.toContain('Nothing of this');
  });
});

describe.each(['files', 'a database'])('an answer in steps, in %s', (way) => {
  const tokens = (output: number) => ({
    input: 3,
    output,
    reasoning: 0,
    cache: { read: 100 * output, write: 0 },
  });
  const steps = [1, 2, 4].map((n) => ({
    tokens: tokens(n),
    cost: n / 100,
    reason: n === 4 ? 'stop' : 'tool-calls',
  }));

  it('is a record for each of them, as the message has the last one’s tokens alone', async () => {
    const { generations } = await readAll(
      WAYS[way]?.([message({ tokens: tokens(4), cost: 0.07, steps })]) ?? [],
    );
    expect(generations.map((g) => [g.completionTokens, g.cachedTokens, g.cost, g.finishReason])).toEqual([
      [1, 100, 0.01, 'tool_calls'],
      [2, 200, 0.02, 'tool_calls'],
      [4, 400, 0.04, 'stop'],
    ]);
    expect(new Set(generations.map((g) => g.id)).size).toBe(3);
  });
});

it('an update that moves messages into another table or store changes no id', async () => {
  const all = [message(), message({ id: 'msg_a2', created: message().created + 5 })];
  const ids = await Promise.all(
    Object.values(WAYS).map(async (write) => (await readAll(write(all))).generations.map((g) => g.id).sort()),
  );
  expect(ids[1]).toEqual(ids[0]);
  expect(ids[2]).toEqual(ids[0]);
});

describe('reasoning', () => {
  const completion = (provider: string, output: number, reasoning: number, total?: number) => {
    const tokens = { input: 10, output, reasoning, total, cache: { read: 0, write: 0 } };
    const entry = { sessionID: 's', ...stored(message({ provider, tokens: tokens as Message['tokens'] })) };
    return readAnswer(entry, [], context, [])[0]?.completionTokens;
  };
  it('is counted once, whether the output has it within or beside', () => {
    // The total tells, where it is given.
    expect(completion('openai', 300, 200, 510)).toBe(500);
    expect(completion('openai', 300, 200, 310)).toBe(300);
    // Without a total: the interfaces of older versions had it within, except for Google's.
    expect(completion('openai', 300, 200)).toBe(300);
    expect(completion('google', 300, 200)).toBe(500);
    expect(completion('openrouter', 12, 365)).toBe(377);
  });
});

describe('what cannot be used', () => {
  it('is rejected with its row, the field and the value; the others are kept', async () => {
    const data = (over: object) => JSON.stringify({ ...stored(message()), ...over });
    writeDatabase(
      path('opencode.db'),
      [message()],
      [
        '{"role":"assistant" secret',
        data({ tokens: { ...message().tokens, input: -1 } }),
        data({ tokens: { input: 'secret' } }),
        data({ modelID: undefined }),
        data({ time: { created: 5 } }),
        data({ cost: 'secret' }),
        '[]',
        'null',
      ],
    );
    const { generations, rejects } = await read(path('opencode.db'));
    expect(generations).toHaveLength(1);
    expect(rejects.map((r) => r.reason)).toEqual([
      'message: the data is broken JSON',
      expect.stringContaining('tokens.input is -1'),
      expect.stringContaining('tokens.input is a string of 6 characters'),
      'message: modelID is missing',
      expect.stringContaining('time.created is 1970-01-01'),
      expect.stringContaining('cost is a string of 6 characters'),
    ]);
    expect(JSON.stringify(rejects)).not.toContain('secret');
  });

  it('a file that is no database, another program’s or a cut one fails with the reason', async () => {
    writeFileSync(path('opencode.db'), 'no database at all, but long enough to look at. '.repeat(20));
    await expect(read(path('opencode.db'))).rejects.toMatchObject({ code: 'damaged_file' });
    new DatabaseSync(path('opencode-other.db')).exec('CREATE TABLE note (text)');
    await expect(read(path('opencode-other.db'))).rejects.toMatchObject({ code: 'not_opencode' });
    await expect(read(path('absent.db'))).rejects.toThrow(/absent\.db/);
  });

  it('a cut file of a message is rejected', async () => {
    const [file] = writeFiles(root, [message()]);
    writeFileSync(file as string, JSON.stringify(stored(message()), null, 2).slice(0, 200));
    expect((await read(file as string)).rejects).toMatchObject([{ line: 1 }]);
  });

  it('never throws nor invents numbers, whatever JSON a message holds', () => {
    const number = fc.oneof(fc.nat(), fc.double(), fc.jsonValue());
    const any = fc.record({
      tokens: fc.oneof(
        fc.jsonValue(),
        fc.record({ input: number, output: number, reasoning: number, total: number, cache: fc.jsonValue() }),
      ),
      time: fc.oneof(fc.jsonValue(), fc.constant({ created: 1.77e12 })),
      modelID: fc.oneof(fc.constant('m'), fc.jsonValue()),
      cost: number,
      error: fc.jsonValue(),
      model: fc.jsonValue(),
    });
    fc.assert(
      fc.property(any, (entry) => {
        for (const g of readAnswer(entry as Record<string, unknown>, [], context, [])) {
          expect(Number.isSafeInteger(g.totalTokens) && g.totalTokens > 0).toBe(true);
          expect(g.totalTokens).toBe((g.promptTokens ?? 0) + (g.completionTokens ?? 0));
        }
      }),
    );
  });
});

it('only messages and databases are looked at, never keys or text', () => {
  const data = '/h/.local/share/opencode';
  expect(opencode.homes({}, '/h')).toEqual([data]);
  expect(opencode.homes({ XDG_DATA_HOME: '/d' }, '/h')).toEqual(['/d/opencode']);
  expect(
    [
      'opencode.db',
      'opencode-dev.db',
      'storage/message/ses_1/msg_1.json',
      'auth.json',
      'storage/part/msg_1/prt_1.json',
      'storage/session/x/ses_1.json',
      'snapshot/x.db',
    ].map((name) => opencode.isLog?.(`${data}/${name}`)),
  ).toEqual([true, true, true, false, false, false, false]);
});

it('records written in either way come back the same, shuffled, forked and in two stores at once', async () => {
  const count = fc.integer({ min: 0, max: 500_000 });
  const record = fc.record({
    created: fc.integer({ min: Date.UTC(2025, 6, 1), max: Date.UTC(2026, 5, 30) }),
    session: fc.constantFrom('ses_1', 'ses_2'),
    model: fc.constantFrom('claude-opus-4-5', 'gpt-5.1', 'gemini-3-pro-preview', 'x/y:free'),
    provider: fc.constantFrom('anthropic', 'openai', 'google', 'github-copilot'),
    input: fc.integer({ min: 1, max: 100_000 }),
    output: count,
    reasoning: count,
    read: count,
    write: count,
    cost: fc.double({ min: 0.001, max: 9, noNaN: true }),
    finish: fc.constantFrom('stop', 'tool-calls', 'length'),
    forks: fc.integer({ min: 0, max: 2 }),
  });
  const records = fc.uniqueArray(record, { minLength: 1, maxLength: 8, selector: (r) => r.created });
  const written = records.chain((all) => {
    const messages = all.flatMap((r, i) => {
      const { input, output, reasoning, read, write } = r;
      const total = input + output + reasoning + read + write;
      const tokens = { total, input, output, reasoning, cache: { read, write } };
      return Array.from({ length: r.forks + 1 }, (_, n) =>
        message({ ...r, tokens, id: `msg_${i}_${n}`, session: n === 0 ? r.session : `ses_fork_${n}` }),
      );
    });
    const cut = fc.integer({ min: 0, max: messages.length });
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(messages, { minLength: messages.length }), cut);
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(written, async ([all, messages, cut]) => {
      const here = path(`run-${run++}`);
      const database = `${here}.db`;
      writeDatabase(database, messages.slice(0, cut));
      const { generations, rejects } = await readAll([
        database,
        ...writeFiles(here, messages.slice(cut)),
        database,
      ]);
      expect(rejects).toEqual([]);
      const kept: Generation[] = keep(generations);
      expect(kept).toHaveLength(all.length);
      for (const [i, r] of all.toSorted((a, b) => a.created - b.created).entries())
        expect(kept[i]).toMatchObject({
          createdAt: r.created,
          model: r.model.replace(':free', ''),
          provider: r.provider,
          promptTokens: r.input + r.read + r.write,
          cachedTokens: r.read,
          cacheWriteTokens: r.write,
          completionTokens: r.output + r.reasoning,
          reasoningTokens: r.reasoning,
          cost: r.cost,
          nativeFinishReason: r.finish,
        });
    }),
    { numRuns: 25 },
  );
});
