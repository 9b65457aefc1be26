/** What Codex's logs hold, line by line as the tool writes them, and what becomes of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import type { DoorItem, Reject } from '../door.ts';
import { codex, codexHomes } from './door.ts';

const context = { hashAccount: (name: string) => `a:${name}`, hashSession: (name: string) => `h(${name})` };

async function read(lines: readonly string[], file = 'rollout.jsonl') {
  async function* numbered() {
    for (const [i, text] of lines.entries()) yield { text, line: i + 1 };
  }
  const items: DoorItem[] = [];
  for await (const item of codex.read(file, numbered(), context)) items.push(item);
  const generations = items.flatMap((item) => ('generation' in item ? [item.generation] : []));
  const rejects: Reject[] = items.flatMap((item) => ('reject' in item ? [item.reject] : []));
  return { items, generations, rejects };
}

/** The nth second of the day that these sessions happen on. */
const at = (second: number): string => new Date(Date.UTC(2026, 4, 1, 10, 0, 0) + second * 1000).toISOString();

const line = (second: number, type: string, payload: object): string =>
  JSON.stringify({ timestamp: at(second), type, payload });
const meta = (second: number, id: string, more: object = {}): string =>
  line(second, 'session_meta', {
    id,
    cwd: '/home/someone',
    originator: 'codex_cli_rs',
    model_provider: 'openai',
    ...more,
  });
const turn = (second: number, model: string): string =>
  line(second, 'turn_context', {
    cwd: '/home/someone',
    approval_policy: 'on-request',
    model,
    summary: 'auto',
  });

/** input, cached input, output, reasoning output */
type Four = readonly [number, number, number, number];
const usage = ([input, cached, output, reasoning]: Four) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: output,
  reasoning_output_tokens: reasoning,
  total_tokens: input + output,
});
const counted = (second: number, total: Four, last?: Four): string =>
  line(second, 'event_msg', {
    type: 'token_count',
    info: {
      total_token_usage: usage(total),
      ...(last ? { last_token_usage: usage(last) } : {}),
      model_context_window: 272_000,
    },
    rate_limits: { primary: { used_percent: 3.0, window_minutes: 300 } },
  });

const ID = '0199a213-81a0-7c20-9b1e-3f2d5c6b7a80';
const opening = [meta(0, ID), turn(1, 'gpt-5-codex')];
const tokens = (generations: readonly Generation[]) =>
  generations.map((g) => [g.promptTokens, g.cachedTokens, g.completionTokens, g.reasoningTokens]);

describe('a session', () => {
  it('gives one record for each growth of the total', async () => {
    const { generations, rejects } = await read([
      ...opening,
      line(1, 'event_msg', { type: 'token_count', info: null, rate_limits: {} }),
      counted(5, [1000, 100, 200, 20], [1000, 100, 200, 20]),
      counted(9, [3000, 1100, 500, 60], [2000, 1000, 300, 40]),
    ]);
    expect(rejects).toEqual([]);
    expect(tokens(generations)).toEqual([
      [1000, 100, 200, 20],
      [2000, 1000, 300, 40],
    ]);
    expect(generations[0]).toMatchObject({
      id: `codex-h(${ID}):1000-100-200-20`,
      createdAt: Date.parse(at(5)),
      requests: 1,
      app: 'codex',
      session: `h(${ID})`,
      model: 'gpt-5-codex',
      provider: 'openai',
      totalTokens: 1200,
      cacheWriteTokens: null,
      cost: null,
      finishReason: null,
      source: 'codex',
    });
  });

  it('counts a total once, however often it is repeated for the rate limits', async () => {
    const { generations } = await read([
      ...opening,
      counted(5, [1000, 100, 200, 20], [1000, 100, 200, 20]),
      counted(6, [1000, 100, 200, 20], [1000, 100, 200, 20]),
      counted(60, [1000, 100, 200, 20], [1000, 100, 200, 20]),
      counted(61, [1500, 600, 250, 20], [500, 500, 50, 0]),
      counted(62, [1500, 600, 250, 20], [500, 500, 50, 0]),
    ]);
    expect(tokens(generations)).toEqual([
      [1000, 100, 200, 20],
      [500, 500, 50, 0],
    ]);
  });

  it('needs no last request', async () => {
    const totals: Four[] = [
      [1000, 100, 200, 20],
      [3000, 1100, 500, 60],
    ];
    const { generations } = await read([...opening, ...totals.map((t, i) => counted(5 + i, t))]);
    expect(tokens(generations)[1]).toEqual([2000, 1000, 300, 40]);
  });

  it('goes on when the total begins anew, below the old one or above it', async () => {
    const { generations } = await read([
      ...opening,
      counted(5, [5000, 0, 500, 0], [5000, 0, 500, 0]),
      counted(9, [1000, 0, 100, 0], [1000, 0, 100, 0]),
      counted(12, [3000, 0, 900, 0], [2000, 0, 800, 0]),
      counted(20, [9000, 0, 950, 0], [9000, 0, 950, 0]),
    ]);
    expect(tokens(generations).map(([input]) => input)).toEqual([5000, 1000, 2000, 9000]);
    expect(generations.map((g) => g.requests)).toEqual([1, 1, 1, 1]);
    expect(new Set(generations.map((g) => g.id)).size).toBe(4);
  });

  it('does not count the mark of a full context window as use', async () => {
    const { generations } = await read([
      ...opening,
      counted(5, [5000, 0, 500, 0], [5000, 0, 500, 0]),
      line(6, 'event_msg', {
        type: 'token_count',
        info: {
          total_token_usage: { ...usage([0, 0, 0, 0]), total_tokens: 272_000 },
          last_token_usage: { ...usage([0, 0, 0, 0]), total_tokens: 266_500 },
        },
      }),
      counted(9, [700, 0, 70, 0], [700, 0, 70, 0]),
    ]);
    expect(tokens(generations).map(([input]) => input)).toEqual([5000, 700]);
  });

  it('does not know for how many requests a growth stands that is more than the last one', async () => {
    const { generations } = await read([
      ...opening,
      counted(5, [1000, 0, 100, 0], [1000, 0, 100, 0]),
      counted(9, [6000, 0, 900, 0], [2000, 0, 300, 0]),
    ]);
    expect(generations[1]).toMatchObject({ promptTokens: 5000, completionTokens: 800, requests: null });
  });

  it('takes the model named last before the count, and knows none where none is named', async () => {
    const { generations } = await read([
      meta(0, ID),
      counted(1, [10, 0, 1, 0]),
      turn(2, 'GPT-5-Codex'),
      counted(3, [20, 0, 2, 0]),
      turn(4, 'openai/gpt-oss-120b:free'),
      counted(5, [30, 0, 3, 0]),
    ]);
    expect(generations.map((g) => [g.model, g.variant])).toEqual([
      ['unknown', null],
      ['gpt-5-codex', null],
      ['openai/gpt-oss-120b', 'free'],
    ]);
  });

  it('is named after its file where the log does not name it', async () => {
    const { generations } = await read(
      [counted(1, [10, 0, 1, 0])],
      `/x/rollout-2026-05-01T10-00-00-${ID}.jsonl.zst`,
    );
    expect(generations[0]?.session).toBe(`h(${ID})`);
  });
});

