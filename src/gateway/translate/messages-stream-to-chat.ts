/** A stream of Anthropic's messages as a stream of chat completion chunks. */
import { compact, numberOf, objectOf, stringOf } from '../../json/read.ts';
import { termOf } from '../../json/short-words.ts';
import type { JsonObject, StreamEvent, Usage } from '../contract.ts';
import { objectIn } from '../upstream/events.ts';
import { chunkError, readUpstreamError } from './errors.ts';
import { chatFinishReason } from './finish-reasons.ts';
import { refusalOf, serviceTierOf } from './messages-response-to-chat.ts';
import { CLAUDE_FORMAT, detailOfBlock } from './reasoning.ts';
import { CUT_OFF, chunkEvent, DONE, now } from './stream-events.ts';
import { laterUsage, usageFromMessages, usageToChat } from './usage.ts';

/** What is known of a tool call while its arguments come in. */
interface ToolBlock {
  index: number;
  /** What its arguments are if none come in pieces: those of the start of the block, or none. */
  whole: string | null;
}

/**
 * The first chunk carries the role, the last two the finish reason and the usage, then `[DONE]`. A stream that breaks off
 * before its stop reason ends with an error chunk and without `[DONE]`.
 */
export function messagesStreamToChat(): { push(event: StreamEvent): StreamEvent[]; end(): StreamEvent[] } {
  const head = { id: '', object: 'chat.completion.chunk', created: now(), model: '' };
  const tools = new Map<number, ToolBlock>();
  let usage: Usage | null = null;
  let tier: string | undefined;
  let started = false;
  let stopped = false;
  let ended = false;

  const chunk = (delta: JsonObject, finish: string | null = null, more: JsonObject = {}): StreamEvent =>
    chunkEvent(
      compact({
        ...head,
        service_tier: tier,
        choices: [{ index: 0, delta, finish_reason: finish, logprobs: null, ...more }],
      }),
    );

  function start(message: JsonObject): StreamEvent[] {
    if (started) return [];
    started = true;
    head.id = stringOf(message.id) ?? '';
    head.model = stringOf(message.model) ?? '';
    usage = laterUsage(usage, usageFromMessages(message.usage));
    tier = serviceTierOf(objectOf(message.usage));
    return [chunk({ role: 'assistant', content: '' })];
  }

  function startBlock(index: number, block: JsonObject): StreamEvent[] {
    if (block.type === 'tool_use') {
      const tool = { index: tools.size, whole: wholeInput(block) };
      tools.set(index, tool);
      const fn = { name: stringOf(block.name) ?? '', arguments: '' };
      return [
        chunk({
          tool_calls: [{ index: tool.index, id: stringOf(block.id) ?? '', type: 'function', function: fn }],
        }),
      ];
    }
    if (block.type === 'text') return block.text ? [chunk({ content: block.text })] : [];
    const detail = detailOfBlock(block, index);
    if (detail === null || (detail.type === 'reasoning.text' && !detail.text && !detail.signature)) return [];
    return [chunk(compact({ reasoning: stringOf(detail.text) || undefined, reasoning_details: [detail] }))];
  }

  function deltaOf(index: number, delta: JsonObject): StreamEvent[] {
    switch (delta.type) {
      case 'text_delta':
        return [chunk({ content: stringOf(delta.text) ?? '' })];
      case 'thinking_delta': {
        const text = stringOf(delta.thinking) ?? '';
        const detail = { type: 'reasoning.text', text, format: CLAUDE_FORMAT, index };
        return text === '' ? [] : [chunk({ reasoning: text, reasoning_details: [detail] })];
      }
      case 'signature_delta': {
        const signature = stringOf(delta.signature) ?? '';
        const detail = { type: 'reasoning.text', text: '', signature, format: CLAUDE_FORMAT, index };
        return signature === '' ? [] : [chunk({ reasoning_details: [detail] })];
      }
      case 'input_json_delta': {
        const tool = tools.get(index);
        const text = stringOf(delta.partial_json) ?? '';
        if (!tool || text === '') return [];
        tool.whole = null;
        return [toolArguments(tool, text)];
      }
      default:
        return [];
    }
  }

  const toolArguments = (tool: ToolBlock, text: string): StreamEvent =>
    chunk({ tool_calls: [{ index: tool.index, function: { arguments: text } }] });

  function stopBlock(index: number): StreamEvent[] {
    const tool = tools.get(index);
    if (!tool?.whole) return [];
    const text = tool.whole;
    tool.whole = null;
    return [toolArguments(tool, text)];
  }

  function messageDelta(data: JsonObject): StreamEvent[] {
    usage = laterUsage(usage, usageFromMessages(data.usage));
    const delta = objectOf(data.delta);
    const native = termOf(delta.stop_reason);
    if (native === null || stopped) return [];
    stopped = true;
    const refusal = refusalOf(delta);
    return [
      chunk(refusal === null ? {} : { refusal }, chatFinishReason(native), { native_finish_reason: native }),
    ];
  }

  function finish(): StreamEvent[] {
    ended = true;
    const counts = usageToChat(usage);
    return counts === undefined ? [DONE] : [chunkEvent({ ...head, choices: [], usage: counts }), DONE];
  }

  function fail(error: JsonObject): StreamEvent[] {
    ended = true;
    const choices = [
      { index: 0, delta: { content: '' }, finish_reason: 'error', native_finish_reason: 'error' },
    ];
    return [chunkEvent(compact({ ...head, error, choices, usage: usageToChat(usage) }))];
  }

  return {
    push(event) {
      const data = ended ? null : objectIn(event);
      if (data === null) return [];
      const index = numberOf(data.index) ?? 0;
      switch (data.type) {
        case 'message_start':
          return start(objectOf(data.message));
        case 'content_block_start':
          return startBlock(index, objectOf(data.content_block));
        case 'content_block_delta':
          return deltaOf(index, objectOf(data.delta));
        case 'content_block_stop':
          return stopBlock(index);
        case 'message_delta':
          return messageDelta(data);
        case 'message_stop':
          return finish();
        case 'error':
          return fail(chunkError(readUpstreamError(null, data)));
        default:
          return [];
      }
    },
    end() {
      if (ended) return [];
      return stopped ? finish() : fail({ code: 502, message: CUT_OFF });
    },
  };
}

/** The input that stands in the start of a tool block, as JSON: clients of chat parse it, also where it is empty. */
const wholeInput = (block: JsonObject): string => JSON.stringify(objectOf(block.input));
