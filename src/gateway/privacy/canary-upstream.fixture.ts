/** An upstream that repeats what it was asked, in good answers and in bad ones; the model's name says which. */
import type { ServerResponse } from 'node:http';
import { type FakeUpstream, fakeUpstream, json } from '../../testing/gateway.ts';
import { cloudOf, converse, gemini } from './canary-clouds.fixture.ts';
import type { Own, Voice } from './canary-voice.fixture.ts';

export const MODELS = [
  'echo',
  'error-json',
  'error-html',
  'error-rate',
  'error-in-body',
  'error-in-stream',
  'breaks',
  'hangs',
  'half',
  'nonsense',
  'wrong',
] as const;

/** @param say a canary of the upstream's own for each answer */
export function canaryUpstream(say: (name: string) => string): Promise<FakeUpstream> {
  return fakeUpstream(async (response, { path, body }) => {
    const request =
      cloudOf(path) ?? (JSON.parse(body) as { model: string; stream?: boolean; kind?: undefined });
    const voice = voiceOf(path, request.kind);
    const text = `You said: ${body.slice(0, 100_000)}`;
    const own = (what: string) => say(`${what} of ${request.model} at ${path}`);
    const message = `Cannot do this: ${text} ${own('error')}`;
    const stream = (events: (string | Buffer)[]): ServerResponse => {
      response.writeHead(200, { 'content-type': voice.type });
      for (const e of events) response.write(e);
      return response;
    };
    switch (request.model) {
      case 'echo':
        return request.stream
          ? stream(voice.streamed(text, own)).end()
          : json(response, voice.whole(text, own));
      case 'error-json':
        return json(response, voice.error('invalid_request_error', message), 400, {
          'x-error': own('header of an error').slice(0, 60),
        });
      case 'error-html':
        return response
          .writeHead(500, { 'content-type': 'text/html' })
          .end(`<html><h1>${message}</h1></html>`);
      case 'error-rate':
        return json(response, voice.error('rate_limit_error', message), 429, { 'retry-after': '0' });
      case 'error-in-body':
        return json(response, voice.error(own('type of an error'), message));
      case 'error-in-stream':
        return stream([...voice.first(text), voice.errorEvent(message)]).end();
      case 'breaks':
        stream(voice.first(text + own('broken stream')));
        return setTimeout(() => response.destroy(), 20);
      case 'hangs':
        if (request.stream) stream(voice.first(text + own('stream that hangs')));
        return;
      case 'half':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000000' });
        response.write(`{"id":"x","choices":[{"message":{"content":"${own('half an answer')}`);
        return setTimeout(() => response.destroy(), 20);
      case 'nonsense':
        return response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`${own('nonsense')} {"a": ${text}`);
      case 'wrong':
        return request.stream ? stream(voice.wrongEvents(own)).end() : json(response, voice.wrong(own));
      default:
        return json(response, voice.error('not_found_error', `No ${request.model}. ${message}`), 404);
    }
  });
}

function voiceOf(path: string, cloud: 'gemini' | 'converse' | undefined): Voice {
  if (cloud) return cloud === 'gemini' ? gemini : converse;
  if (path.endsWith('/messages')) return messages;
  if (path.endsWith('/embeddings')) return { ...chat, whole: (_, own) => embedding(own) };
  return path.endsWith('/chat/completions') ? chat : { ...chat, whole: textCompletion };
}

const event = (data: unknown, name?: string) =>
  `${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

const chunk = (delta: object, finish: string | null = null, more: object = {}) =>
  event({
    id: 'up-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish, ...more }],
  });
const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };

const toolCall = (own: Own) => ({
  id: 'call-1',
  type: 'function',
  function: { name: 'look', arguments: JSON.stringify({ what: own('tool arguments') }) },
});

const embedding = (own: Own) => ({
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding: [0.5], note: own('embedding') }],
  model: own('model of an embedding'),
  usage: { prompt_tokens: 3, total_tokens: 3 },
});
const textCompletion = (text: string, own: Own) => ({
  id: 'up-1',
  object: 'text_completion',
  choices: [{ index: 0, text: text + own('completion'), finish_reason: 'stop' }],
  usage,
});

/** Answers whose members are of the wrong kinds, in either dialect. */
const wrong = {
  wrong: (own: Own) => ({ id: [own('id')], choices: own('choices'), content: own('content'), usage: 'x' }),
  wrongEvents: (own: Own): string[] => [
    event({ id: 5, choices: own('choices in a stream'), type: own('type in a stream') }),
    event({ choices: [{ delta: own('delta'), finish_reason: { a: own('finish reason in a stream') } }] }),
    `event: ${own('name of an event')}\ndata: ${own('data that is no JSON')}\n\n`,
  ],
};

const chat: Voice = {
  ...wrong,
  type: 'text/event-stream',
  error: (code, message) => ({ error: { code, message } }),
  errorEvent: (message) => event({ error: { code: 'overloaded_error', message } }),
  first: (text) => [chunk({ role: 'assistant', content: text })],
  whole: (text, own) => ({
    id: own('id of an answer'),
    object: 'chat.completion',
    system_fingerprint: own('fingerprint'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text + own('completion'),
          reasoning: own('reasoning'),
          tool_calls: [toolCall(own)],
        },
        finish_reason: 'tool_calls',
        native_finish_reason: own('finish reason'),
      },
    ],
    usage,
    note: own('unknown member'),
  }),
  streamed: (text, own) => [
    chunk({ role: 'assistant', content: text }),
    chunk({ reasoning_content: own('streamed reasoning') }),
    chunk({ content: `${'long '.repeat(20_000)}${own('streamed completion')}${' long'.repeat(20_000)}` }),
    chunk({ tool_calls: [{ ...toolCall(own), index: 0 }] }),
    chunk({}, 'tool_calls', { native_finish_reason: own('finish reason') }),
    event({ id: 'up-1', choices: [], usage }),
    'data: [DONE]\n\n',
  ],
};

const named = (name: string, data: object) => event({ type: name, ...data }, name);

const messages: Voice = {
  ...wrong,
  type: 'text/event-stream',
  error: (type, message) => ({ type: 'error', error: { type, message } }),
  errorEvent: (message) => named('error', { error: { type: 'overloaded_error', message } }),
  first: (text) => [
    named('message_start', {
      message: { id: 'm1', role: 'assistant', content: [], model: 'm', usage: { input_tokens: 7 } },
    }),
    named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    named('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  ],
  whole: (text, own) => ({
    id: own('id of a message'),
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [
      { type: 'thinking', thinking: own('thinking'), signature: own('signature') },
      { type: 'text', text: text + own('text') },
      { type: 'tool_use', id: 'tu-1', name: 'look', input: { what: own('tool input') } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: own('stop sequence'),
    usage: { input_tokens: 7, output_tokens: 5 },
  }),
  streamed: (text, own) => [
    ...messages.first(text + own('streamed text')),
    named('content_block_stop', { index: 0 }),
    named('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: own('streamed stop sequence') },
      usage: { output_tokens: 5 },
    }),
    named('message_stop', {}),
  ],
};
