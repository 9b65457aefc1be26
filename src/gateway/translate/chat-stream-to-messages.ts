/** A stream of chat completion chunks as a stream of Anthropic's messages. */
import { objectOf, objectsOf, stringOf } from '../../json/read.ts';
import type { JsonObject, StreamEvent, Usage } from '../contract.ts';
import { objectIn } from '../upstream/events.ts';
import { type PartEvent, type PartHead, partsOfStream } from './chat-parts.ts';
import { messageShell, messagesUsage, stopFields, toolUse } from './chat-response-to-messages.ts';
import { failureInChat, renderError } from './errors.ts';
import { redactedData, signatureOf } from './reasoning.ts';
import { CUT_OFF, namedEvent, saysNothing } from './stream-events.ts';
import { laterUsage, usageFromChat, usageToMessages } from './usage.ts';

/**
 * One content block is open at a time. The stop reason waits for the usage, which chat sends last. A stream that breaks
 * off before its finish reason ends with an `error` event.
 */
export function chatStreamToMessages(): { push(event: StreamEvent): StreamEvent[]; end(): StreamEvent[] } {
  const parts = partsOfStream();
  let head: PartHead | null = null;
  let index = -1;
  let started = false;
  let ended = false;
  let choice: JsonObject | null = null;
  let usage: Usage | null = null;
  let refused = false;
  let refusal = '';

  function start(chunk: JsonObject): StreamEvent[] {
    if (started) return [];
    started = true;
    const message = {
      ...messageShell(chunk),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      usage: messagesUsage(chunk),
    };
    return [namedEvent({ type: 'message_start', message })];
  }

  const delta = (change: JsonObject): StreamEvent =>
    namedEvent({ type: 'content_block_delta', index, delta: change });

  function blockEvents(event: PartEvent): StreamEvent[] {
    if (event.do === 'open') {
      head = event.head;
      index++;
      if (head.kind === 'refusal') refused = true;
      return [namedEvent({ type: 'content_block_start', index, content_block: blockStart(head) })];
    }
    if (head === null) return [];
    if (event.do === 'append') {
      if (head.kind === 'refusal') refusal += event.text;
      return [delta(textDelta(head, event.text))];
    }
    if (event.do === 'detail') {
      if (head.kind === 'reasoning') head = { ...head, detail: event.detail };
      return [];
    }
    const signature = head.kind === 'reasoning' ? signatureOf(head.detail) : '';
    head = null;
    const stop = namedEvent({ type: 'content_block_stop', index });
    return signature === '' ? [stop] : [delta({ type: 'signature_delta', signature }), stop];
  }

  function finish(): StreamEvent[] {
    ended = true;
    const seen = { refused, tools: parts.tools > 0, refusal: refusal === '' ? null : refusal };
    const { cache_creation: _start, ...counts } = usageToMessages(usage);
    return [
      ...parts.end().flatMap(blockEvents),
      namedEvent({
        type: 'message_delta',
        delta: { container: null, ...stopFields(choice ?? {}, seen) },
        usage: counts,
      }),
      namedEvent({ type: 'message_stop' }),
    ];
  }

  function fail(error: JsonObject): StreamEvent[] {
    ended = true;
    return [namedEvent(error)];
  }

  function chunkEvents(chunk: JsonObject): StreamEvent[] {
    usage = laterUsage(usage, usageFromChat(chunk.usage));
    const failure = failureInChat(chunk);
    if (failure !== null)
      return fail(renderError('messages', { status: failure.status, message: failure.clientMessage }));
    if (saysNothing(chunk)) return [];
    const first = objectsOf(chunk.choices).find((c) => (c.index ?? 0) === 0);
    if (first === undefined) return start(chunk);
    const events = [...start(chunk), ...parts.push(objectOf(first.delta)).flatMap(blockEvents)];
    if (stringOf(first.finish_reason) === null) return events;
    choice = { ...choice, ...compactFinish(first) };
    return [...events, ...parts.end().flatMap(blockEvents)];
  }

  return {
    push(event) {
      if (ended) return [];
      // The upstream says that this is all, also where it gave no reason.
      if (event.data === '[DONE]') return started ? finish() : [];
      const chunk = objectIn(event);
      return chunk === null ? [] : chunkEvents(chunk);
    },
    end() {
      if (ended) return [];
      return choice !== null ? finish() : fail(renderError('messages', { status: 502, message: CUT_OFF }));
    },
  };
}

const compactFinish = ({ finish_reason, native_finish_reason }: JsonObject): JsonObject => ({
  finish_reason: finish_reason ?? null,
  native_finish_reason: native_finish_reason ?? null,
});

function blockStart(head: PartHead): JsonObject {
  switch (head.kind) {
    case 'reasoning':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'encrypted':
      return { type: 'redacted_thinking', data: redactedData(head.detail) };
    case 'tool':
      return toolUse(head);
    default:
      return { type: 'text', text: '', citations: null };
  }
}

function textDelta(head: PartHead, text: string): JsonObject {
  if (head.kind === 'reasoning') return { type: 'thinking_delta', thinking: text };
  if (head.kind === 'tool') return { type: 'input_json_delta', partial_json: text };
  return { type: 'text_delta', text };
}
