/** Why an answer ended, between the dialects. The upstream's own word travels along as `native_finish_reason`. */
import { normaliseFinishReason } from '../../generation/finish-reason.ts';

/** Anthropic's stop reasons, as the dialect's clients know them. */
const STOP_REASONS: ReadonlySet<string> = new Set([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
]);

/** A stop reason of any upstream as a chat `finish_reason`; an unlisted word ended the answer normally. */
export function chatFinishReason(native: string | null): string {
  return normaliseFinishReason(native) ?? 'stop';
}

/**
 * A chat finish as Anthropic's `stop_reason`.
 * @param native the upstream's own word: kept where it is one of Anthropic's
 * @param tools a tool was called: some upstreams say `stop` then
 */
export function messagesStopReason(finish: string | null, native: string | null, tools: boolean): string {
  if (native !== null && STOP_REASONS.has(native)) return native;
  if (finish === 'length') return 'max_tokens';
  if (finish === 'content_filter') return 'refusal';
  if (finish === 'tool_calls' || finish === 'function_call' || tools) return 'tool_use';
  return 'end_turn';
}

/** A chat finish as status and `incomplete_details` of a response. */
export function responsesStatus(finish: string | null): { status: string; reason: string | null } {
  if (finish === 'length') return { status: 'incomplete', reason: 'max_output_tokens' };
  if (finish === 'content_filter') return { status: 'incomplete', reason: 'content_filter' };
  return { status: 'completed', reason: null };
}
