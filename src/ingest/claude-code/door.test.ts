/** What Claude Code's logs hold, line by line as the tool writes them, and what becomes of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import type { DoorItem, Reject } from '../door.ts';
import { claudeCode, claudeHomes } from './door.ts';

const context = { hashAccount: (name: string) => `a:${name}`, hashSession: (name: string) => `s:${name}` };

async function read(lines: readonly string[], file = 'session.jsonl') {
  async function* numbered() {
    for (const [i, text] of lines.entries()) yield { text, line: i + 1 };
  }
  const items: DoorItem[] = [];
  for await (const item of claudeCode.read(file, numbered(), context)) items.push(item);
  const generations = items.flatMap((item) => ('generation' in item ? [item.generation] : []));
  const rejects: Reject[] = items.flatMap((item) => ('reject' in item ? [item.reject] : []));
  return { items, generations, rejects };
}

const MESSAGE_ID = 'msg_01Qr7Yw3FvTn5LxKcB8sHd2J';

/** One content block of an answer; `over` replaces keys of the entry, of the message and of its usage. */
function entry(over: { top?: object; message?: object; usage?: object } = {}): string {
  return JSON.stringify({
    parentUuid: '0b1f2f6e-7a3c-4c55-9a5e-0d6f9a2b7c11',
    isSidechain: false,
    cwd: '/home/someone/project',
    sessionId: '5f0f3c9e-8f55-4a53-9c1e-2a8d1b7e6a01',
    version: '2.1.63',
    type: 'assistant',
    uuid: '9d3e6b1a-2c47-4f0b-8a1d-6b5c4d3e2f10',
    requestId: 'req_011CWbT4n7Zt9Gk2Rq5LmXvA',
    timestamp: '2026-03-01T10:31:43.399Z',
    message: {
      id: MESSAGE_ID,
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5-20250929',
      content: [{ type: 'text', text: 'Nothing of this may pass the door.' }],
      stop_reason: null,
      usage: {
        input_tokens: 4,
        cache_creation_input_tokens: 427,
        cache_read_input_tokens: 54_615,
        output_tokens: 2_087,
        service_tier: 'standard',
        ...over.usage,
      },
      ...over.message,
    },
    ...over.top,
  });
}

describe('an answer', () => {
  it('becomes a record whose prompt holds what was read from the cache and written to it', async () => {
    const { generations, rejects } = await read([entry({ message: { stop_reason: 'tool_use' } })]);
    expect(rejects).toEqual([]);
    expect(generations).toHaveLength(1);
    expect(generations[0]).toMatchObject({
      id: MESSAGE_ID,
      createdAt: Date.UTC(2026, 2, 1, 10, 31, 43, 399),
      requests: 1,
      account: null,
      app: 'claude-code',
      session: 's:5f0f3c9e-8f55-4a53-9c1e-2a8d1b7e6a01',
      model: 'claude-sonnet-4-5-20250929',
      variant: null,
      provider: null,
      promptTokens: 4 + 427 + 54_615,
      cachedTokens: 54_615,
      cacheWriteTokens: 427,
      completionTokens: 2_087,
      totalTokens: 57_133,
      reasoningTokens: null,
      cost: null,
      byok: null,
      finishReason: 'tool_calls',
      nativeFinishReason: 'tool_use',
      source: 'claude-code',
    });
    expect(JSON.stringify(generations)).not.toContain('Nothing of this');
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['refusal', 'content_filter'],
    ['something_new', null],
  ])('that ended with %s has the reason %s', async (native, reason) => {
    const { generations } = await read([entry({ message: { stop_reason: native } })]);
    expect(generations[0]).toMatchObject({ finishReason: reason, nativeFinishReason: native });
  });

  it('has thinking tokens, a cost, a fast mode and cache writes by time to live where the log has them', async () => {
    const { generations } = await read([
      entry({
        top: { costUSD: 0.0125 },
        usage: {
          cache_creation_input_tokens: undefined,
          cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 7 },
          output_tokens_details: { thinking_tokens: 1_916 },
          speed: 'fast',
        },
      }),
    ]);
    expect(generations[0]).toMatchObject({
      cost: 0.0125,
      cacheWriteTokens: 27,
      reasoningTokens: 1_916,
      variant: 'fast',
    });
  });

  it('keeps unknown what old logs do not have', async () => {
    const usage = { cache_creation_input_tokens: undefined, cache_read_input_tokens: null };
    const { generations } = await read([entry({ usage })]);
    expect(generations[0]).toMatchObject({ promptTokens: 4, cachedTokens: null, cacheWriteTokens: null });
  });

  it('is read at its offset', async () => {
    const { generations } = await read([entry({ top: { timestamp: '2026-03-01T10:31:43+05:30' } })]);
    expect(generations[0]?.createdAt).toBe(Date.UTC(2026, 2, 1, 5, 1, 43));
  });
});

