import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import type { JsonObject, LocalCall, LocalUpstream } from '../contract.ts';
import { chatStreamToMessages } from '../translate/chat-stream-to-messages.ts';
import { aiSdkUpstream, type SdkProviderSettings } from './ai-sdk.ts';

interface Seen {
  url: string;
  headers: Headers;
  body: JsonObject;
}

/** An upstream whose provider answers with `answer`, and what it was asked. */
function upstreamOf(
  settings: SdkProviderSettings,
  answer: () => Response | Promise<Response>,
): { upstream: LocalUpstream; seen: Seen[] } {
  const seen: Seen[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    seen.push({
      url: String(url),
      headers: new Headers(init?.headers),
      body: JSON.parse(String(init?.body)) as JsonObject,
    });
    init?.signal?.throwIfAborted();
    return answer();
  };
  return { upstream: aiSdkUpstream({ ...settings, fetch: fetch as typeof globalThis.fetch }), seen };
}

const call = (model: string, more: Partial<LocalCall> = {}): LocalCall => ({
  model,
  signal: new AbortController().signal,
  apiKey: 'k-1',
  ...more,
});
const all = async (chunks: AsyncIterable<JsonObject>): Promise<JsonObject[]> => {
  const out: JsonObject[] = [];
  for await (const chunk of chunks) out.push(chunk);
  return out;
};
const deltas = (chunks: JsonObject[]): JsonObject[] =>
  chunks.flatMap((c) => objectsOf(c.choices).map((choice) => objectOf(choice.delta)));
const user = (content: string | JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });

