/** A whole answer of Anthropic's messages as a chat completion. */
import { compact, objectOf, objectsOf, present, stringOf } from '../../json/read.ts';
import { termOf } from '../../json/short-words.ts';
import type { JsonObject } from '../contract.ts';
import { chatFinishReason } from './finish-reasons.ts';
import { detailOfBlock, reasoningFields } from './reasoning.ts';
import { now } from './stream-events.ts';
import { usageFromMessages, usageToChat } from './usage.ts';

/** Texts of several blocks are joined; what the upstream's own tools did in between is left out. */
export function messagesResponseToChat(body: JsonObject): JsonObject {
  const blocks = objectsOf(body.content);
  const native = termOf(body.stop_reason);
  const text = blocks.filter((b) => b.type === 'text').map((b) => stringOf(b.text) ?? '');
  const calls = blocks.filter((b) => b.type === 'tool_use').map(toolCall);
  return compact({
    id: stringOf(body.id) ?? '',
    object: 'chat.completion',
    created: now(),
    model: stringOf(body.model) ?? '',
    system_fingerprint: null,
    service_tier: serviceTierOf(objectOf(body.usage)),
    choices: [
      {
        index: 0,
        finish_reason: chatFinishReason(native),
        native_finish_reason: native,
        logprobs: null,
        message: compact({
          role: 'assistant',
          content: text.length === 0 && calls.length > 0 ? null : text.join(''),
          refusal: refusalOf(body),
          ...reasoningFields(blocks.flatMap((block, i) => present(detailOfBlock(block, i)))),
          tool_calls: calls.length > 0 ? calls : undefined,
        }),
      },
    ],
    usage: usageToChat(usageFromMessages(body.usage)),
  });
}

function toolCall(block: JsonObject): JsonObject {
  return {
    id: stringOf(block.id) ?? '',
    type: 'function',
    function: { name: stringOf(block.name) ?? '', arguments: JSON.stringify(objectOf(block.input)) },
  };
}

/** What the model says of why it refused; null where it did not refuse or gave no reason. */
export function refusalOf(message: JsonObject): string | null {
  if (message.stop_reason !== 'refusal') return null;
  return stringOf(objectOf(message.stop_details).explanation);
}

/** Anthropic's word for the tier that served, as OpenAI's; undefined where it is not said. */
export function serviceTierOf(usage: JsonObject): string | undefined {
  if (usage.service_tier === 'standard') return 'default';
  return usage.service_tier === 'priority' ? 'priority' : undefined;
}
