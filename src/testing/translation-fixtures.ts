/** For tests: streams as files, and a server that plays them to real clients. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createParser } from 'eventsource-parser';
import type { JsonObject, StreamEvent } from '../gateway/contract.ts';

const folder = new URL('../gateway/translate/fixtures/', import.meta.url);

const fixtureText = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
export const fixtureEvents = (name: string): StreamEvent[] => eventsOf(fixtureText(name));

/** The events of a text of server-sent events. */
export function eventsOf(text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ event: event ?? null, data }),
  });
  parser.feed(text);
  return events;
}

export const textOf = (events: StreamEvent[]): string =>
  events.map(({ event, data }) => `${event === null ? '' : `event: ${event}\n`}data: ${data}\n\n`).join('');

/** The data of events, parsed; `[DONE]` stays a string. */
export const dataOf = (events: StreamEvent[]): (JsonObject | string)[] =>
  events.map(({ data }) => (data === '[DONE]' ? data : (JSON.parse(data) as JsonObject)));

/** Runs all events through a translated stream, and closes it. */
export function play(
  stream: { push(event: StreamEvent): StreamEvent[]; end(): StreamEvent[] },
  events: StreamEvent[],
): StreamEvent[] {
  return [...events.flatMap((event) => stream.push(event)), ...stream.end()];
}

/** Answers every request with the same events or the same body; `url` has no trailing slash. */
export async function serve(answer: StreamEvent[] | JsonObject): Promise<{ url: string; close(): void }> {
  const [type, text] = Array.isArray(answer)
    ? ['text/event-stream', textOf(answer)]
    : ['application/json', JSON.stringify(answer)];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': type }).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
