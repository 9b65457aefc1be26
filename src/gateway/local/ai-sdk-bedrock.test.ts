/** Bedrock through the AI SDK: its own words, its binary framing, its errors. */
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import { describe, expect, it } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { all, call, deltas, upstreamOf, user } from './ai-sdk.fixture.ts';
import type { SdkProviderSettings } from './ai-sdk.ts';

const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const bedrock: SdkProviderSettings = { kind: 'bedrock', region: 'eu-central-1' };
const converse = {
  output: {
    message: {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'Easy.', signature: 'sig-1' } } },
        { text: 'Two.' },
        { toolUse: { toolUseId: 'tu_1', name: 'note', input: { n: 2 } } },
      ],
    },
  },
  stopReason: 'tool_use',
  usage: {
    inputTokens: 20,
    outputTokens: 9,
    totalTokens: 129,
    cacheReadInputTokens: 90,
    cacheWriteInputTokens: 10,
  },
  metrics: { latencyMs: 5 },
};

/** Events in AWS's binary framing. */
function eventStream(events: [string, unknown][]): Response {
  const codec = new EventStreamCodec(toUtf8, fromUtf8);
  const frames = events.map(([type, payload]) =>
    codec.encode({
      headers: {
        ':message-type': { type: 'string', value: 'event' },
        ':event-type': { type: 'string', value: type },
        ':content-type': { type: 'string', value: 'application/json' },
      },
      body: fromUtf8(JSON.stringify(payload)),
    }),
  );
  return new Response(Buffer.concat(frames), {
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
  });
}

describe('Bedrock', () => {
  it('answers as a chat completion, its cache counted once', async () => {
    const { upstream, seen } = upstreamOf(bedrock, () => Response.json(converse));
    const completion = await upstream.generate(
      user([{ type: 'text', text: '1+1?', cache_control: { type: 'ephemeral' } }]),
      call(CLAUDE),
    );
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer k-1');
    expect(objectsOf(seen[0]?.body.messages)).toEqual([
      { role: 'user', content: [{ text: '1+1?' }, { cachePoint: { type: 'default' } }] },
    ]);
    expect(completion).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          native_finish_reason: 'tool_use',
          message: {
            content: 'Two.',
            reasoning: 'Easy.',
            reasoning_details: [
              { type: 'reasoning.text', text: 'Easy.', signature: 'sig-1', format: 'anthropic-claude-v1' },
            ],
            tool_calls: [{ id: 'tu_1', function: { name: 'note', arguments: '{"n":2}' } }],
          },
        },
      ],
      // 20 + 90 read + 10 written.
      usage: {
        prompt_tokens: 120,
        completion_tokens: 9,
        prompt_tokens_details: { cached_tokens: 90, cache_write_tokens: 10 },
      },
    });
  });

  it('streams from its binary framing, and gets signatures back', async () => {
    const { upstream } = upstreamOf(bedrock, () =>
      eventStream([
        ['messageStart', { role: 'assistant' }],
        ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: 'Ea' } } }],
        ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: 'sy.' } } }],
        ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { signature: 'sig-1' } } }],
        ['contentBlockStop', { contentBlockIndex: 0 }],
        ['contentBlockDelta', { contentBlockIndex: 1, delta: { text: 'Two.' } }],
        ['contentBlockStop', { contentBlockIndex: 1 }],
        [
          'contentBlockStart',
          { contentBlockIndex: 2, start: { toolUse: { toolUseId: 'tu_1', name: 'note' } } },
        ],
        ['contentBlockDelta', { contentBlockIndex: 2, delta: { toolUse: { input: '{"n":' } } }],
        ['contentBlockDelta', { contentBlockIndex: 2, delta: { toolUse: { input: '2}' } } }],
        ['contentBlockStop', { contentBlockIndex: 2 }],
        ['messageStop', { stopReason: 'tool_use' }],
        ['metadata', { usage: converse.usage, metrics: { latencyMs: 5 } }],
      ]),
    );
    const tools = [{ type: 'function', function: { name: 'note', parameters: { type: 'object' } } }];
    const chunks = await all(upstream.stream({ ...user('1+1?'), tools }, call(CLAUDE)));
    const seen = deltas(chunks);
    expect(seen.map((d) => d.content ?? '').join('')).toBe('Two.');
    expect(seen.map((d) => d.reasoning ?? '').join('')).toBe('Easy.');
    const calls = seen.flatMap((d) => objectsOf(d.tool_calls));
    expect(calls.map((c) => objectOf(c.function).arguments ?? '').join('')).toBe('{"n":2}');
    const details = seen.flatMap((d) => objectsOf(d.reasoning_details));
    expect(details.map((d) => d.signature ?? '').join('')).toBe('sig-1');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 120, completion_tokens: 9 } });

    const again = upstreamOf(bedrock, () => Response.json(converse));
    const history: JsonObject[] = [
      { role: 'user', content: '1+1?' },
      {
        role: 'assistant',
        content: 'Two.',
        reasoning_details: [
          {
            type: 'reasoning.text',
            text: 'Easy.',
            signature: 'sig-1',
            format: 'anthropic-claude-v1',
            index: 0,
          },
        ],
        tool_calls: [{ id: 'tu_1', type: 'function', function: { name: 'note', arguments: '{"n":2}' } }],
      },
      { role: 'tool', tool_call_id: 'tu_1', content: 'noted' },
    ];
    await again.upstream.generate({ messages: history, tools }, call(CLAUDE));
    expect(objectsOf(again.seen[0]?.body.messages)[1]).toMatchObject({
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'Easy.', signature: 'sig-1' } } },
        { text: 'Two.' },
        { toolUse: { toolUseId: 'tu_1', name: 'note', input: { n: 2 } } },
      ],
    });
  });

  it('tells an error that comes inside a stream', async () => {
    const { upstream } = upstreamOf(bedrock, () =>
      Response.json(
        { message: 'Too many tokens, please wait' },
        { status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' } },
      ),
    );
    await expect(all(upstream.stream(user('x'), call(CLAUDE)))).rejects.toMatchObject({
      status: 429,
      kind: 'rate_limited',
      clientMessage: 'Too many tokens, please wait',
    });
  });
});
