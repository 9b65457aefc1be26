/**
 * Reasoning between the dialects: `reasoning_details` of chat, thinking blocks of messages, reasoning items of responses.
 * Signatures and encrypted reasoning must come back to the upstream exactly as they left it. Where a dialect has no
 * place for what belongs to a detail (its format, its id), it is packed into the one field that clients never look into
 * and always send back: the signature, the redacted data, the encrypted content.
 */
import { compact, objectsOf, parseObject, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';

/** Format of reasoning that Anthropic's models made and signed. */
export const CLAUDE_FORMAT = 'anthropic-claude-v1';
/** Format of reasoning items of OpenAI's responses. */
export const RESPONSES_FORMAT = 'openai-responses-v1';

const PREFIX = 'stateai.';

/** Packs an object into an opaque string; `unpack` reads it back. */
export function pack(detail: JsonObject): string {
  return PREFIX + Buffer.from(JSON.stringify(detail)).toString('base64url');
}

/** null where the string was not packed by us. */
export function unpack(text: string): JsonObject | null {
  if (!text.startsWith(PREFIX)) return null;
  return parseObject(Buffer.from(text.slice(PREFIX.length), 'base64url').toString());
}

const isClaude = (detail: JsonObject): boolean =>
  detail.format === CLAUDE_FORMAT || detail.format === undefined || detail.format === null;

/** The visible text of a detail; null for encrypted ones. */
export function detailText(detail: JsonObject): string | null {
  if (detail.type === 'reasoning.summary') return stringOf(detail.summary) ?? '';
  if (detail.type === 'reasoning.text') return stringOf(detail.text) ?? '';
  return null;
}

/** A thinking or redacted_thinking block as a reasoning detail; null for any other block. */
export function detailOfBlock(block: JsonObject, index: number): JsonObject | null {
  if (block.type === 'redacted_thinking') {
    const data = stringOf(block.data) ?? '';
    return unpack(data) ?? { type: 'reasoning.encrypted', data, format: CLAUDE_FORMAT, index };
  }
  if (block.type !== 'thinking') return null;
  const text = stringOf(block.thinking) ?? '';
  const signature = stringOf(block.signature) ?? '';
  if (signature === '') return { type: 'reasoning.text', text, index };
  const packed = unpack(signature);
  if (packed !== null)
    return packed.type === 'reasoning.summary' ? { ...packed, summary: text } : { ...packed, text };
  return { type: 'reasoning.text', text, signature, format: CLAUDE_FORMAT, index };
}

/** What stands in a thinking block's `signature` for a detail: Claude's own signature, or the packed rest of the detail. */
export function signatureOf(detail: JsonObject): string {
  const { text: _text, summary: _summary, ...rest } = detail;
  if (detail.type === 'reasoning.text' && isClaude(detail) && !detail.id)
    return stringOf(detail.signature) ?? '';
  return pack(rest);
}

/** What stands in a redacted block's `data` for an encrypted detail. */
export function redactedData(detail: JsonObject): string {
  return isClaude(detail) && !detail.id ? (stringOf(detail.data) ?? '') : pack(detail);
}

/**
 * A detail as the block that an upstream of the messages dialect gets back, or null where it would refuse it: reasoning
 * of another maker's model, or unsigned text where signatures are checked.
 */
export function blockForUpstream(detail: JsonObject, signed: boolean): JsonObject | null {
  if (!isClaude(detail)) return null;
  if (detail.type === 'reasoning.encrypted') {
    const data = stringOf(detail.data);
    return data === null ? null : { type: 'redacted_thinking', data };
  }
  if (detail.type !== 'reasoning.text') return null;
  const signature = stringOf(detail.signature) ?? '';
  if (signature === '' && signed) return null;
  return { type: 'thinking', thinking: stringOf(detail.text) ?? '', signature };
}

/**
 * The reasoning of a chat message, whatever its upstream calls it: `reasoning_details` if there are any, else
 * `reasoning` or `reasoning_content` as one unsigned text.
 */
export function detailsOfMessage(message: JsonObject): JsonObject[] {
  const details = joinPieces(objectsOf(message.reasoning_details));
  if (details.length > 0) return details;
  const text = stringOf(message.reasoning) ?? stringOf(message.reasoning_content);
  return text ? [{ type: 'reasoning.text', text }] : [];
}

/** Many clients send back a stream's pieces of one text as they came; its signature belongs to the whole. */
function joinPieces(details: JsonObject[]): JsonObject[] {
  const out: JsonObject[] = [];
  for (const detail of details) {
    const last = out.at(-1);
    const continues =
      last?.type === 'reasoning.text' &&
      detail.type === 'reasoning.text' &&
      typeof detail.index === 'number' &&
      last.index === detail.index &&
      !last.signature;
    if (!last || !continues) out.push(detail);
    else {
      const text = (stringOf(last.text) ?? '') + (stringOf(detail.text) ?? '');
      out[out.length - 1] = { ...last, ...detail, text };
    }
  }
  return out;
}

/** `reasoning` and `reasoning_details` of a chat message; nothing where there was no reasoning. */
export function reasoningFields(details: JsonObject[]): JsonObject {
  if (details.length === 0) return {};
  const text = details.map((d) => detailText(d) ?? '').join('');
  return compact({ reasoning: text === '' ? undefined : text, reasoning_details: details });
}

/**
 * Puts thinking blocks back where they stood between the other blocks of their turn: a detail's `index` is the place of
 * its block. Without indexes they come first, in order.
 */
export function interleave<T>(thinking: { block: T; index: number | null }[], others: T[]): T[] {
  const out: T[] = [];
  let next = 0;
  for (const { block, index } of thinking) {
    while (index !== null && out.length < index && next < others.length) out.push(others[next++] as T);
    out.push(block);
  }
  return [...out, ...others.slice(next)];
}
