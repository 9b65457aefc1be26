/** Anthropic's SDK against the gateway, with nothing but its base URL changed. */
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { COUNTED, openWorld, PARTS, PIXEL, WEATHER_SCHEMA, type World } from './setup.ts';

let world: World;
let client: Anthropic;
beforeAll(async () => {
  world = await openWorld();
  client = new Anthropic({ baseURL: world.apiUrl, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => world.close());

const say = (content: string) => [{ role: 'user' as const, content }];
const tools = [{ name: 'get_weather', description: 'Weather of a city', input_schema: WEATHER_SCHEMA }];
/** The same upstream by Messages, translated into chat, and the sandbox. */
const MODELS = ['claudish/model', 'chatty/model', 'stateai/sandbox'];
const REAL = MODELS.slice(0, 2);
const textOf = ({ content }: Anthropic.Message) =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');

test.each(MODELS)('%s answers, streamed and not', async (model) => {
  const ask = { model, max_tokens: 1000, messages: say('hello') };
  const { data, response } = await client.messages.create(ask).withResponse();
  expect(data).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
  expect(textOf(data)).toMatch(/Hello from the upstream|sandbox/);
  const next = world.nextRecord();
  const streamed = await client.messages.stream(ask).finalMessage();
  expect(textOf(streamed)).toBe(textOf(data));
  expect(streamed.usage).toMatchObject({ output_tokens: data.usage.output_tokens });
  for (const record of [await world.recordOf(response.headers.get('x-generation-id')), await next])
    expect(record).toMatchObject({
      model,
      status: 200,
      finishReason: 'stop',
      ...(model === 'stateai/sandbox' ? { tokensEstimated: false } : COUNTED),
    });
});

test.each(REAL)('%s calls a tool and takes its result, streamed and not', async (model) => {
  const messages: Anthropic.MessageParam[] = say('weather in Paris?');
  const ask = { model, max_tokens: 1000, messages, tools };
  for (const first of [await client.messages.create(ask), await client.messages.stream(ask).finalMessage()]) {
    expect(first.stop_reason).toBe('tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Paris' } });
    const second = await client.messages.create({
      ...ask,
      messages: [
        ...messages,
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'sunny' }],
        },
      ],
    });
    expect(textOf(second)).toBe('It is sunny in Paris.');
  }
});

test('the SDK’s tool runner runs to its end', async () => {
  const ran: unknown[] = [];
  const runner = client.beta.messages.toolRunner({
    model: 'claudish/model',
    max_tokens: 1000,
    messages: say('weather in Paris?'),
    tools: [
      {
        type: 'custom',
        name: 'get_weather',
        description: 'Weather of a city',
        input_schema: WEATHER_SCHEMA,
        parse: (input: unknown) => input,
        run: (input: unknown) => {
          ran.push(input);
          return 'sunny';
        },
      },
    ],
  });
  const last = await runner;
  expect(last.content).toMatchObject([{ type: 'text', text: 'It is sunny in Paris.' }]);
  expect(ran).toEqual([{ city: 'Paris' }]);
});

test('a conversation that the upstream holds goes where it can be held, and nowhere else', async () => {
  const ask = { max_tokens: 99, messages: say('hello'), betas: ['message-threads-2026-08-12'] };
  const held = { ...ask, thread: { type: 'create' as const } };
  await client.beta.messages.create({ ...held, model: 'threads/model' });
  expect(JSON.parse(world.counting.requests.at(-1)?.body ?? '').thread).toEqual({ type: 'create' });
  for (const model of ['claudish/model', 'chatty/model'])
    await expect(client.beta.messages.create({ ...held, model })).rejects.toMatchObject({
      status: 400,
      errorCode: 'thread_unsupported_request',
    });
});

test('thinking keeps its signature, streamed and not, and may be sent back', async () => {
  const ask = {
    model: 'claudish/model',
    max_tokens: 4000,
    thinking: { type: 'enabled' as const, budget_tokens: 2000 },
    messages: say('think'),
  };
  const whole = await client.messages.create(ask);
  const streamed = await client.messages.stream(ask).finalMessage();
  for (const { content } of [whole, streamed])
    expect(content).toEqual([
      { type: 'thinking', thinking: 'Six times seven.', signature: 'signed-1' },
      expect.objectContaining({ type: 'text', text: 'Forty-two.' }),
    ]);
  await client.messages.create({
    ...ask,
    model: 'parts/messages',
    messages: [...ask.messages, { role: 'assistant', content: whole.content }, ...say('and now?')],
  });
  expect(JSON.parse(world.counting.requests.at(-1)?.body ?? '').messages[1].content[0].signature).toBe(
    'signed-1',
  );
});

test('thinking of a chat model is a thinking block', async () => {
  const ask = { model: 'chatty/model', max_tokens: 4000, messages: say('think') };
  const streamed = await client.messages.stream(ask).finalMessage();
  for (const { content } of [await client.messages.create(ask), streamed])
    expect(content).toMatchObject([
      { type: 'thinking', thinking: 'Six times seven.' },
      { type: 'text', text: 'Forty-two.' },
    ]);
});

