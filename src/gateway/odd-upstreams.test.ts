/** Upstreams that keep to their dialect in their own way. */
import { expect, test } from 'vitest';
import { chatBody, json } from '../testing/gateway.ts';
import { ask, eventsOf, gatewayTo, post, upstream } from './gateway.fixture.ts';

const data = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;
const chunk = (delta: object, finish_reason: string | null = null, index = 0) =>
  data({
    id: 'up-1',
    object: 'chat.completion.chunk',
    model: 'm',
    choices: [{ index, delta, finish_reason }],
  });
const DONE = 'data: [DONE]\n\n';
const streaming = (...events: string[]) =>
  upstream((r) => r.writeHead(200, { 'content-type': 'text/event-stream' }).end(events.join('')));
const namedEvents = (text: string) =>
  text.split('\n\n').flatMap((e) => {
    const [, line] = /^data: (\{.*)$/m.exec(e) ?? [];
    return line ? [JSON.parse(line)] : [];
  });

test('an answer that comes whole where a stream was asked for becomes one', async () => {
  const up = await upstream((r) => json(r, chatBody('Whole.')));
  const gateway = await gatewayTo([up]);
  const text = await (await post(gateway, { ...ask, stream: true })).text();
  const [first, last] = eventsOf(text);
  expect(first.choices[0]).toMatchObject({ delta: { content: 'Whole.' }, finish_reason: 'stop' });
  expect(last.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 2 });
  expect(text.endsWith(DONE)).toBe(true);
  expect(await gateway.record()).toMatchObject({ status: 200, streamed: true, promptTokens: 7 });
});

