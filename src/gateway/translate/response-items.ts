/** The response object of responses and its output items, made from a chat answer. */
import { arrayOf, given, type Maybe, objectOf, stringOf } from '../../json/read.ts';
import type { Json, JsonObject } from '../contract.ts';
import type { PartHead, WholePart } from './chat-parts.ts';
import { belongsTo, encryptedContent } from './reasoning-items.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/**
 * A response without output and without end.
 * @param request the client's own request, whose settings a response repeats; without it they are the defaults
 */
export function responseShell(
  id: string,
  model: string,
  created: number,
  request: JsonObject = {},
): JsonObject {
  const reasoning = objectOf(request.reasoning);
  return {
    id,
    object: 'response',
    created_at: created,
    completed_at: null,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    model,
    output: [],
    usage: null,
    access_programs: null,
    background: false,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallel_tool_calls !== false,
    previous_response_id: null,
    frequency_penalty: null,
    presence_penalty: null,
    reasoning: { effort: reasoning.effort ?? null, summary: reasoning.summary ?? null },
    service_tier: null,
    store: false,
    temperature: request.temperature ?? null,
    text: given(request.text) ? request.text : { format: { type: 'text' } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: arrayOf(request.tools).map(toolEcho),
    top_p: request.top_p ?? null,
    truncation: 'disabled',
  };
}

/** `strict` and `parameters` must be there in an answer even where the request left them out. */
const toolEcho = (tool: Json): Json => {
  const given = objectOf(tool);
  return given.type === 'function' ? { parameters: null, strict: null, ...given } : tool;
};

/** Ids of items are made from the response's: the same answer gives the same ids. */
export function itemId(head: PartHead, responseId: string, index: number): string {
  const own = head.kind === 'reasoning' || head.kind === 'encrypted' ? stringOf(head.detail.id) : null;
  if (own) return own;
  const prefix = { text: 'msg', refusal: 'msg', reasoning: 'rs', encrypted: 'rs', tool: 'fc' }[head.kind];
  return `${head.kind === 'tool' && head.custom ? 'ctc' : prefix}_${responseId}_${index}`;
}

/** One item. `encrypted` is a detail that belongs to a reasoning part. */
export function outputItem(
  part: WholePart,
  id: string,
  status: ItemStatus,
  encrypted: JsonObject | null = null,
): JsonObject {
  const { head, text } = part;
  switch (head.kind) {
    case 'text':
    case 'refusal':
      return {
        id,
        type: 'message',
        status,
        role: 'assistant',
        content: status === 'in_progress' ? [] : [contentPart(head.kind, text)],
      };
    case 'reasoning':
      return {
        id,
        type: 'reasoning',
        summary: text === '' || status === 'in_progress' ? [] : [{ type: 'summary_text', text }],
        encrypted_content: status === 'in_progress' ? null : encryptedContent(encrypted ?? head.detail),
      };
    case 'encrypted':
      return { id, type: 'reasoning', summary: [], encrypted_content: encryptedContent(head.detail) };
    default:
      return head.custom
        ? { id, type: 'custom_tool_call', call_id: head.id, name: head.name, input: text }
        : { id, type: 'function_call', status, call_id: head.id, name: head.name, arguments: text };
  }
}

export const contentPart = (kind: 'text' | 'refusal', text: string): JsonObject =>
  kind === 'text'
    ? { type: 'output_text', text, annotations: [], logprobs: [] }
    : { type: 'refusal', refusal: text };

/** The items of whole parts, encrypted reasoning joined to the reasoning that it belongs to. */
export function outputItems(parts: WholePart[], responseId: string, status: ItemStatus): JsonObject[] {
  const items: JsonObject[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as WholePart;
    const next = parts[i + 1]?.head;
    const joins =
      part.head.kind === 'reasoning' &&
      next?.kind === 'encrypted' &&
      belongsTo(next.detail, part.head.detail);
    if (joins) i++;
    const last = i === parts.length - 1;
    const id = itemId(part.head, responseId, items.length);
    items.push(outputItem(part, id, last ? status : 'completed', joins ? next.detail : null));
  }
  return items;
}

/** The tier that served, as responses says it; null where it is unknown. */
export const tierOf = (value: Maybe): string | null => stringOf(value);
