/** OpenAI's SDK against the gateway, with nothing but its base URL changed. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { COST, COUNTED, openWorld, PARTS, PIXEL, WEATHER_SCHEMA, type World } from './setup.ts';

let world: World;
let client: OpenAI;
beforeAll(async () => {
  world = await openWorld();
  client = new OpenAI({ baseURL: world.url, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => world.close());

const say = (content: string) => [{ role: 'user' as const, content }];
const weather = {
  type: 'function' as const,
  function: { name: 'get_weather', description: 'Weather of a city', parameters: WEATHER_SCHEMA },
};
/** The same upstream, by its own dialect and translated into Messages. */
const MODELS = ['test/model', 'claudish/model'];

describe('chat completions', () => {
  test.each([...MODELS, 'stateai/sandbox'])('%s answers at once', async (model) => {
    const { data, response } = await client.chat.completions
      .create({ model, messages: say('hello') })
      .withResponse();
    expect(data.choices[0]?.message.content).toMatch(/Hello from the upstream|sandbox/);
    expect(data).toMatchObject({ object: 'chat.completion', model, id: expect.stringMatching(/^gen-/) });
    expect(response.headers.get('x-generation-id')).toBe(data.id);
    expect(await world.recordOf(data.id)).toMatchObject({
      model,
      status: 200,
      streamed: false,
      promptTokens: data.usage?.prompt_tokens,
      completionTokens: data.usage?.completion_tokens,
      tokensEstimated: false,
      finishReason: 'stop',
    });
    if (model !== 'stateai/sandbox') {
      expect(data.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7, cost: COST });
      expect(await world.recordOf(data.id)).toMatchObject(COUNTED);
    }
  });

  test.each([...MODELS, 'stateai/sandbox'])('%s streams', async (model) => {
    const stream = await client.chat.completions.create({ model, messages: say('hello'), stream: true });
    let text = '';
    let last: OpenAI.ChatCompletionChunk | null = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      last = chunk;
    }
    expect(text).toMatch(/Hello from the upstream|sandbox/);
    expect(last).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
    expect(await world.recordOf(last?.id)).toMatchObject({
      streamed: true,
      promptTokens: last?.usage?.prompt_tokens,
      completionTokens: last?.usage?.completion_tokens,
      tokensEstimated: false,
    });
  });

  test.each(MODELS)('%s calls a tool and takes its result', async (model) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = say('weather in Paris?');
    const first = await client.chat.completions.create({ model, messages, tools: [weather] });
    const [choice] = first.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    const [call] = choice?.message.tool_calls ?? [];
    if (call?.type !== 'function' || !choice) throw new Error('no call');
    expect(call.function.name).toBe('get_weather');
    expect(JSON.parse(call.function.arguments)).toEqual({ city: 'Paris' });
    expect(await world.recordOf(first.id)).toMatchObject({ toolsOffered: true, finishReason: 'tool_calls' });
    messages.push(choice.message, { role: 'tool', tool_call_id: call.id, content: 'sunny' });
    const second = await client.chat.completions.create({ model, messages, tools: [weather] });
    expect(second.choices[0]?.message.content).toBe('It is sunny in Paris.');
  });

  test.each([...MODELS, 'stateai/sandbox'])('%s runs tools by itself, streamed', async (model) => {
    const ran: string[] = [];
    const runner = client.chat.completions.runTools({
      model,
      stream: true,
      messages: say('get_weather of Paris'),
      tools: [
        {
          type: 'function',
          function: {
            ...weather.function,
            parse: JSON.parse,
            function: ({ city }: { city: string }) => {
              ran.push(city);
              return 'sunny';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toMatch(/It is sunny in Paris|sandbox/);
    expect(ran).toHaveLength(1);
  });

  test.each([...MODELS, 'stateai/sandbox'])('%s answers in a structure', async (model) => {
    const done = await client.chat.completions.parse({
      model,
      messages: say('as JSON'),
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'place', strict: true, schema: WEATHER_SCHEMA },
      },
    });
    expect(JSON.parse(done.choices[0]?.message.content ?? '')).toEqual({ city: expect.any(String) });
  });

  test.each(MODELS)('%s shows its reasoning, and hides it where asked to', async (model) => {
    const ask = { model, messages: say('think'), reasoning_effort: 'low' as const };
    const { choices } = await client.chat.completions.create(ask);
    expect(choices[0]?.message).toMatchObject({ content: 'Forty-two.', reasoning: 'Six times seven.' });
    const hidden = await client.chat.completions.create({
      ...ask,
      // @ts-expect-error an addition of the contract
      reasoning: { exclude: true },
    });
    expect(hidden.choices[0]?.message).not.toHaveProperty('reasoning');
    const streamed = client.chat.completions.stream(ask);
    let thought = '';
    for await (const { choices } of streamed)
      thought += (choices[0]?.delta as { reasoning?: string } | undefined)?.reasoning ?? '';
    expect(thought).toBe('Six times seven.');
  });

  test.each(['mock/any', 'parts/messages'])('%s gets pictures', async (model) => {
    await client.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a picture' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          ],
        },
      ],
    });
    const asked = model === 'mock/any' ? world.asked() : world.counting.requests.at(-1)?.body;
    expect(asked).toContain(PIXEL);
  });
});

