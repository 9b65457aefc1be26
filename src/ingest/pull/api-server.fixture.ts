/** For tests: an API on this machine that answers as a test says, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export type Answer =
  | { json: unknown; status?: number; headers?: Record<string, string> }
  /** Raw bytes, to be wrong with. */
  | { text: string; status?: number; headers?: Record<string, string> }
  /** The connection breaks after these bytes. */
  | { cut: string }
  /** No answer at all. */
  | { silent: true };

export interface ApiServer {
  url: string;
  asked: Asked[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function apiServer(answer: (asked: Asked, number: number) => Answer): Promise<ApiServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', 'http://localhost');
    const one: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text ? JSON.parse(text) : null,
    };
    asked.push(one);
    send(response, answer(one, asked.length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, answer: Answer): void {
  if ('silent' in answer) return;
  if ('cut' in answer) {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': answer.cut.length + 100,
    });
    response.write(answer.cut);
    setImmediate(() => response.destroy());
    return;
  }
  const text = 'json' in answer ? JSON.stringify(answer.json) : answer.text;
  const type = 'json' in answer ? 'application/json' : 'text/html';
  response.writeHead(answer.status ?? 200, { 'content-type': type, ...answer.headers });
  response.end(text);
}
