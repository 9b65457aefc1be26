/** Events of a stream on their way out, one helper a dialect. */
import { objectsOf, stringOf } from '../../json/read.ts';
import type { JsonObject, StreamEvent } from '../contract.ts';

/** What ends a stream of chat or completions. */
export const DONE: StreamEvent = { event: null, data: '[DONE]' };

/** A chunk of chat or completions: an event without a name. */
export const chunkEvent = (chunk: JsonObject): StreamEvent => ({ event: null, data: JSON.stringify(chunk) });

/** An event of messages or responses: its name is its `type`. */
export const namedEvent = (data: JsonObject): StreamEvent => ({
  event: typeof data.type === 'string' ? data.type : null,
  data: JSON.stringify(data),
});

/** A chunk without a choice and an id: Azure begins with one, which tells of its filters alone. */
export const saysNothing = ({ id, choices }: JsonObject): boolean =>
  !stringOf(id) && objectsOf(choices).length === 0;

/** What the upstream did when it closed before its answer was complete. */
export const CUT_OFF = 'The upstream closed the stream before its answer was complete.';

/** Seconds since 1970, for dialects whose answers carry a time that the upstream's do not. */
export const now = (): number => Math.floor(Date.now() / 1000);