describe('repeats', () => {
  it('of a streamed message are one record with the last counts, at the first time', async () => {
    const at = (second: number) => ({ timestamp: `2026-03-01T23:59:${second}.000Z` });
    const { generations } = await read([
      entry({ top: at(57), usage: { output_tokens: 1 } }),
      '{"type":"user","message":{"role":"user","content":"a tool’s answer"}}',
      entry({ top: at(58), usage: { output_tokens: 2_087 } }),
      entry({ top: at(59), message: { stop_reason: 'end_turn' } }),
    ]);
    expect(generations).toHaveLength(1);
    expect(generations[0]).toMatchObject({
      completionTokens: 2_087,
      createdAt: Date.UTC(2026, 2, 1, 23, 59, 57),
      finishReason: 'stop',
    });
  });

  it('in a resumed session, or replayed in a side chain under another request, have the same id', async () => {
    const [first] = (await read([entry()])).generations;
    const [resumed] = (await read([entry({ top: { sessionId: 'other', uuid: 'other' } })])).generations;
    const [replayed] = (await read([entry({ top: { requestId: 'req_other', isSidechain: true } })]))
      .generations;
    const [bare] = (await read([entry({ top: { requestId: undefined } })])).generations;
    expect([resumed?.id, replayed?.id, bare?.id]).toEqual([first?.id, first?.id, first?.id]);
  });

  it('far apart are given again, with the same id', async () => {
    const others = Array.from({ length: 70 }, (_, i) => entry({ message: { id: `m${i}` } }));
    const { generations } = await read([entry(), ...others, entry()]);
    expect(generations).toHaveLength(72);
    expect(new Set(generations.map((g) => g.id)).size).toBe(71);
  });

  it('are told by message and request where another endpoint counts its messages anew', async () => {
    const { generations } = await read([
      entry({ message: { id: 'msg_1' } }),
      entry({ message: { id: 'msg_1' }, top: { requestId: 'req_2' } }),
    ]);
    expect(generations.map((g) => g.id)).toEqual(['msg_1:req_011CWbT4n7Zt9Gk2Rq5LmXvA', 'msg_1:req_2']);
  });

  it('without any id of the message are told by the entry, else by what they say', async () => {
    const byEntry = await read([entry({ message: { id: undefined } })]);
    expect(byEntry.generations[0]?.id).toBe('9d3e6b1a-2c47-4f0b-8a1d-6b5c4d3e2f10');
    const nameless = entry({ message: { id: null }, top: { uuid: undefined, requestId: undefined } });
    const { generations } = await read([nameless, nameless]);
    expect(generations).toHaveLength(1);
    expect(generations[0]?.id).toMatch(/^claude-code-[0-9a-f]{12}$/);
  });
});

describe('lines that are no answer', () => {
  it('are passed over without a word', async () => {
    const { items } = await read([
      '',
      '   ',
      '{"type":"summary","summary":"about \\"usage\\"","leafUuid":"x"}',
      '{"type":"user","message":{"role":"user","content":"what does \\"usage\\":{ mean?"}}',
      entry({ message: { model: '<synthetic>' } }),
      entry({ top: { isApiErrorMessage: true } }),
      entry({ top: { type: 'user' } }),
      '{"type":"result","usage":{"input_tokens":3}}',
      '{"type":"assistant","message":{"usage":null}}',
      '{"type":"progress","data":{"message":{"message":{"usage":{"input_tokens":3}}}}}',
    ]);
    expect(items).toEqual([]);
  });
});

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
            session: `s:${r.session}`,
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

describe('the homes', () => {
  it('are both defaults, or the configured ones alone', () => {
    expect(claudeHomes({}, '/h')).toEqual(['/h/.claude/projects', '/h/.config/claude/projects']);
    expect(claudeHomes({ XDG_CONFIG_HOME: '/x' }, '/h')).toEqual([
      '/h/.claude/projects',
      '/x/claude/projects',
    ]);
    expect(claudeHomes({ CLAUDE_CONFIG_DIR: ' /a, ~/b ,,/c/projects' }, '/h')).toEqual([
      '/a/projects',
      '/h/b/projects',
      '/c/projects',
    ]);
  });
});