const geminiUsage = {
  promptTokenCount: 120,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 30,
  cachedContentTokenCount: 100,
  totalTokenCount: 170,
};
const geminiParts = [
  { text: 'Two places.', thought: true },
  { text: 'I check both.' },
  { functionCall: { name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: 'c2lnLW9zbG8=' },
  { functionCall: { name: 'weather', args: { city: 'Lima' } } },
];
const gemini = (parts: unknown[], finishReason?: string): unknown => ({
  candidates: [{ content: { role: 'model', parts }, ...(finishReason ? { finishReason } : {}), index: 0 }],
  usageMetadata: geminiUsage,
  modelVersion: 'gemini-2.5-pro',
  responseId: 'resp-7',
});

describe('Gemini', () => {
  const whole = () => Response.json(gemini(geminiParts, 'STOP'));

  it('is asked in its own words', async () => {
    const { upstream, seen } = upstreamOf({ kind: 'google' }, whole);
    await upstream.generate(
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Weather?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } },
            ],
          },
        ],
        max_tokens: 500,
        temperature: 0.2,
        stop: 'END',
        seed: 4,
        reasoning: { max_tokens: 2048 },
        tools: [
          { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
        ],
        tool_choice: 'required',
        response_format: { type: 'json_object' },
      },
      call('gemini-2.5-pro'),
    );
    expect(seen[0]?.url).toContain('/models/gemini-2.5-pro:generateContent');
    expect(seen[0]?.headers.get('x-goog-api-key')).toBe('k-1');
    expect(seen[0]?.body).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        {
          role: 'user',
          parts: [{ text: 'Weather?' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw==' } }],
        },
      ],
      generationConfig: {
        maxOutputTokens: 500,
        temperature: 0.2,
        stopSequences: ['END'],
        seed: 4,
        responseMimeType: 'application/json',
        thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 },
      },
      tools: [{ functionDeclarations: [{ name: 'weather' }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY' } },
    });
  });

  it('answers as a chat completion', async () => {
    const { upstream } = upstreamOf({ kind: 'google' }, whole);
    const completion = await upstream.generate(user('Weather?'), call('gemini-2.5-pro'));
    const choice = objectsOf(completion.choices)[0] as JsonObject;
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      native_finish_reason: 'STOP',
      message: {
        role: 'assistant',
        content: 'I check both.',
        reasoning: 'Two places.',
        tool_calls: [
          { type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
          { type: 'function', function: { name: 'weather', arguments: '{"city":"Lima"}' } },
        ],
      },
    });
    // Gemini counts thoughts apart from the candidates: 20 + 30.
    expect(completion).toMatchObject({
      system_fingerprint: null,
      usage: {
        prompt_tokens: 120,
        completion_tokens: 50,
        total_tokens: 170,
        prompt_tokens_details: { cached_tokens: 100 },
        completion_tokens_details: { reasoning_tokens: 30 },
      },
    });
  });

  const events = [
    gemini(geminiParts.slice(0, 1)),
    gemini(geminiParts.slice(1, 2)),
    gemini(geminiParts.slice(2), 'STOP'),
  ]
    .map((e) => `data: ${JSON.stringify(e)}\r\n\r\n`)
    .join('');
  const stream = () => new Response(events, { headers: { 'content-type': 'text/event-stream' } });

  it('streams chunks that say the same', async () => {
    const { upstream, seen } = upstreamOf({ kind: 'google' }, stream);
    const chunks = await all(upstream.stream(user('Weather?'), call('gemini-2.5-pro')));
    expect(seen[0]?.url).toContain(':streamGenerateContent?alt=sse');
    expect(deltas(chunks)[0]).toEqual({ role: 'assistant', content: '' });
    expect(
      deltas(chunks)
        .map((d) => d.content ?? '')
        .join(''),
    ).toBe('I check both.');
    expect(
      deltas(chunks)
        .map((d) => d.reasoning ?? '')
        .join(''),
    ).toBe('Two places.');
    const calls = deltas(chunks).flatMap((d) => objectsOf(d.tool_calls));
    for (const [index, city] of ['Oslo', 'Lima'].entries()) {
      const own = calls.filter((c) => c.index === index);
      expect(own[0]).toMatchObject({ type: 'function', function: { name: 'weather' } });
      const text = own.map((c) => objectOf(c.function).arguments ?? '').join('');
      expect(JSON.parse(text)).toEqual({ city });
    }
    for (const chunk of chunks)
      for (const choice of objectsOf(chunk.choices)) expect(choice).toHaveProperty('finish_reason');
    expect(chunks.at(-2)).toMatchObject({
      choices: [{ finish_reason: 'tool_calls', native_finish_reason: 'STOP' }],
    });
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 120, completion_tokens: 50 },
    });
  });

  it('gets its thought signatures back, also through an Anthropic client', async () => {
    const { upstream } = upstreamOf({ kind: 'google' }, whole);
    const completion = await upstream.generate(user('Weather?'), call('gemini-2.5-pro'));
    const message = objectOf(objectsOf(completion.choices)[0]?.message);
    const results = objectsOf(message.tool_calls).map(
      (c): JsonObject => ({
        role: 'tool',
        tool_call_id: c.id as string,
        content: 'sunny',
      }),
    );
    const second = upstreamOf({ kind: 'google' }, whole);
    const messages = [...objectsOf(user('Weather?').messages), message, ...results];
    await second.upstream.generate({ messages }, call('gemini-2.5-pro'));
    const contents = objectsOf(second.seen[0]?.body.contents);
    expect(objectsOf(contents[1]?.parts)).toMatchObject([
      { text: 'Two places.', thought: true },
      { text: 'I check both.' },
      { functionCall: { name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: 'c2lnLW9zbG8=' },
      { functionCall: { name: 'weather', args: { city: 'Lima' } } },
    ]);
    expect(objectsOf(contents[2]?.parts)).toMatchObject([
      { functionResponse: { name: 'weather' } },
      { functionResponse: { name: 'weather' } },
    ]);

    const streamed = upstreamOf({ kind: 'google' }, stream);
    const client = chatStreamToMessages();
    const out = (await all(streamed.upstream.stream(user('Weather?'), call('gemini-2.5-pro')))).flatMap((c) =>
      client.push({ event: null, data: JSON.stringify(c) }),
    );
    expect(out.some((e) => e.data.includes('redacted_thinking'))).toBe(true);
  });

  it('refuses what it cannot say by the name of the field, before anything is sent', async () => {
    const { upstream, seen } = upstreamOf({ kind: 'google' }, whole);
    const link = user([{ type: 'image_url', image_url: { url: 'https://example.com/secret.png' } }]);
    const fetchless = upstreamOf({ kind: 'bedrock', region: 'eu-central-1' }, whole);
    await expect(fetchless.upstream.generate(link, call('amazon.nova-pro-v1:0'))).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('messages[0].content[0].image_url.url'),
    });
    await expect(upstream.generate({ ...user('x'), n: 3 }, call('g'))).rejects.toThrow('n must be 1');
    expect([...seen, ...fetchless.seen]).toEqual([]);
  });

  it('tells an error of the provider by status, and keeps no prompt in it', async () => {
    const answer = () =>
      Response.json(
        { error: { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED' } },
        { status: 429, headers: { 'retry-after': '7' } },
      );
    const { upstream } = upstreamOf({ kind: 'google' }, answer);
    for (const run of [
      () => upstream.generate(user('my secret prompt'), call('gemini-2.5-pro')),
      () => all(upstream.stream(user('my secret prompt'), call('gemini-2.5-pro'))),
    ]) {
      const error = await run().then(
        () => null,
        (thrown: Error) => thrown,
      );
      expect(error).toMatchObject({
        upstream: 'answer',
        status: 429,
        kind: 'rate_limited',
        clientMessage: 'Quota exceeded',
        message: 'The provider answered with status 429',
        headers: { 'retry-after': '7' },
      });
      expect(error?.cause).toBeUndefined();
      expect(JSON.stringify(error)).not.toContain('secret');
    }
  });

  it('repeats nothing of an answer that it cannot read', async () => {
    const { upstream } = upstreamOf(
      { kind: 'google' },
      () => new Response('{"secret": half', { status: 200 }),
    );
    const error = await upstream.generate(user('x'), call('gemini-2.5-pro')).then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ upstream: 'answer', status: 502, kind: 'server_error' });
    expect(`${error?.message} ${JSON.stringify(error)}`).not.toContain('secret');
  });

  it('stops when the call is given up, and says when the provider cannot be reached', async () => {
    const controller = new AbortController();
    controller.abort();
    const { upstream } = upstreamOf({ kind: 'google' }, whole);
    await expect(
      upstream.generate(user('x'), call('gemini-2.5-pro', { signal: controller.signal })),
    ).rejects.toMatchObject({ upstream: 'aborted' });
    const dead = upstreamOf({ kind: 'google' }, () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });
    });
    await expect(dead.upstream.generate(user('x'), call('gemini-2.5-pro'))).rejects.toMatchObject({
      upstream: 'connect',
    });
  });
});

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

