/** LangChain's OpenAI client against the gateway, with nothing but its base URL changed. */
import { AIMessage, type AIMessageChunk, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { COUNTED, openWorld, PARTS, PIXEL, WEATHER_SCHEMA, type World } from './setup.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const chat = (model: string, more: object = {}) =>
  new ChatOpenAI({
    model,
    apiKey: 'none',
    maxRetries: 0,
    configuration: { baseURL: world.url },
    ...more,
  });
/** By its own dialect, translated into Messages, and the sandbox; each over chat and over Responses. */
const CALLS = ['test/model', 'claudish/model', 'stateai/sandbox'].flatMap((model) => [
  [model, false] as const,
  [model, true] as const,
]);
const REAL = CALLS.slice(0, 4);
const last = () => world.gateway.records.at(-1);
async function joined(stream: Promise<AsyncIterable<AIMessageChunk>>): Promise<AIMessageChunk> {
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of await stream) chunks.push(chunk);
  return chunks.reduce((sum, chunk) => sum.concat(chunk));
}

test.each(CALLS)('%s answers, streamed and not (over Responses: %s)', async (model, useResponsesApi) => {
  const llm = chat(model, { useResponsesApi });
  const whole = await llm.invoke('hello');
  expect(whole.text).toMatch(/Hello from the upstream|sandbox/);
  expect(last()).toMatchObject({
    model,
    promptTokens: whole.usage_metadata?.input_tokens,
    completionTokens: whole.usage_metadata?.output_tokens,
    ...(model === 'stateai/sandbox' ? {} : COUNTED),
  });
  const sum = await joined(llm.stream('hello'));
  expect(sum.text).toBe(whole.text);
  expect(sum.usage_metadata).toMatchObject({ output_tokens: whole.usage_metadata?.output_tokens });
  expect(last()).toMatchObject({ streamed: true, finishReason: 'stop' });
});

test.each(REAL)(
  '%s calls a tool and takes its result (over Responses: %s)',
  async (model, useResponsesApi) => {
    const tools = [
      { type: 'function' as const, function: { name: 'get_weather', parameters: WEATHER_SCHEMA } },
    ];
    const llm = chat(model, { useResponsesApi }).bindTools(tools);
    const asked = new HumanMessage('weather in Paris?');
    const first = await llm.invoke([asked]);
    expect(first.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'Paris' } }]);
    const result = new ToolMessage({ content: 'sunny', tool_call_id: first.tool_calls?.[0]?.id ?? '' });
    expect((await llm.invoke([asked, first, result])).text).toBe('It is sunny in Paris.');
    const sum = await joined(llm.stream([asked]));
    expect(sum.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'Paris' } }]);
  },
);

test.each(CALLS)('%s answers in a structure (over Responses: %s)', async (model, useResponsesApi) => {
  const schema = { title: 'place', ...WEATHER_SCHEMA };
  const llm = chat(model, { useResponsesApi }).withStructuredOutput(schema, {
    method: 'jsonSchema',
    strict: true,
  });
  expect(await llm.invoke('as JSON')).toEqual({ city: expect.any(String) });
});

test('pictures and the answers of before reach the upstream', async () => {
  await chat('mock/any').invoke([
    new HumanMessage('hello'),
    new AIMessage('Good day.'),
    new HumanMessage({
      content: [
        { type: 'text', text: 'a picture' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
      ],
    }),
  ]);
  expect(world.asked()).toContain(PIXEL);
  expect(world.asked()).toContain('Good day.');
});

test.each([
  ['parts/chat', false],
  ['parts/messages', false],
  ['parts/responses', true],
] as const)('cached and reasoning tokens of %s are counted once', async (model, useResponsesApi) => {
  const llm = chat(model, { useResponsesApi });
  const sum = await joined(llm.stream('count'));
  expect(last()).toMatchObject({ ...PARTS, streamed: true });
  for (const { usage_metadata } of [sum, await llm.invoke('count')] as AIMessage[])
    expect(usage_metadata).toMatchObject({
      input_tokens: 1000,
      output_tokens: 100,
      total_tokens: 1100,
      input_token_details: { cache_read: 400 },
      output_token_details: { reasoning: 60 },
    });
  expect(last()).toMatchObject({ ...PARTS, streamed: false });
});

test('embeddings', async () => {
  const embeddings = new OpenAIEmbeddings({
    model: 'test/model',
    apiKey: 'none',
    maxRetries: 0,
    configuration: { baseURL: world.url },
  });
  expect(await embeddings.embedDocuments(['one', 'two'])).toEqual([
    [0.25, -0.5, 1],
    [0.25, -0.5, 1],
  ]);
});

test.each([
  [400, 400],
  [401, 502],
  [404, 404],
  [429, 429],
  [500, 502],
])('an upstream that says %i is an error', async (said, status) => {
  await expect(chat(`mock/fails-${said}`).invoke('hello')).rejects.toMatchObject({ status });
  expect(last()).toMatchObject({ status, finishReason: 'error' });
});

test.each([false, true])(
  'a stream that breaks off is an error (over Responses: %s)',
  async (useResponsesApi) => {
    const read = async () => {
      for await (const _ of await chat('mock/any', { useResponsesApi }).stream('break off'));
    };
    await expect(read()).rejects.toThrow();
    expect(last()).toMatchObject({ finishReason: 'error', status: 200, tokensEstimated: true });
  },
);

test('an abort hangs up on the upstream', async () => {
  const stop = new AbortController();
  const next = world.nextRecord();
  const before = world.endless.hungUp;
  const read = async () => {
    for await (const _ of await chat('endless/model').stream('go', { signal: stop.signal })) stop.abort();
  };
  await expect(read()).rejects.toThrow();
  await vi.waitFor(() => expect(world.endless.hungUp).toBe(before + 1), { timeout: 10_000 });
  expect(await next).toMatchObject({ cancelled: true, finishReason: null });
});

test('a broken provider is passed over', async () => {
  const modelKwargs = { models: ['test/shared'], provider: { order: ['broken', 'mock'] } };
  await chat('broken/other', { modelKwargs }).invoke('hello');
  expect(last()).toMatchObject({ model: 'test/shared', provider: 'mock' });
});