test.each(['parts/messages', 'parts/chat'])('%s: tokens of the cache are counted once', async (model) => {
  const ask = { model, max_tokens: 1000, messages: say('count') };
  const { data, response } = await client.messages.create(ask).withResponse();
  const next = world.nextRecord();
  const streamed = await client.messages.stream(ask).finalMessage();
  for (const { usage } of [data, streamed])
    expect(usage).toMatchObject({
      input_tokens: 550,
      cache_read_input_tokens: 400,
      cache_creation_input_tokens: 50,
      output_tokens: 100,
    });
  expect(await world.recordOf(response.headers.get('x-generation-id'))).toMatchObject(PARTS);
  expect(await next).toMatchObject({ ...PARTS, streamed: true });
});

test('caching controls, pictures, betas and structure reach the upstream as they are', async () => {
  await client.beta.messages.create({
    model: 'parts/messages',
    max_tokens: 1000,
    betas: ['a-beta-2026-01-01'],
    output_config: { format: { type: 'json_schema', schema: WEATHER_SCHEMA } },
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          { type: 'text', text: 'a picture' },
        ],
      },
    ],
  });
  const { body, headers } = world.counting.requests.at(-1) ?? { body: '{}', headers: {} };
  expect(headers).toMatchObject({ 'anthropic-beta': 'a-beta-2026-01-01', 'anthropic-version': '2026-10-21' });
  expect(JSON.parse(body)).toMatchObject({
    output_config: { format: { type: 'json_schema' } },
    system: [{ cache_control: { type: 'ephemeral' } }],
    messages: [{ content: [{ source: { data: PIXEL } }, {}] }],
  });
});

test('tokens are counted by the provider where it can, else estimated; nothing is recorded', async () => {
  const before = world.gateway.records.length;
  const ask = { messages: say('How long is this?'), max_tokens: 5 };
  const count = async (model: string) => (await client.messages.countTokens({ ...ask, model })).input_tokens;
  expect(await count('parts/messages')).toBe(4321);
  const betas = ['a-beta-2026-01-01'];
  await client.beta.messages.countTokens({ messages: ask.messages, model: 'parts/messages', betas });
  expect(world.counting.requests.at(-1)?.headers['anthropic-beta']).toContain(betas[0]);
  expect(await count('chatty/model')).toBeGreaterThan(3);
  expect(await count('chatty/model')).toBeLessThan(40);
  await expect(count('')).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  expect(world.gateway.records).toHaveLength(before);
});

describe('what goes wrong', () => {
  test.each([
    [400, Anthropic.BadRequestError, 400, 'invalid_request_error'],
    [401, Anthropic.InternalServerError, 502, 'api_error'],
    [404, Anthropic.NotFoundError, 404, 'not_found_error'],
    [429, Anthropic.RateLimitError, 429, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 502, 'api_error'],
    [503, Anthropic.InternalServerError, 529, 'overloaded_error'],
  ])('an upstream that says %i becomes the SDK’s own error', async (said, type, status, word) => {
    const next = world.nextRecord();
    const failed = await client.messages
      .create({ model: `mock/fails-${said}`, max_tokens: 9, messages: say('hello') })
      .catch((e) => e);
    expect(failed).toBeInstanceOf(type);
    expect(failed).toMatchObject({ status, error: { type: 'error', error: { type: word } } });
    if (said === 429) expect(failed.headers.get('retry-after')).toBe('21');
    expect(await next).toMatchObject({ status, finishReason: 'error', cost: null });
  });

  test.each(REAL)('a stream of %s that breaks off is an error', async (model) => {
    const next = world.nextRecord();
    const stream = client.messages.stream({ model, max_tokens: 99, messages: say('break off') });
    let text = '';
    stream.on('text', (delta) => {
      text += delta;
    });
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
    expect(text).toMatch(/^This/);
    expect(await next).toMatchObject({ finishReason: 'error', status: 200, tokensEstimated: true });
  });

  test.each(['endless/model'])('hanging up on %s hangs up on the upstream', async (model) => {
    const before = world.endless.hungUp;
    const next = world.nextRecord();
    const stream = client.messages.stream({ model, max_tokens: 99, messages: say('go') });
    stream.on('text', () => stream.abort());
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    await vi.waitFor(() => expect(world.endless.hungUp).toBe(before + 1), { timeout: 10_000 });
    expect(await next).toMatchObject({ cancelled: true, status: 200, finishReason: null });
  });

  test('a broken provider is passed over', async () => {
    const more = { provider: { order: ['broken', 'mock'] } };
    const ask = { model: 'test/shared', max_tokens: 99, messages: say('hello'), ...more };
    const { data, response } = await client.messages.create(ask).withResponse();
    expect(textOf(data)).toBe('Hello from the upstream.');
    expect(await world.recordOf(response.headers.get('x-generation-id'))).toMatchObject({ provider: 'mock' });
  });
});