describe('a copied history', () => {
  const CHILD = '0199a300-0000-7000-8000-0000000000c1';
  const GRANDCHILD = '0199a400-0000-7000-8000-0000000000c2';
  const steps: Four[] = [
    [1000, 100, 200, 20],
    [3000, 1100, 500, 60],
  ];
  const parent = [...opening, ...steps.map((total, i) => counted(5 + i * 5, total))];
  /** As a fork writes it: its own head, then the parent's whole log at the time of the fork. */
  const copyOf = (log: readonly string[], second: number): string[] =>
    log.map((text, i) => JSON.stringify({ ...JSON.parse(text), timestamp: at(second + i / 1000) }));

  it('has the ids of the original, and only what is new has new ones', async () => {
    const fork = [
      meta(600, CHILD, { forked_from_id: ID }),
      ...copyOf(parent, 600),
      counted(610, [3600, 1300, 550, 60]),
    ];
    const nested = [
      meta(900, GRANDCHILD, { forked_from_id: CHILD }),
      ...copyOf(fork, 900),
      counted(910, [4000, 1300, 600, 60]),
    ];
    const original = (await read(parent)).generations;
    const forked = (await read(fork)).generations;
    const deeper = (await read(nested)).generations;
    expect(forked.slice(0, 2).map((g) => g.id)).toEqual(original.map((g) => g.id));
    expect(deeper.slice(0, 3).map((g) => g.id)).toEqual(forked.map((g) => g.id));
    expect(new Set([...original, ...forked, ...deeper].map((g) => g.id)).size).toBe(4);
    expect(tokens(deeper)[3]).toEqual([400, 0, 50, 0]);
    expect(forked[2]?.session).toBe(`h(${CHILD})`);
  });

  it('is recognised without the parent’s head, by the fork’s own or by being written at once', async () => {
    const original = (await read(parent)).generations.map((g) => g.id);
    const events = copyOf(parent.slice(1), 600);
    const spawned = { source: { subagent: { thread_spawn: { parent_thread_id: ID, depth: 1 } } } };
    for (const head of [{ forked_from_id: ID }, spawned]) {
      const { generations } = await read([
        meta(600, CHILD, head),
        ...events,
        counted(610, [3600, 1300, 550, 60]),
      ]);
      expect(generations.slice(0, 2).map((g) => g.id)).toEqual(original);
      expect(original).not.toContain(generations[2]?.id);
    }
  });

  it('of a sub-agent is not suspected where it begins with work of its own', async () => {
    const spawned = { source: { subagent: { thread_spawn: { parent_thread_id: ID, depth: 1 } } } };
    const { generations } = await read([
      meta(600, CHILD, spawned),
      turn(601, 'gpt-5'),
      counted(606, steps[0] as Four),
    ]);
    expect(generations[0]?.id).toBe(`codex-h(${CHILD}):1000-100-200-20`);
  });

  it('that begins in the middle is counted by the last request', async () => {
    const { generations } = await read([
      meta(600, CHILD, { forked_from_id: ID }),
      counted(610, [903_000, 800_000, 9000, 100], [3000, 1000, 400, 10]),
    ]);
    expect(tokens(generations)).toEqual([[3000, 1000, 400, 10]]);
  });
});

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

describe('the homes', () => {
  it('are the sessions and the archived sessions', () => {
    expect(codexHomes({}, '/h')).toEqual(['/h/.codex/sessions', '/h/.codex/archived_sessions']);
    expect(codexHomes({ CODEX_HOME: '~/c' }, '/h')).toEqual(['/h/c/sessions', '/h/c/archived_sessions']);
  });
});
