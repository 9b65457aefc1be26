/** A stream of responses as a stream of chat completion chunks. */
import { compact, numberOf, objectOf, stringOf } from '../../json/read.ts';
import type { JsonObject, StreamEvent } from '../contract.ts';
import { objectIn } from '../upstream/events.ts';
import { chunkError, readUpstreamError } from './errors.ts';
import { RESPONSES_FORMAT } from './reasoning.ts';
import { detailsOfReasoningItem } from './reasoning-items.ts';
import { finishOf } from './responses-response-to-chat.ts';
import { CUT_OFF, chunkEvent, DONE, now } from './stream-events.ts';
import { usageFromResponses, usageToChat } from './usage.ts';

interface OpenTool {
  index: number;
  custom: boolean;
  /** Arguments came in pieces: the whole at the end must not be sent again. */
  said: boolean;
}

/**
 * The first chunk carries the role, the last two the finish reason and the usage, then `[DONE]`. A stream that fails or
 * breaks off ends with an error chunk and without `[DONE]`.
 */
export function responsesStreamToChat(): { push(event: StreamEvent): StreamEvent[]; end(): StreamEvent[] } {
  const head = { id: '', object: 'chat.completion.chunk', created: now(), model: '' };
  const tools = new Map<number, OpenTool>();
  let started = false;
  let ended = false;

  const chunk = (delta: JsonObject, more: JsonObject = {}): StreamEvent =>
    chunkEvent({ ...head, choices: [{ index: 0, delta, finish_reason: null, logprobs: null, ...more }] });

  function start(response: JsonObject): StreamEvent[] {
    if (started) return [];
    started = true;
    head.id = stringOf(response.id) ?? '';
    head.model = stringOf(response.model) ?? '';
    head.created = numberOf(response.created_at) ?? head.created;
    return [chunk({ role: 'assistant', content: '' })];
  }

  function itemAdded(index: number, item: JsonObject): StreamEvent[] {
    const custom = item.type === 'custom_tool_call';
    if (item.type !== 'function_call' && !custom) return [];
    const tool = { index: tools.size, custom, said: false };
    tools.set(index, tool);
    const name = stringOf(item.name) ?? '';
    const call: JsonObject = custom ? { custom: { name, input: '' } } : { function: { name, arguments: '' } };
    const id = stringOf(item.call_id) ?? '';
    return [
      chunk({ tool_calls: [{ index: tool.index, id, type: custom ? 'custom' : 'function', ...call }] }),
    ];
  }

  function toolText(index: number, text: string | null): StreamEvent[] {
    const tool = tools.get(index);
    if (!tool || !text) return [];
    tool.said = true;
    const more: JsonObject = tool.custom ? { custom: { input: text } } : { function: { arguments: text } };
    return [chunk({ tool_calls: [{ index: tool.index, ...more }] })];
  }

  function itemDone(index: number, item: JsonObject): StreamEvent[] {
    if (item.type === 'reasoning') {
      // Its visible text has been sent piece by piece.
      const rest = detailsOfReasoningItem(item).filter(
        (d) => d.type === 'reasoning.encrypted' || d.signature,
      );
      const details = rest.map((d): JsonObject => ({ ...d, ...('text' in d ? { text: '' } : {}), index }));
      return details.length > 0 ? [chunk({ reasoning_details: details })] : [];
    }
    if (tools.get(index)?.said) return [];
    return toolText(index, stringOf(item.arguments) ?? stringOf(item.input));
  }

  function reasoning(data: JsonObject, index: number, text: string, key: 'summary' | 'text'): StreamEvent[] {
    if (text === '') return [];
    const detail = compact({
      type: `reasoning.${key}`,
      [key]: text,
      format: RESPONSES_FORMAT,
      id: stringOf(data.item_id) ?? undefined,
      index,
    });
    return [chunk({ reasoning: text, reasoning_details: [detail] })];
  }

  function finish(response: JsonObject): StreamEvent[] {
    ended = true;
    const begun = start(response);
    const last = chunk({}, finishOf(response, tools.size > 0));
    const usage = usageToChat(usageFromResponses(response.usage));
    return [
      ...begun,
      last,
      ...(usage === undefined ? [] : [chunkEvent({ ...head, choices: [], usage })]),
      DONE,
    ];
  }

  function fail(error: JsonObject, response: JsonObject): StreamEvent[] {
    ended = true;
    const choices = [
      { index: 0, delta: { content: '' }, finish_reason: 'error', native_finish_reason: 'error' },
    ];
    return [
      chunkEvent(
        compact({ ...head, error, choices, usage: usageToChat(usageFromResponses(response.usage)) }),
      ),
    ];
  }

  function eventChunks(data: JsonObject): StreamEvent[] {
    const index = numberOf(data.output_index) ?? 0;
    const delta = stringOf(data.delta) ?? '';
    const response = objectOf(data.response);
    switch (data.type) {
      case 'response.created':
      case 'response.in_progress':
        return start(response);
      case 'response.output_item.added':
        return itemAdded(index, objectOf(data.item));
      case 'response.output_item.done':
        return itemDone(index, objectOf(data.item));
      case 'response.output_text.delta':
        return [chunk({ content: delta })];
      case 'response.refusal.delta':
        return [chunk({ refusal: delta })];
      case 'response.reasoning_summary_part.added':
        return (numberOf(data.summary_index) ?? 0) > 0 ? reasoning(data, index, '\n\n', 'summary') : [];
      case 'response.reasoning_summary_text.delta':
        return reasoning(data, index, delta, 'summary');
      case 'response.reasoning_text.delta':
        return reasoning(data, index, delta, 'text');
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return toolText(index, delta);
      case 'response.completed':
      case 'response.incomplete':
        return finish(response);
      case 'response.failed':
      case 'error':
        return fail(chunkError(readUpstreamError(null, data)), response);
      default:
        return [];
    }
  }

  return {
    push(event) {
      const data = ended ? null : objectIn(event);
      return data === null ? [] : eventChunks(data);
    },
    end() {
      return ended ? [] : fail({ code: 502, message: CUT_OFF }, {});
    },
  };
}
