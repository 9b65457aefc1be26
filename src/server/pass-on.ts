/** Passes requests on to another server of ours as they are, and its answers back, both as they come. */
import type { FastifyInstance } from 'fastify';
import type { Dispatcher } from 'undici';

/** Headers that belong to one connection. */
const HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'te',
  'trailer',
  'expect',
]);

/** For every path that nobody else answers. */
export const passOn = (origin: string, agent: Dispatcher) => async (app: FastifyInstance) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.all('/*', { schema: { hide: true } }, async (request, reply) => {
    reply.hijack();
    const [incoming, outgoing] = [request.raw, reply.raw];
    const stop = new AbortController();
    outgoing.on('close', () => stop.abort());
    try {
      const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
      const answer = await agent.request({
        origin,
        path: incoming.url ?? '/',
        method: (incoming.method ?? 'GET') as Dispatcher.HttpMethod,
        headers: withoutHops(incoming.headers),
        body: hasBody ? incoming : null,
        signal: stop.signal,
      });
      outgoing.writeHead(answer.statusCode, withoutHops(answer.headers));
      // Headers of a stream are due before its first event.
      outgoing.flushHeaders();
      for await (const chunk of answer.body)
        if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once('drain', resolve));
      outgoing.end();
    } catch {
      if (outgoing.headersSent) outgoing.destroy();
      else {
        outgoing.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
        outgoing.end(
          JSON.stringify({
            error: { code: 503, message: 'The server’s first process does not answer', next: 'Try again.' },
          }),
        );
      }
    }
  });
};

function withoutHops(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP.has(name)),
  ) as Record<string, string | string[]>;
}