test('a page that comes instead of a stream is told as that', async () => {
  const up = await upstream((r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
  const gateway = await gatewayTo([up]);
  const response = await post(gateway, { ...ask, stream: true });
  expect(response.status).toBe(502);
  expect((await response.json()).error.message).toBe('p0 answered with something that is no stream');
});

test.each([
  ['/chat/completions', 'chat'],
  ['/embeddings', 'embeddings'],
  ['/messages', 'messages'],
  ['/responses', 'responses'],
] as const)('JSON that is no answer is none, and another endpoint is asked: %s', async (path, dialect) => {
  const bad = await upstream((r) => json(r, { status: 'ok', detail: 'maintenance' }));
  const fine = await upstream((r) => json(r, { id: 'a', choices: [], data: [], content: [], output: [] }));
  const gateway = await gatewayTo([], {
    providers: [bad, fine].map(({ url }, i) => ({ slug: `p${i}`, url, dialects: [dialect], lists: false })),
  });
  const body = { ...ask, input: 'Say hello.', max_tokens: 9 };
  expect((await post(gateway, { ...body, provider: { only: ['p0'] } }, path)).status).toBe(502);
  expect((await post(gateway, { ...body, provider: { order: ['p0', 'p1'] } }, path)).status).toBe(200);
  expect(gateway.records.map((r) => [r.provider, r.status, r.finishReason === 'error'])).toEqual([
    ['p0', 502, true],
    ['p1', 200, false],
  ]);
});

test('a first chunk that tells of filters alone gives the answer no name', async () => {
  const filters = data({ id: '', object: '', model: '', choices: [], prompt_filter_results: [{}] });
  const up = await streaming(filters, chunk({ content: 'Hi' }), chunk({}, 'stop'), DONE);
  const gateway = await gatewayTo([up]);
  const messages = await (await post(gateway, { ...ask, max_tokens: 9, stream: true }, '/messages')).text();
  expect(namedEvents(messages)[0].message).toMatchObject({ id: 'up-1', model: 'm' });
  const { model } = ask;
  const responses = await (await post(gateway, { model, input: 'Hi', stream: true }, '/responses')).text();
  expect(namedEvents(responses)[0].response).toMatchObject({ id: 'up-1', model: 'm' });
});

test('where nobody counted, translated answers hold the estimate that is recorded', async () => {
  const up = await streaming(chunk({ content: '12345678' }), chunk({}, 'stop'), DONE);
  const whole = await upstream((r) => json(r, chatBody('12345678', null)));
  const gateway = await gatewayTo([up, whole]);
  const body = { ...ask, model: 'p0/m', max_tokens: 9 };
  const messages = await (await post(gateway, { ...body, stream: true }, '/messages')).text();
  const delta = namedEvents(messages).find((e) => e.type === 'message_delta');
  const { promptTokens } = await gateway.record();
  expect(delta.usage).toMatchObject({ input_tokens: promptTokens, output_tokens: 2 });
  const responses = { model: 'p0/m', input: 'Hi', stream: true };
  const done = namedEvents(await (await post(gateway, responses, '/responses')).text()).at(-1);
  expect(done.response.usage).toMatchObject({ output_tokens: 2 });
  const answer = await (await post(gateway, { ...body, model: 'p1/m' }, '/messages')).json();
  expect(answer.usage).toMatchObject({ input_tokens: promptTokens, output_tokens: 2 });
});

test('a stream of several choices is complete when all of them are', async () => {
  const two = [chunk({ content: 'a' }), chunk({}, 'stop'), chunk({ content: 'b' }, null, 1)];
  const gateway = await gatewayTo([await streaming(...two), await streaming(...two, chunk({}, 'stop', 1))]);
  const body = { ...ask, n: 2, stream: true };
  const cut = await (await post(gateway, { ...body, model: 'p0/m' })).text();
  expect(cut).toContain('before it was complete');
  expect(cut).not.toContain('[DONE]');
  expect((await (await post(gateway, { ...body, model: 'p1/m' })).text()).endsWith(DONE)).toBe(true);
});

test('an item of Responses that was cut short says so, streamed as whole', async () => {
  const up = await streaming(chunk({ content: 'Once upon' }), chunk({}, 'length'), DONE);
  const gateway = await gatewayTo([up]);
  const body = { model: ask.model, input: 'Hi', stream: true };
  const events = namedEvents(await (await post(gateway, body, '/responses')).text());
  const done = events.find((e) => e.type === 'response.output_item.done');
  expect(done.item).toMatchObject({ type: 'message', status: 'incomplete' });
  expect(events.at(-1)).toMatchObject({ type: 'response.incomplete' });
});

test('a tool call of a provider of Responses ends an answer in chat as one', async () => {
  const call = { type: 'function_call', id: 'fc', call_id: 'c1', name: 'f', arguments: '{}' };
  const body = { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output: [call] };
  const up = await upstream((r, request) => {
    if (!JSON.parse(request.body).stream) return json(r, body);
    const events = [
      { type: 'response.created', response: { ...body, status: 'in_progress', output: [] } },
      { type: 'response.output_item.added', output_index: 0, item: { ...call, arguments: '' } },
      { type: 'response.output_item.done', output_index: 0, item: call },
      { type: 'response.completed', response: body },
    ];
    r.writeHead(200, { 'content-type': 'text/event-stream' }).end(events.map(data).join(''));
  });
  const gateway = await gatewayTo([], {
    providers: [{ slug: 'p0', url: up.url, dialects: ['responses'], lists: false }],
  });
  const whole = await (await post(gateway, ask)).json();
  expect(whole.choices[0]).toMatchObject({ finish_reason: 'tool_calls', native_finish_reason: 'completed' });
  const chunks = eventsOf(await (await post(gateway, { ...ask, stream: true })).text());
  expect(chunks.at(-2).choices[0].finish_reason).toBe('tool_calls');
  const background = { model: ask.model, input: 'Hi', background: true };
  expect((await post(gateway, background, '/responses')).status).toBe(400);
});

test('what an aggregator says of a refusal beside its message reaches the client, whole or midway', async () => {
  const metadata = { reasons: ['violence'], flagged_input: 'x', provider_name: 'Deep', model_slug: 'a/b' };
  const error = { code: 403, message: 'Flagged', metadata };
  const up = await upstream((r, { body }) => {
    if (!JSON.parse(body).stream) return json(r, { error }, 403);
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.write(chunk({ content: 'Hi' }));
    setTimeout(() => r.end(data({ choices: [], error })), 50);
  });
  const gateway = await gatewayTo([], {
    providers: [{ slug: 'openrouter', url: up.url, models: [{ slug: 'a/b' }] }],
  });
  const whole = await (await post(gateway, { ...ask, model: 'a/b' })).json();
  expect(whole.error).toMatchObject({ code: 403, message: 'Flagged', metadata });
  const chunks = eventsOf(await (await post(gateway, { ...ask, model: 'a/b', stream: true })).text());
  expect(chunks.at(-1).error).toMatchObject({ code: 403, metadata });
});
