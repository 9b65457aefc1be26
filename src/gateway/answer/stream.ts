/**
 * Hands a stream to the client as it comes. Until the first token nothing that binds us is sent, so another endpoint can
 * still take over; after it, a stream that breaks off ends with the contract's error, never as if it were complete.
 */

import { type Fields, objectOf } from '../../json/read.ts';
import { estimateInChat, outcomeOf } from '../accounting/record.ts';
import type { Dialect, StreamEvent } from '../contract.ts';
import type { Delivery } from '../delivery.ts';
import { type Exchange, elapsed } from '../exchange.ts';
import { toolIndexes } from '../translate/tool-indexes.ts';
import { repeatedBody } from '../upstream/build-request.ts';
import { eventText, objectIn, readEvents } from '../upstream/events.ts';
import { answerFacts } from './answer-facts.ts';
import { type AnswerFacts, chatChunk, usageChunk } from './chat-answer.ts';
import { errorEvents, type Failure, failure, failureOf, upstreamFailure } from './errors.ts';

export interface StreamSource {
  start(sink: { data(chunk: Buffer): void; end(): void; error(error: unknown): void }): void;
  pause(): void;
  resume(): void;
  abort(): void;
}

/** A client that hears nothing for so long is told that its request is being worked on. */
const KEEP_ALIVE_MS = 10_000;
/** One event may not be larger. */
const LARGEST_EVENT = 64 << 20;
/** Events that are held back before the first token. */
const MOST_HELD = 1 << 20;

/**
 * Until a stream begins, however long providers take to answer or one after the other fails, the client hears that its
 * request is being worked on. Returns how to stop that.
 */
export function keepWaiting(exchange: Exchange): () => void {
  const { client, dialect, id } = exchange;
  const timer = setInterval(() => {
    // From then on its delivery does.
    if (exchange.status !== null) return;
    client.open({ 'x-generation-id': id });
    client.write(waitNote(dialect));
  }, KEEP_ALIVE_MS);
  return () => clearInterval(timer);
}

export function deliverStream(delivery: Delivery, source: StreamSource): Promise<Failure | null> {
  const { exchange, tap, to } = delivery;
  const { client, id } = exchange;
  const { observed } = tap;
  const writer = writerFor(delivery);
  /** For the client: what came before the first token, or of the piece that is being read. */
  let held: (Buffer | string)[] = [];
  let heldBytes = 0;
  let sinceEvent = 0;
  let begun = false;

  return new Promise((resolve) => {
    let isOver = false;
    const open = () => client.open({ 'x-generation-id': id });
    let timer: NodeJS.Timeout | undefined;
    const over = (result: Failure | null) => {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      held = [];
      resolve(result);
    };
    let isFull = false;
    const send = (data: Buffer | string) => {
      timer?.refresh();
      if (client.write(data) || client.isGone || isFull) return;
      isFull = true;
      source.pause();
      client.onDrain(() => {
        isFull = false;
        source.resume();
      });
    };
    const begin = () => {
      begun = true;
      exchange.status = 200;
      timer = setInterval(() => client.write(waitNote(exchange.dialect)), KEEP_ALIVE_MS);
      open();
    };
    const put = (data: Buffer | string) => {
      held.push(data);
      if (!begun) heldBytes += data.length;
    };
    /** The events of one piece go out in one write. */
    const flush = () => {
      if (!begun || held.length === 0) return;
      const pieces = writer.raw ? held : [held.join('')];
      held = [];
      for (const piece of pieces) send(piece);
    };
    const advance = () => {
      if (isOver) return;
      if (!begun && observed.started) exchange.latencyMs ??= elapsed(exchange);
      if (!begun && (observed.started || heldBytes > MOST_HELD)) begin();
      flush();
    };
    const breakOff = (why: Failure) => {
      if (isOver) return;
      if (!begun) return over(why);
      flush();
      exchange.failure = why;
      const model = answerFacts(exchange, to).model;
      for (const event of errorEvents(exchange.dialect, why, { id, model, created: exchange.createdAt }))
        client.write(eventText(event));
      client.end();
      over(null);
    };
    const reader = readEvents((event) => {
      sinceEvent = 0;
      if (isOver) return;
      tap.event(event);
      const isChat = exchange.dialect === 'chat' || exchange.dialect === 'completions';
      if (observed.failed && (!begun || isChat)) {
        breakOff(upstreamFailure(null, {}, event.data, to.endpoint.provider.name));
        return source.abort();
      }
      if (observed.failed)
        exchange.failure ??= {
          ...upstreamFailure(null, {}, event.data, to.endpoint.provider.name),
          status: 200,
        };
      const text = writer.event(event);
      if (text !== null) put(text);
    });

    /** What fails here is ours or the translation's: the client hears of it, and nothing else falls over. */
    const guarded = (work: () => void) => {
      try {
        work();
      } catch (error) {
        breakOff(failureOf(error));
        source.abort();
      }
    };
    const data = (chunk: Buffer) => {
      if (isOver) return;
      sinceEvent += chunk.length;
      if (writer.raw) put(chunk);
      flush();
      reader.feed(chunk);
      advance();
      if (sinceEvent <= LARGEST_EVENT) return;
      breakOff(failure('upstream_failed', 'The provider sent an event that is too large'));
      source.abort();
    };
    const end = () => {
      reader.end();
      advance();
      if (isOver) return;
      // What ends without a word and without a reason is no answer, whatever it says at its end.
      if (!(observed.finished && observed.started) && !observed.failed)
        return breakOff(
          failure('upstream_failed', 'The provider closed the stream before it was complete', {
            provider: to.endpoint.provider.name,
          }),
        );
      if (!begun) begin();
      flush();
      const tail = writer.tail().join('');
      if (tail !== '') client.write(tail);
      client.end();
      over(null);
    };
    source.start({
      data: (chunk) => guarded(() => data(chunk)),
      end: () => guarded(end),
      error(error) {
        if (client.isGone) return over(null);
        breakOff({ ...failureOf(error), provider: to.endpoint.provider.name });
      },
    });
  });
}

