/** OpenAI's SDK over Responses against the gateway, with nothing but its base URL changed. */
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, PARTS, WEATHER_SCHEMA, type World } from './setup.ts';

let world: World;
let client: OpenAI;
beforeAll(async () => {
  world = await openWorld();
  client = new OpenAI({ baseURL: world.url, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => world.close());

const models = ['test/model', 'chatty/model', 'claudish/model', 'stateai/sandbox'];
test.each(models)('%s answers, streamed and not', async (model) => {
  const { data, response } = await client.responses.create({ model, input: 'hello' }).withResponse();
  expect(data.output_text).toMatch(/Hello from the upstream|sandbox/);
  expect(data).toMatchObject({ object: 'response', status: 'completed' });
  expect(await world.recordOf(response.headers.get('x-generation-id'))).toMatchObject({
    promptTokens: data.usage?.input_tokens,
    completionTokens: data.usage?.output_tokens,
    finishReason: 'stop',
  });
  const next = world.nextRecord();
  const done = await client.responses.stream({ model, input: 'hello' }).finalResponse();
  expect(done.output_text).toBe(data.output_text);
  expect(await next).toMatchObject({
    streamed: true,
    promptTokens: done.usage?.input_tokens,
    completionTokens: done.usage?.output_tokens,
  });
});

test.each(models.slice(0, 3))('%s calls tools and answers in a structure', async (model) => {
  const tools = [
    { type: 'function' as const, name: 'get_weather', parameters: WEATHER_SCHEMA, strict: true },
  ];
  const first = await client.responses.create({ model, input: 'weather in Paris?', tools });
  const call = first.output.find((item) => item.type === 'function_call');
  if (!call) throw new Error('no call');
  expect(JSON.parse(call.arguments)).toEqual({ city: 'Paris' });
  const second = await client.responses.create({
    model,
    tools,
    input: [
      { role: 'user', content: 'weather in Paris?' },
      ...(first.output as OpenAI.Responses.ResponseInputItem[]),
      { type: 'function_call_output', call_id: call.call_id, output: 'sunny' },
    ],
  });
  expect(second.output_text).toBe('It is sunny in Paris.');
  const parsed = await client.responses.parse({
    model,
    input: 'as JSON',
    text: { format: { type: 'json_schema', name: 'place', schema: WEATHER_SCHEMA, strict: true } },
  });
  expect(JSON.parse(parsed.output_text)).toEqual({ city: 'Paris' });
});

test.each(['parts/chat', 'parts/messages', 'parts/responses'])(
  'cached, written and reasoning tokens of %s are counted once',
  async (model) => {
    const { data, response } = await client.responses.create({ model, input: 'count' }).withResponse();
    const next = world.nextRecord();
    const streamed = await client.responses.stream({ model, input: 'count' }).finalResponse();
    for (const { usage } of [data, streamed])
      expect(usage).toMatchObject({
        input_tokens: 1000,
        output_tokens: 100,
        total_tokens: 1100,
        input_tokens_details: { cached_tokens: 400 },
        output_tokens_details: { reasoning_tokens: 60 },
      });
    expect(await world.recordOf(response.headers.get('x-generation-id'))).toMatchObject(PARTS);
    expect(await next).toMatchObject({ ...PARTS, streamed: true });
  },
);

test.each(['mock/any', 'claudish/model'])('Responses of %s that break off are an error', async (model) => {
  const next = world.nextRecord();
  const stream = await client.responses.create({ model, input: 'break off', stream: true });
  const read = async () => {
    for await (const _ of stream);
  };
  await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
  expect(await next).toMatchObject({ finishReason: 'error', status: 200 });
});
