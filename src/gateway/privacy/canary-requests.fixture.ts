/** Requests with a canary in every place that a client can write to. */
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { MODELS } from './canary-upstream.fixture.ts';

/** Two speak dialects of ours, two are called through the AI SDK. */
export const PROVIDERS = ['chatty', 'wordy', 'gemini', 'converse'] as const;
type ModelName = (provider: (typeof PROVIDERS)[number], model: string) => string;

type Plant = (name: string) => string;
interface Request {
  path: string;
  body: string | Buffer;
  headers?: Record<string, string>;
}

const filler = 'All work and no play makes Jack a dull boy. '.repeat(2500);

/** Bodies in each dialect, with canaries where each has room for text. */
export const bodies: Record<string, (model: string, plant: Plant) => Record<string, unknown>> = {
  '/chat/completions': (model, plant) => ({
    model,
    messages: [
      { role: 'system', content: plant('system prompt') },
      { role: 'system', content: [{ type: 'text', text: plant('system prompt in parts') }] },
      { role: 'user', content: `${filler}${plant('middle of a long prompt')}${filler}`, name: 'jack' },
      {
        role: 'user',
        content: [
          { type: 'text', text: plant('prompt in parts') },
          {
            type: 'image_url',
            image_url: { url: `data:image/png;base64,${Buffer.from(plant('picture')).toString('base64')}` },
          },
        ],
      },
      {
        role: 'assistant',
        content: plant('earlier answer'),
        tool_calls: [
          {
            id: 'c1',
            type: 'function',
            function: { name: 'look', arguments: JSON.stringify({ q: plant('earlier tool arguments') }) },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: plant('tool result') },
    ],
    tools: [
      {
        type: 'function',
        function: {
          name: 'look',
          description: plant('description of a tool'),
          parameters: { type: 'object', properties: { q: { type: 'string', description: plant('schema') } } },
        },
      },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'out',
        schema: { type: 'object', properties: { a: { type: 'string', enum: [plant('structured output')] } } },
      },
    },
    user: plant('user'),
    session_id: plant('session'),
    stop: [plant('stop')],
  }),
  '/messages': (model, plant) => ({
    model,
    max_tokens: 100,
    system: [{ type: 'text', text: plant('system of messages') }],
    messages: [
      { role: 'user', content: `${filler}${plant('long prompt of messages')}` },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: plant('earlier thinking'), signature: plant('earlier signature') },
          { type: 'tool_use', id: 't1', name: 'look', input: { q: plant('earlier tool input') } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't1', content: plant('tool result of messages') }],
      },
    ],
    metadata: { user_id: plant('metadata of messages') },
  }),
  '/responses': (model, plant) => ({
    model,
    instructions: plant('instructions'),
    input: [{ role: 'user', content: [{ type: 'input_text', text: plant('input of responses') }] }],
  }),
  '/completions': (model, plant) => ({ model, prompt: plant('prompt of completions') }),
  '/embeddings': (model, plant) => ({ model, input: [plant('input of embeddings')] }),
};

/** @param name how the model of that behaviour is called at a provider */
function goodAndBad(name: ModelName, plant: Plant): Request[] {
  const of = (path: string, model: string, more: object = {}): Request => ({
    path,
    body: JSON.stringify({ ...bodies[path]?.(model, (n) => plant(`${n}, ${model}`)), ...more }),
  });
  const requests: Request[] = [];
  for (const model of MODELS)
    for (const provider of PROVIDERS)
      for (const path of ['/chat/completions', '/messages'])
        for (const stream of [false, true])
          if (model !== 'hangs') requests.push(of(path, name(provider, model), { stream }));
  for (const path of ['/responses', '/completions', '/embeddings'])
    for (const model of ['echo', 'error-json']) requests.push(of(path, name('chatty', model)));
  // A member that the other dialect has no word for.
  requests.push(of('/chat/completions', name('wordy', 'echo'), { logit_bias: { [plant('logit bias')]: 1 } }));
  requests.push(of('/messages', name('chatty', 'echo'), { messages: [{ role: plant('role') }] }));
  requests.push(of('/messages', name('chatty', 'echo'), { tools: [{ type: plant('type of a tool') }] }));
  requests.push({ ...of('/messages', name('wordy', 'echo')), path: '/messages/count_tokens' });
  return requests;
}

function headersAndNames(echo: string, plant: Plant): Request[] {
  const plain = (more: object = {}) =>
    JSON.stringify({ model: echo, messages: [{ role: 'user', content: plant('prompt') }], ...more });
  const chat = (more: object = {}, headers: Record<string, string> = {}): Request => ({
    path: '/chat/completions',
    body: plain(more),
    headers,
  });
  return [
    chat({}, { 'x-anything': plant('unknown header'), cookie: `a=${plant('cookie')}` }),
    chat({}, { authorization: `Bearer ${plant('bad key')}`, 'x-api-key': plant('bad API key') }),
    chat({}, { 'user-agent': plant('user agent'), traceparent: plant('trace') }),
    chat({}, { referer: `http://localhost/${encodeURIComponent(plant('page'))}` }),
    chat({}, { 'x-title': `A title ${'that is long '.repeat(20)}${plant('end of a title')}` }),
    chat({ metadata: { note: plant('metadata') }, [plant('unknown member')]: 1 }),
    chat({ trace: plant('trace member'), preset: plant('preset') }),
    chat({ session_id: `${'s'.repeat(600)}${plant('end of a session')}` }),
    chat({ model: plant('unknown model') }),
    chat({ model: `nobody/${plant('model of nobody').replace(' ', '-')}` }),
    chat({ model: `open/${plant('model of an open provider').replace(' ', '-')}` }),
    chat({ model: `${echo}:${plant('variant').replace(' ', '-')}` }),
    chat({ models: [plant('fallback'), echo] }),
    chat({ provider: { order: [plant('provider order')] } }),
    chat({ provider: { only: [plant('only provider')] } }),
    chat({ provider: { sort: plant('sort') } }),
    chat({ provider: plant('provider as text') }),
    chat({ model: { name: plant('model as object') } }),
    chat({ stream: plant('stream as text') }),
    chat({ max_tokens: plant('tokens as text') }),
    chat({ session_id: [plant('session as list')] }),
    chat({ messages: plant('messages as text') }),
    chat({ model: 'stateai/sandbox' }),
    chat({ model: 'stateai/sandbox', stream: true, tools: plant('tools as text') }),
    { path: `/${plant('path').replace(' ', '-')}`, body: plain() },
  ];
}