test.each(['parts/chat', 'parts/messages'])(
  'cached, written and reasoning tokens of %s are counted once, streamed and not',
  async (model) => {
    const ask = { model, messages: say('count') };
    const whole = await client.chat.completions.create(ask);
    const streamed = await client.chat.completions.stream({ ...ask }).finalChatCompletion();
    for (const { id, usage } of [whole, streamed]) {
      expect(usage).toMatchObject({
        prompt_tokens: 1000,
        completion_tokens: 100,
        total_tokens: 1100,
        prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 50 },
        completion_tokens_details: { reasoning_tokens: 60 },
        cost: PARTS.cost,
      });
      expect(await world.recordOf(id)).toMatchObject(PARTS);
    }
  },
);

describe('what goes wrong', () => {
  test.each([
    [400, OpenAI.BadRequestError, 400],
    [401, OpenAI.InternalServerError, 502],
    [404, OpenAI.NotFoundError, 404],
    [429, OpenAI.RateLimitError, 429],
    [500, OpenAI.InternalServerError, 502],
    [503, OpenAI.InternalServerError, 529],
  ])('an upstream that says %i becomes the SDK’s own error', async (said, type, status) => {
    const next = world.nextRecord();
    const failed = await client.chat.completions
      .create({ model: `mock/fails-${said}`, messages: say('hello') })
      .catch((e) => e);
    expect(failed).toBeInstanceOf(type);
    expect(failed).toMatchObject({ status, code: status });
    if (said === 429) expect(failed.headers.get('retry-after')).toBe('21');
    // The provider’s key is no business of the client’s.
    expect(failed.message).toMatch(status === 502 ? /failed with status/ : `upstream says ${said}`);
    expect(await next).toMatchObject({ status, finishReason: 'error', cost: null, promptTokens: null });
  });

  test.each(['mock/any', 'claudish/model'])('a stream of %s that breaks off is an error', async (model) => {
    const next = world.nextRecord();
    const stream = await client.chat.completions.create({ model, messages: say('break off'), stream: true });
    let text = '';
    const failed = await (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    })().catch((e) => e);
    expect(text).toMatch(/^This/);
    expect(failed).toBeInstanceOf(OpenAI.APIError);
    expect(await next).toMatchObject({ finishReason: 'error', status: 200, tokensEstimated: true });
  });

  test('an unknown model is not found; a request of nonsense is refused', async () => {
    const ask = (more: object) =>
      client.chat.completions
        .create({ model: 'nobody/has-this', messages: say('x'), ...more })
        .catch((e) => e);
    expect(await ask({})).toBeInstanceOf(OpenAI.NotFoundError);
    expect(await ask({ provider: { order: 'mock' } })).toBeInstanceOf(OpenAI.BadRequestError);
  });

  test.each(['chat', 'responses', 'completions'] as const)(
    'hanging up on %s hangs up on the upstream',
    async (api) => {
      const stop = new AbortController();
      const before = world.endless.hungUp;
      const next = world.nextRecord();
      const options = { signal: stop.signal };
      const model = 'endless/model';
      const stream: AsyncIterable<unknown> =
        api === 'chat'
          ? await client.chat.completions.create({ model, messages: say('go'), stream: true }, options)
          : api === 'responses'
            ? await client.responses.create({ model, input: 'go', stream: true }, options)
            : await client.completions.create({ model, prompt: 'go', stream: true }, options);
      let seen = 0;
      for await (const _ of stream) if (++seen === 5) stop.abort();
      await vi.waitFor(() => expect(world.endless.hungUp).toBe(before + 1), { timeout: 10_000 });
      expect(await next).toMatchObject({ cancelled: true, status: 200, finishReason: null, streamed: true });
    },
  );

  test('hanging up before a whole answer has come does so too', async () => {
    const stop = new AbortController();
    const before = world.endless.hungUp;
    const next = world.nextRecord();
    const ask = { model: 'endless/model', messages: say('go') };
    const asked = client.chat.completions.create(ask, { signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(asked).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    await vi.waitFor(() => expect(world.endless.hungUp).toBe(before + 1), { timeout: 10_000 });
    expect(await next).toMatchObject({ cancelled: true, status: 499, finishReason: null });
  });

  test('another model, or another provider, takes over from a broken one', async () => {
    const more = { models: ['test/shared'] };
    const { data } = await client.chat.completions
      .create({ model: 'broken/other', messages: say('hello'), ...more })
      .withResponse();
    expect(data.model).toBe('test/shared');
    const ordered = { provider: { order: ['broken', 'mock'] } };
    const second = await client.chat.completions.create({
      model: 'test/shared',
      messages: say('hello'),
      ...ordered,
    });
    expect(second).toMatchObject({ provider: 'mock' });
    const only = { provider: { order: ['broken'], allow_fallbacks: false } };
    await expect(
      client.chat.completions.create({ model: 'test/shared', messages: say('hello'), ...only }),
    ).rejects.toBeInstanceOf(OpenAI.InternalServerError);
  });
});

test('completions and embeddings', async () => {
  const done = await client.completions.create({ model: 'test/model', prompt: 'hello' });
  expect(done.choices[0]?.text).toBe('Hello from the upstream.');
  expect(await world.recordOf(done.id)).toMatchObject(COUNTED);
  const { data, response } = await client.embeddings
    .create({ model: 'test/model', input: ['one', 'two'] })
    .withResponse();
  expect(data.data.map((d) => d.embedding)).toEqual([
    [0.25, -0.5, 1],
    [0.25, -0.5, 1],
  ]);
  expect(await world.recordOf(response.headers.get('x-generation-id'))).toMatchObject({ status: 200 });
});
