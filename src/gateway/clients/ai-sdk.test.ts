/** The AI SDK with OpenRouter's provider against the gateway, with nothing but its base URL changed. */
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import { APICallError, embedMany, generateText, isStepCount, jsonSchema, Output, streamText, tool } from 'ai';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { COST, COUNTED, openWorld, PARTS, PIXEL, WEATHER_SCHEMA, type World } from './setup.ts';

let world: World;
let openrouter: ReturnType<typeof createOpenRouter>;
beforeAll(async () => {
  world = await openWorld();
  openrouter = createOpenRouter({
    baseURL: world.url,
    apiKey: 'none',
    appName: 'Ada',
    appUrl: 'https://ada.example',
  });
});
afterAll(() => world.close());

/** By its own dialect, translated into Messages and into Responses, and the sandbox. */
const MODELS = ['test/model', 'claudish/model', 'answers/model', 'stateai/sandbox'];
const REAL = MODELS.slice(0, 3);
const maxRetries = 0;
type Place = { city: string };
const weather = (ran: string[]) =>
  tool({
    description: 'Weather of a city',
    inputSchema: jsonSchema<Place>(WEATHER_SCHEMA),
    execute: ({ city }) => {
      ran.push(city);
      return 'sunny';
    },
  });

test.each(MODELS)('%s answers, streamed and not', async (model) => {
  const ask = { model: openrouter(model), prompt: 'hello', maxRetries };
  const whole = await generateText(ask);
  const streamed = streamText(ask);
  expect(whole.text).toMatch(/Hello from the upstream|sandbox/);
  expect(await streamed.text).toBe(whole.text);
  expect(await streamed.finishReason).toBe('stop');
  for (const [response, usage] of [
    [whole.response, whole.usage],
    [await streamed.response, await streamed.usage],
  ] as const)
    expect(await world.recordOf(response.id)).toMatchObject({
      model,
      app: 'Ada',
      promptTokens: usage.inputTokens,
      completionTokens: usage.outputTokens,
      ...(model === 'stateai/sandbox' ? { cost: 0 } : { ...COUNTED, cost: COST }),
    });
  expect(whole.providerMetadata?.openrouter).toMatchObject({
    provider: expect.any(String),
    usage: { cost: model === 'stateai/sandbox' ? 0 : COST },
  });
});

test.each([...REAL, 'stateai/sandbox'])('%s runs tools in a loop, streamed and not', async (model) => {
  const ran: string[] = [];
  const ask = {
    model: openrouter(model),
    prompt: 'get_weather of Paris',
    tools: { get_weather: weather(ran) },
    stopWhen: isStepCount(3),
    maxRetries,
  };
  const { text, steps } = await generateText(ask);
  expect(text).toMatch(/It is sunny in Paris|sandbox/);
  expect(steps).toHaveLength(2);
  expect(await streamText(ask).text).toBe(text);
  expect(ran).toHaveLength(2);
});

test.each(MODELS)('%s answers in a structure', async (model) => {
  const { output } = await generateText({
    model: openrouter(model),
    prompt: 'as JSON',
    output: Output.object({ schema: jsonSchema<Place>(WEATHER_SCHEMA) }),
    maxRetries,
  });
  expect(output).toEqual({ city: expect.any(String) });
});

test.each(MODELS)('%s shows its reasoning, which may be sent back', async (model) => {
  const ask = {
    model: openrouter(model),
    maxRetries,
    providerOptions: { openrouter: { reasoning: { effort: 'low' } } },
  };
  const whole = await generateText({ ...ask, prompt: 'think' });
  const streamed = streamText({ ...ask, prompt: 'think' });
  expect(whole.reasoningText).toMatch(/Six times seven|nothing to think/);
  expect(await streamed.reasoningText).toBe(whole.reasoningText);
  await generateText({
    ...ask,
    messages: [
      { role: 'user', content: 'think' },
      ...whole.response.messages,
      { role: 'user', content: 'hello' },
    ],
  });
});

test('pictures reach the upstream', async () => {
  await generateText({
    model: openrouter('mock/any'),
    maxRetries,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a picture' },
          { type: 'file', data: Buffer.from(PIXEL, 'base64'), mediaType: 'image/png' },
        ],
      },
    ],
  });
  expect(world.asked()).toContain(PIXEL);
});

