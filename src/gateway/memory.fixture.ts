/**
 * Run as a program of its own (with --expose-gc): sends requests of every outcome through a gateway and prints how much
 * memory is held before and after, once for each measurement.
 */
import Fastify from 'fastify';
import { loadCatalog } from '../catalog/catalog.ts';
import { chatBody, chatEvents, fakeUpstream, json, openToAll } from '../testing/gateway.ts';
import { resolveConfig } from './config/config.ts';
import { createGateway } from './gateway.ts';
import { serverWith } from './http-server.ts';
import { gatewayHandler } from './routes.ts';

const [warm = 0, measured = 0, promptBytes = 0] = process.argv.slice(2).map(Number);
const upstream = await fakeUpstream((response, { body }) => {
  const { stream, model } = JSON.parse(body);
  upstream.requests.length = 0;
  if (model === 'bad') return json(response, { error: { message: body } }, 400);
  if (!stream) return json(response, chatBody(body));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const [first = '', ...rest] = chatEvents([body, 'end']);
  response.write(first);
  // The half of them waits for a client that hangs up.
  return model === 'slow' ? undefined : response.end(rest.join(''));
});
const gateway = createGateway({
  config: resolveConfig(
    { environment: false, providers: [{ slug: 'up', url: upstream.url, lists: false }] },
    {},
  ),
  catalog: await loadCatalog({ dataDir: '/nowhere' }),
  accounts: openToAll,
  hashAccount: (name) => name,
  hashSession: (name) => name,
  record: () => undefined,
});
const server = Fastify({
  serverFactory: serverWith(gatewayHandler(gateway), { headersMs: 60_000, requestMs: 300_000 }),
});
const address = await server.listen({ port: 0, host: '127.0.0.1' });

async function request(i: number): Promise<void> {
  const model = i % 10 === 0 ? 'up/bad' : i % 10 === 1 ? 'up/slow' : 'up/good';
  const stop = new AbortController();
  const response = await fetch(`${address}/api/v1/chat/completions`, {
    method: 'POST',
    signal: stop.signal,
    body: JSON.stringify({
      model,
      stream: i % 2 === 1,
      session_id: `session ${i}`,
      messages: [{ role: 'user', content: `${i} `.repeat(promptBytes / 5) }],
    }),
  });
  if (model !== 'up/slow') return void (await response.arrayBuffer());
  await response.body?.getReader().read();
  stop.abort();
}

async function send(from: number, to: number): Promise<void> {
  let next = from;
  const worker = async () => {
    while (next < to) await request(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await gateway.drain(5000);
}

async function held(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

await send(0, warm);
const before = await held();
await send(warm, warm + measured);
const after = await held();
process.stdout.write(JSON.stringify({ before, after, inFlight: gateway.inFlight() }));
process.exit();