function malformed(plant: Plant, most: number): Request[] {
  const at = (body: string | Buffer, headers: Record<string, string> = {}): Request => ({
    path: '/chat/completions',
    body,
    headers,
  });
  return [
    at(plant('no JSON')),
    at(`{"model":"a","messages":[{"content":"${plant('cut JSON')}`),
    at(`{"model":"a","messages":[], ${plant('JSON without quotes')}}`),
    at(`{"${plant('a member twice')}":1,"model":"a","model":"${plant('a model twice')}"}`),
    at(`{"model":"\\x${plant('bad escape')}","messages":[]}`),
    at(
      Buffer.concat([Buffer.from(`{"model":"${plant('bad UTF-8')}`), Buffer.from([0xff, 0xfe, 0x22, 0x7d])]),
    ),
    at(`{"model":"a","messages":"${plant('too large')}${'x'.repeat(most)}"}`),
    at(gzipSync(`{"model":"${plant('gzip body')}`), { 'content-encoding': 'gzip' }),
    at(`${plant('no gzip')}`, { 'content-encoding': 'gzip' }),
    at(plant('unknown encoding'), { 'content-encoding': 'br' }),
    at(plant('odd type'), { 'content-type': 'application/x-anything; a=b' }),
  ];
}

export interface Traffic {
  /** Up to and with `/api/v1`. */
  url: string;
  /** How the model of a behaviour is called at a provider. */
  name: ModelName;
  plant: Plant;
  /** Bytes that the gateway takes. */
  mostBytes: number;
}

/** Sends them all. Answers the text of every answer. */
export async function sendCanaries({ url, name, plant, mostBytes }: Traffic): Promise<string[]> {
  const requests = [
    ...malformed(plant, mostBytes),
    ...goodAndBad(name, plant),
    ...headersAndNames(name('chatty', 'echo'), plant),
  ];
  const answers: string[] = [];
  const send = async ({ path, body, headers = {} }: Request) => {
    const response = await fetch(url + path, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: { 'content-type': 'application/json', ...headers },
    });
    answers.push(await response.text().catch(() => ''));
  };
  const queue = [...requests];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await send(next);
    }),
  );
  for (const path of ['/generation?id=', '/models?offset=', '/models/nobody/'])
    answers.push(await (await fetch(url + path + encodeURIComponent(plant(`GET ${path}`)))).text());
  for (const provider of PROVIDERS)
    for (const stream of [true, false])
      for (const path of ['/chat/completions', '/messages']) {
        const model = name(provider, 'hangs');
        const body = { ...bodies[path]?.(model, (n) => plant(`${n}, ${model}`)), stream };
        await abandon(url + path, JSON.stringify(body), stream);
      }
  await breakOffUpload(url, plant('upload that breaks off'));
  return answers;
}

/** Goes away while waiting, or in the middle of the stream. */
async function abandon(url: string, body: string, stream: boolean): Promise<void> {
  const stop = new AbortController();
  if (!stream) setTimeout(() => stop.abort(), 50);
  try {
    const response = await fetch(url, { method: 'POST', body, signal: stop.signal });
    await response.body?.getReader().read();
  } catch {
    // As was meant.
  }
  stop.abort();
}

/** A request on a connection that stays open afterwards. */
export function askAndStay({ url, name, plant }: Traffic, stream: boolean): Promise<Socket> {
  const { hostname, port, pathname } = new URL(`${url}/chat/completions`);
  const body = JSON.stringify({
    model: name('chatty', 'echo'),
    stream,
    messages: [{ role: 'user', content: plant('prompt of a connection that stays') }],
  });
  const head = [
    `POST ${pathname}?q=${encodeURIComponent(plant('query of a connection that stays'))} HTTP/1.1`,
    'Host: localhost',
    `X-Anything: ${plant('header of a connection that stays')}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk;
      // The end of a chunked answer, or of a whole one.
      if (/^HTTP.*(\r\n0\r\n\r\n$|\}$)/s.test(text.slice(0, 4) + text.slice(-9))) resolve(socket);
    });
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

function breakOffUpload(url: string, text: string): Promise<void> {
  const { hostname, port, pathname } = new URL(`${url}/chat/completions`);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('close', () => resolve());
    socket.on('error', () => undefined);
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n{"model":"a","x":"${text}`,
      () => setTimeout(() => socket.destroy(), 30),
    );
  });
}
