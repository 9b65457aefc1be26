/**
 * Reasoning items of responses and the details of chat. Visible reasoning stands in an item's `summary`, the place that
 * clients show; what the upstream must get back exactly stands in `encrypted_content`.
 */
import { given, objectsOf, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { detailText, pack, RESPONSES_FORMAT, unpack } from './reasoning.ts';

/** The details of a reasoning item that a client sends back. */
export function detailsOfReasoningItem(item: JsonObject): JsonObject[] {
  const texts = (list: JsonObject[]) => list.map((part) => stringOf(part.text) ?? '').join('\n\n');
  const summary = texts(objectsOf(item.summary));
  const content = texts(objectsOf(item.content));
  const encrypted = stringOf(item.encrypted_content);
  const packed = encrypted === null ? null : unpack(encrypted);
  if (packed !== null) {
    if (detailText(packed) === null) return [packed];
    return [
      packed.type === 'reasoning.summary' ? { ...packed, summary } : { ...packed, text: summary || content },
    ];
  }
  const known = { format: RESPONSES_FORMAT, ...(stringOf(item.id) ? { id: item.id as string } : {}) };
  const details: JsonObject[] = [];
  if (summary !== '') details.push({ type: 'reasoning.summary', summary, ...known });
  if (content !== '') details.push({ type: 'reasoning.text', text: content, ...known });
  if (encrypted !== null) details.push({ type: 'reasoning.encrypted', data: encrypted, ...known });
  return details;
}

/** What stands in `encrypted_content` for a detail; null where there is nothing to keep beside its text. */
export function encryptedContent(detail: JsonObject): string | null {
  if (detail.type === 'reasoning.encrypted')
    return detail.format === RESPONSES_FORMAT ? (stringOf(detail.data) ?? '') : pack(detail);
  const { text: _text, summary: _summary, index: _index, ...rest } = detail;
  const bare = !given(rest.signature) && !given(rest.format) && !given(rest.id);
  if (bare || (rest.type === 'reasoning.summary' && rest.format === RESPONSES_FORMAT)) return null;
  return pack(rest);
}

/** An encrypted detail belongs to the reasoning before it: OpenAI's items hold both. */
export const belongsTo = (encrypted: JsonObject, before: JsonObject): boolean =>
  encrypted.format === RESPONSES_FORMAT &&
  before.format === RESPONSES_FORMAT &&
  given(encrypted.id) &&
  encrypted.id === before.id;
