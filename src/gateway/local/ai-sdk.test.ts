/** Google's models through the AI SDK, Gemini and Vertex; and what providers say that lack credentials. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { chatStreamToMessages } from '../translate/chat-stream-to-messages.ts';
import { all, call, deltas, upstreamOf, user } from './ai-sdk.fixture.ts';
import { aiSdkUpstream } from './ai-sdk.ts';

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
