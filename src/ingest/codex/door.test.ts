/** What Codex's logs hold, line by line as the tool writes them, and what becomes of it. */
import { describe, expect, it } from 'vitest';
import { codexHomes } from './door.ts';
import { at, counted, type Four, ID, line, meta, opening, read, tokens, turn, usage } from './log.fixture.ts';

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

describe('the homes', () => {
  it('are the sessions and the archived sessions', () => {
    expect(codexHomes({}, '/h')).toEqual(['/h/.codex/sessions', '/h/.codex/archived_sessions']);
    expect(codexHomes({ CODEX_HOME: '~/c' }, '/h')).toEqual(['/h/c/sessions', '/h/c/archived_sessions']);
  });
});