describe('Without credentials', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    ['bedrock', /AWS_REGION/],
    ['vertex', /GOOGLE_VERTEX_LOCATION/],
  ] as const)('%s says which variable it lacks, and no more', async (kind, message) => {
    for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'GOOGLE_VERTEX_LOCATION'])
      vi.stubEnv(name, undefined);
    const failed = aiSdkUpstream({ kind }).generate(user('secret'), { ...call('m'), apiKey: null });
    await expect(failed).rejects.toMatchObject({
      upstream: 'setup',
      message: expect.stringMatching(message),
    });
    await expect(failed).rejects.not.toThrow(/secret/);
  });
});

describe('Vertex', () => {
  it('is reached in express mode with a key', async () => {
    const { upstream, seen } = upstreamOf({ kind: 'vertex' }, () =>
      Response.json(gemini(geminiParts, 'STOP')),
    );
    const completion = await upstream.generate(
      { ...user('Weather?'), reasoning_effort: 'low' },
      call('gemini-2.5-pro'),
    );
    expect(seen[0]?.url).toContain('gemini-2.5-pro:generateContent');
    expect(objectOf(seen[0]?.body.generationConfig).thinkingConfig).toMatchObject({ includeThoughts: true });
    expect(completion).toMatchObject({ choices: [{ message: { content: 'I check both.' } }] });
  });
});