test.each(['parts/chat', 'parts/messages', 'parts/responses'])(
  'cached, written and reasoning tokens of %s are counted once, streamed and not',
  async (model) => {
    const ask = { model: openrouter(model), prompt: 'count', maxRetries };
    const whole = await generateText(ask);
    const streamed = streamText(ask);
    await streamed.text;
    for (const [response, usage] of [
      [whole.response, whole.usage],
      [await streamed.response, await streamed.usage],
    ] as const) {
      expect(usage).toMatchObject({
        inputTokens: 1000,
        outputTokens: 100,
        inputTokenDetails: { cacheReadTokens: 400 },
        outputTokenDetails: { reasoningTokens: 60 },
      });
      expect(await world.recordOf(response.id)).toMatchObject(PARTS);
    }
  },
);

test('what an OpenRouter upstream says of the cost is the cost', async () => {
  const ask = { model: openrouter('routed/model'), prompt: 'what it costs', maxRetries };
  const whole = await generateText(ask);
  const streamed = streamText(ask);
  await streamed.text;
  expect(whole.providerMetadata?.openrouter).toMatchObject({ usage: { cost: 0.0123 } });
  for (const { id } of [whole.response, await streamed.response])
    expect(await world.recordOf(id)).toMatchObject({ ...PARTS, cost: 0.0123, upstreamCost: 0.0111 });
});

test('embeddings and completions', async () => {
  const { embeddings } = await embedMany({
    model: openrouter.textEmbeddingModel('test/model'),
    values: ['one', 'two'],
    maxRetries,
  });
  expect(embeddings).toEqual([
    [0.25, -0.5, 1],
    [0.25, -0.5, 1],
  ]);
  // The provider's completion models refuse the tool choice that `generateText` always gives: they are called directly.
  const { content, usage } = await openrouter.completion('parts/chat').doGenerate({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'count' }] }],
  });
  expect(content).toMatchObject([{ type: 'text', text: 'word ' }]);
  expect(usage).toMatchObject({ inputTokens: { total: 1000 }, outputTokens: { total: 100 } });
  expect(world.gateway.records.at(-1)).toMatchObject(PARTS);
});

test.each([
  [400, 400],
  [401, 502],
  [404, 404],
  [429, 429],
  [500, 502],
  [503, 529],
])('an upstream that says %i is an error of the SDK', async (said, status) => {
  const failed = await generateText({
    model: openrouter(`mock/fails-${said}`),
    prompt: 'hello',
    maxRetries,
  }).catch((e) => e);
  expect(APICallError.isInstance(failed)).toBe(true);
  expect(failed).toMatchObject({ statusCode: status, data: { error: { code: status } } });
  if (said === 429) expect(failed.responseHeaders['retry-after']).toBe('21');
});

test.each(['mock/any', 'claudish/model'])('a stream of %s that breaks off is an error', async (model) => {
  const errors: unknown[] = [];
  const { textStream, finishReason } = streamText({
    model: openrouter(model),
    prompt: 'break off',
    maxRetries,
    onError: ({ error }) => void errors.push(error),
  });
  let text = '';
  for await (const piece of textStream) text += piece;
  expect(text).toMatch(/^This/);
  expect(await finishReason).toBe('error');
  expect(errors).toHaveLength(1);
  expect(world.gateway.records.at(-1)).toMatchObject({ finishReason: 'error', tokensEstimated: true });
});

test('an abort hangs up on the upstream and is recorded', async () => {
  const stop = new AbortController();
  const next = world.nextRecord();
  const before = world.endless.hungUp;
  const { textStream } = streamText({
    model: openrouter('endless/model'),
    prompt: 'go',
    maxRetries,
    abortSignal: stop.signal,
    onError: () => undefined,
  });
  for await (const _ of textStream) stop.abort();
  await vi.waitFor(() => expect(world.endless.hungUp).toBe(before + 1), { timeout: 10_000 });
  expect(await next).toMatchObject({ cancelled: true, status: 200, finishReason: null });
});

test('other models and providers take over', async () => {
  const settings = { models: ['test/shared'], provider: { order: ['broken', 'mock'] } };
  const { response } = await generateText({
    model: openrouter('broken/other', settings),
    prompt: 'hello',
    maxRetries,
  });
  expect(await world.recordOf(response.id)).toMatchObject({ model: 'test/shared', provider: 'mock' });
});
