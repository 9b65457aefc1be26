/**
 * What a provider of the AI SDK wants back with an earlier answer (signatures, encrypted reasoning): its
 * `providerMetadata` travels to the client as reasoning details of chat, and comes back as `providerOptions`.
 */
import type { SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { compact, isObject, objectOf, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { CLAUDE_FORMAT, pack, unpack } from '../translate/reasoning.ts';

type Metadata = SharedV4ProviderMetadata | undefined;

/** How reasoning of one provider and model is named in details, so that no other model gets it back. */
export interface ReasoningKind {
  format: string;
  /** Under which names the provider reads its options. */
  keys: readonly string[];
}

const memberOf = (metadata: Metadata, name: string): string | null => {
  for (const own of Object.values(metadata ?? {})) {
    const value = isObject(own) ? stringOf(own[name]) : null;
    if (value !== null) return value;
  }
  return null;
};

/** A piece of reasoning as a detail. Claude's signatures stay as they are: every host of the model knows them. */
export function detailOfReasoning(
  text: string,
  metadata: Metadata,
  kind: ReasoningKind,
  index: number,
): JsonObject {
  const redacted = memberOf(metadata, 'redactedData');
  if (redacted !== null && kind.format === CLAUDE_FORMAT)
    return { type: 'reasoning.encrypted', data: redacted, format: kind.format, index };
  const signature = kind.format === CLAUDE_FORMAT ? memberOf(metadata, 'signature') : packed(metadata);
  return compact({
    type: 'reasoning.text',
    text,
    signature: signature ?? undefined,
    format: kind.format,
    index,
  });
}

/** What belongs to a tool call (`id`) or to the visible text (`id` = `TEXT`); null where there is nothing to keep. */
export function detailOfPart(id: string, metadata: Metadata, kind: ReasoningKind): JsonObject | null {
  const data = packed(metadata);
  return data === null ? null : { type: 'reasoning.encrypted', id, data, format: kind.format };
}

/** The `id` of a detail that belongs to the text of an answer. */
export const TEXT = 'text';

const packed = (metadata: Metadata): string | null =>
  metadata && Object.keys(metadata).length > 0 ? pack(metadata as unknown as JsonObject) : null;

/** The provider's own metadata out of a detail that it sent; undefined for one that was never packed. */
export function metadataOf(detail: JsonObject, kind: ReasoningKind): Metadata {
  if (kind.format === CLAUDE_FORMAT) {
    const own =
      detail.type === 'reasoning.encrypted'
        ? { redactedData: stringOf(detail.data) ?? '' }
        : { signature: stringOf(detail.signature) ?? '' };
    return Object.fromEntries(kind.keys.map((key) => [key, own]));
  }
  const text = stringOf(detail.signature) ?? stringOf(detail.data);
  const metadata = text === null ? null : unpack(text);
  return metadata === null ? undefined : (objectOf(metadata) as unknown as SharedV4ProviderMetadata);
}