const PING = 'event: ping\ndata: {"type":"ping"}\n\n';
const waitNote = (dialect: Dialect): string =>
  dialect === 'messages' ? PING : ': OPENROUTER PROCESSING\n\n';

interface Writer {
  /** The upstream's bytes go to the client as they are. */
  raw: boolean;
  /** What an event becomes; null = nothing. */
  event(event: StreamEvent): string | null;
  /** What stands at the end of a complete stream. */
  tail(): string[];
}

function writerFor({ exchange, to }: Delivery): Writer {
  const isChat = exchange.dialect === 'chat' || exchange.dialect === 'completions';
  const { request } = exchange;
  const translate = (request && to.route.translation?.stream(repeatedBody(request))) ?? null;
  if (!translate && !isChat) return { raw: true, event: () => null, tail: () => [] };
  if (!isChat && translate) {
    const isFromChat = to.route.dialect === 'chat';
    const push = (event: StreamEvent) => translate.push(event).map(eventText);
    /** Where nobody counted, the translation hears of the estimate before the end. */
    const counts = (): string[] => {
      const usage = isFromChat && exchange.observed.finished ? estimateInChat(exchange) : null;
      return usage
        ? push({ event: null, data: JSON.stringify({ id: exchange.id, choices: [], usage }) })
        : [];
    };
    return {
      raw: false,
      event: (event) => [...(event.data === '[DONE]' ? counts() : []), ...push(event)].join('') || null,
      tail: () => [...counts(), ...translate.end().map(eventText)],
    };
  }
  const toolIndex = toolIndexes();
  let facts: AnswerFacts | null = null;
  let created: number | null = null;
  let usage: Fields = {};
  const one = (event: StreamEvent): string => {
    const chunk = event.data === '[DONE]' ? null : objectIn(event);
    if (!chunk) return '';
    if (typeof chunk.created === 'number') created ??= chunk.created;
    if (chunk.usage) usage = objectOf(chunk.usage);
    // A provider that is itself a gateway says who served it, in its first chunk.
    facts ??= answerFacts(exchange, to);
    const out = chatChunk(chunk, facts, toolIndex);
    return out ? `data: ${JSON.stringify(out)}\n\n` : '';
  };
  return {
    raw: false,
    event: (event) => (translate ? translate.push(event).map(one).join('') : one(event)) || null,
    tail() {
      const rest = translate ? translate.end().map(one) : [];
      const object = exchange.dialect === 'chat' ? 'chat.completion.chunk' : 'text_completion';
      exchange.outcome = outcomeOf(exchange);
      const last = usageChunk(
        object,
        created ?? Math.floor(exchange.createdAt / 1000),
        facts ?? answerFacts(exchange, to),
        exchange.outcome,
        usage,
      );
      return [...rest.filter((t) => t !== ''), `data: ${JSON.stringify(last)}\n\n`, 'data: [DONE]\n\n'];
    },
  };
}
