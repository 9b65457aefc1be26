/** What Claude Code's logs hold, line by line as the tool writes them, and what becomes of it. */
import { describe, expect, it } from 'vitest';
import { claudeHomes } from './door.ts';
import { entry, MESSAGE_ID, read } from './entry.fixture.ts';

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
      session: 'h(5f0f3c9e-8f55-4a53-9c1e-2a8d1b7e6a01)',
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

it('a note on how a sub-agent gets on tells of its answer, which its own log may tell of too', async () => {
  const answer = JSON.parse(entry({ top: { sessionId: undefined } })) as object;
  const note = (data: object) => JSON.stringify({ type: 'progress', sessionId: 's', data });
  const { generations } = await read([
    note({ type: 'agent_progress', agentId: 'a', message: answer }),
    note({ type: 'bash_progress', message: { ...answer, uuid: 'x' } }),
    entry(),
  ]);
  expect(generations.map((g) => [g.id, g.session])).toEqual([[MESSAGE_ID, 'h(s)']]);
});

it('what an answer says, however long and whatever it looks like, changes nothing', async () => {
  const short = await read([entry()]);
  const long = 'x'.repeat(2000);
  const contents = [
    [{ type: 'text', text: `${long}],"stop_reason":"x","usage":{"input_tokens":9}` }],
    [{ type: 'tool_use', input: { content: [long], stop_reason: 'x', usage: { input_tokens: 9 } } }],
    [{ content: [{ content: [long], list: [1] }], list: [2], stop_reason: 'x' }, long],
  ];
  for (const content of contents)
    for (const usage of [
      {},
      { list: [1], stop_reason: 'x' },
      { iterations: [{ content: [long], stop_reason: 'x' }] },
    ])
      expect((await read([entry({ message: { content }, usage })])).items).toEqual(short.items);
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
