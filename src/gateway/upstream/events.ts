/** Server-sent events: read from bytes that come in any pieces, and written. */
import { createParser } from 'eventsource-parser';
import { parseObject } from '../../json/read.ts';
import type { JsonObject, StreamEvent } from '../contract.ts';

export interface EventReader {
  feed(bytes: Buffer): void;
  /** Takes what stands behind the last line break as a line, as a stream may end without one. */
  end(): void;
}

export function readEvents(onEvent: (event: StreamEvent) => void): EventReader {
  // Characters may be split between pieces; bytes that are no UTF-8 become U+FFFD.
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: ({ event, data }) => onEvent({ event: event ?? null, data, object: undefined }),
  });
  return {
    feed: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })),
    end() {
      parser.feed(`${decoder.decode()}\n\n`);
    },
  };
}

/** The data of an event as a JSON object, read once for all who look at it, so nobody may change it. null = it is none. */
export function objectIn(event: StreamEvent): JsonObject | null {
  if (event.object === undefined) event.object = parseObject(event.data);
  return event.object;
}

export function eventText({ event, data }: StreamEvent): string {
  const lines = data.includes('\n')
    ? data
        .split('\n')
        .map((line) => `data: ${line}\n`)
        .join('')
    : `data: ${data}\n`;
  return event === null ? `${lines}\n` : `event: ${event}\n${lines}\n`;
}
