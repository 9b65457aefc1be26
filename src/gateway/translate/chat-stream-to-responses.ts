/** A stream of chat completion chunks as a stream of responses. */
import { given, numberOf, objectOf, objectsOf, stringOf } from '../../json/read.ts';
import { termOf } from '../../json/short-words.ts';
import type { JsonObject, StreamEvent, Usage } from '../contract.ts';
import { objectIn } from '../upstream/events.ts';
import { type PartEvent, type PartHead, partsOfStream } from './chat-parts.ts';
import { failureInChat, responsesErrorCode } from './errors.ts';
import { responsesStatus } from './finish-reasons.ts';
import { belongsTo } from './reasoning-items.ts';
import { contentPart, type ItemStatus, itemId, outputItem, responseShell, tierOf } from './response-items.ts';
import { CUT_OFF, namedEvent, now, saysNothing } from './stream-events.ts';
import { laterUsage, usageFromChat, usageToResponses } from './usage.ts';

interface OpenItem {
  head: PartHead;
  id: string;
  text: string;
}

/**
 * Every event is numbered. The last one, `response.completed` or `response.incomplete`, holds the whole response with its
 * usage. An error, or an end before the finish reason, becomes `response.failed`.
 * @param request the client's request, whose settings the response repeats
 */
export function chatStreamToResponses(request?: JsonObject): {
  push(event: StreamEvent): StreamEvent[];
  end(): StreamEvent[];
} {
  const parts = partsOfStream();
  const output: JsonObject[] = [];
  let shell: JsonObject = {};
  let open: OpenItem | null = null;
  let sequence = 0;
  let started = false;
  let ended = false;
  let finish: string | null = null;
  let usage: Usage | null = null;

  const event = (type: string, members: JsonObject): StreamEvent =>
    namedEvent({ type, sequence_number: sequence++, ...members });
  const at = (item: OpenItem): JsonObject => ({ item_id: item.id, output_index: output.length });

  function start(chunk: JsonObject): StreamEvent[] {
    if (started) return [];
    started = true;
    const created = numberOf(chunk.created) ?? now();
    shell = responseShell(stringOf(chunk.id) ?? '', stringOf(chunk.model) ?? '', created, request);
    return [
      event('response.created', { response: shell }),
      event('response.in_progress', { response: shell }),
    ];
  }

  /** @param status of an item that is closed */
  function partEvents(part: PartEvent, status: ItemStatus = 'completed'): StreamEvent[] {
    if (part.do === 'open') return openItem(part.head);
    if (part.do === 'append') return append(part.text);
    if (part.do === 'detail') {
      if (open?.head.kind === 'reasoning') open.head = { kind: 'reasoning', detail: part.detail };
      return [];
    }
    // A reasoning item stays open until it is clear whether encrypted content belongs to it.
    return open === null || open.head.kind === 'reasoning' ? [] : closeItem(status);
  }

  function openItem(head: PartHead): StreamEvent[] {
    if (
      head.kind === 'encrypted' &&
      open?.head.kind === 'reasoning' &&
      belongsTo(head.detail, open.head.detail)
    )
      return closeItem('completed', head.detail);
    const before = closeItem('completed');
    const item: OpenItem = { head, id: itemId(head, String(shell.id), output.length), text: '' };
    open = item;
    const added = event('response.output_item.added', {
      output_index: output.length,
      item: outputItem({ head, text: '' }, item.id, 'in_progress'),
    });
    if (head.kind !== 'text' && head.kind !== 'refusal') return [...before, added];
    const part = contentPart(head.kind, '');
    return [...before, added, event('response.content_part.added', { ...at(item), content_index: 0, part })];
  }

  function append(text: string): StreamEvent[] {
    const item = open;
    if (item === null) return [];
    const first = item.text === '';
    item.text += text;
    const place = at(item);
    switch (item.head.kind) {
      case 'text':
        return [
          event('response.output_text.delta', { ...place, content_index: 0, delta: text, logprobs: [] }),
        ];
      case 'refusal':
        return [event('response.refusal.delta', { ...place, content_index: 0, delta: text })];
      case 'tool': {
        const kind = item.head.custom ? 'custom_tool_call_input' : 'function_call_arguments';
        return [event(`response.${kind}.delta`, { ...place, delta: text })];
      }
      case 'reasoning': {
        const part = { type: 'summary_text', text: '' };
        const opening = first
          ? [event('response.reasoning_summary_part.added', { ...place, summary_index: 0, part })]
          : [];
        return [
          ...opening,
          event('response.reasoning_summary_text.delta', { ...place, summary_index: 0, delta: text }),
        ];
      }
      default:
        return [];
    }
  }

  function closeItem(status: ItemStatus, encrypted: JsonObject | null = null): StreamEvent[] {
    const item = open;
    if (item === null) return [];
    open = null;
    const done = contentDone(item);
    const whole = outputItem({ head: item.head, text: item.text }, item.id, status, encrypted);
    const last = event('response.output_item.done', { output_index: output.length, item: whole });
    output.push(whole);
    return [...done, last];
  }

  function contentDone(item: OpenItem): StreamEvent[] {
    const { head, text } = item;
    const place = at(item);
    switch (head.kind) {
      case 'text':
      case 'refusal': {
        const said: JsonObject = head.kind === 'text' ? { text, logprobs: [] } : { refusal: text };
        const kind = head.kind === 'text' ? 'output_text' : 'refusal';
        return [
          event(`response.${kind}.done`, { ...place, content_index: 0, ...said }),
          event('response.content_part.done', {
            ...place,
            content_index: 0,
            part: contentPart(head.kind, text),
          }),
        ];
      }
      case 'tool':
        return head.custom
          ? [event('response.custom_tool_call_input.done', { ...place, input: text })]
          : [event('response.function_call_arguments.done', { ...place, name: head.name, arguments: text })];
      case 'reasoning': {
        if (text === '') return [];
        const part = { type: 'summary_text', text };
        return [
          event('response.reasoning_summary_text.done', { ...place, summary_index: 0, text }),
          event('response.reasoning_summary_part.done', { ...place, summary_index: 0, part }),
        ];
      }
      default:
        return [];
    }
  }

  function closeAll(): StreamEvent[] {
    const status = responsesStatus(finish).status === 'completed' ? 'completed' : 'incomplete';
    const last = parts.end();
    const isLast = (i: number) => i === last.length - 1;
    return [
      ...last.flatMap((part, i) => partEvents(part, isLast(i) ? status : 'completed')),
      ...closeItem(status),
    ];
  }

  function complete(): StreamEvent[] {
    ended = true;
    const { status, reason } = responsesStatus(finish);
    const rest = closeAll();
    const response = {
      ...shell,
      status,
      completed_at: status === 'completed' ? now() : null,
      incomplete_details: reason === null ? null : { reason },
      output,
      usage: usageToResponses(usage),
    };
    return [...rest, event(`response.${status}`, { response })];
  }

  function fail(status: number, message: string): StreamEvent[] {
    ended = true;
    const code = responsesErrorCode(status);
    if (!started) return [event('error', { code, message, param: null })];
    const response = {
      ...shell,
      status: 'failed',
      error: { code, message },
      output,
      usage: usageToResponses(usage),
    };
    return [event('response.failed', { response })];
  }

  function chunkEvents(chunk: JsonObject): StreamEvent[] {
    usage = laterUsage(usage, usageFromChat(chunk.usage));
    const failure = failureInChat(chunk);
    if (failure !== null) return fail(failure.status, failure.clientMessage);
    if (saysNothing(chunk)) return [];
    const events = start(chunk);
    if (given(chunk.service_tier)) shell.service_tier = tierOf(chunk.service_tier);
    const choice = objectsOf(chunk.choices).find((c) => (c.index ?? 0) === 0);
    if (choice === undefined) return events;
    events.push(...parts.push(objectOf(choice.delta)).flatMap((part) => partEvents(part)));
    const word = termOf(choice.finish_reason);
    if (word === null) return events;
    finish = word;
    return [...events, ...closeAll()];
  }

  return {
    push(event) {
      if (ended) return [];
      // The upstream says that this is all, also where it gave no reason.
      if (event.data === '[DONE]') return started ? complete() : [];
      const chunk = objectIn(event);
      return chunk === null ? [] : chunkEvents(chunk);
    },
    end() {
      if (ended) return [];
      return finish === null ? fail(502, CUT_OFF) : complete();
    },
  };
}
