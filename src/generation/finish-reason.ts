/** Native finish reasons of the providers, as the record's five. Unlisted words stay unknown. */
import type { FinishReason } from './generation.ts';

/** Lower-case native reason → normalised reason. */
export const NATIVE_FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  completed: 'stop',
  finished: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_context_window_exceeded: 'length',
  incomplete: 'length',
  model_length: 'length',
  tool_calls: 'tool_calls',
  tool_use: 'tool_calls',
  tool_call: 'tool_calls',
  'tool-calls': 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
  'content-filter': 'content_filter',
  safety: 'content_filter',
  recitation: 'content_filter',
  refusal: 'content_filter',
  content_filtered: 'content_filter',
  guardrail_intervened: 'content_filter',
  prohibited_content: 'content_filter',
  blocklist: 'content_filter',
  spii: 'content_filter',
  image_safety: 'content_filter',
  sensitive: 'content_filter',
  error: 'error',
  failed: 'error',
  network_error: 'error',
  insufficient_system_resource: 'error',
  malformed_function_call: 'error',
};

/** null for an absent, empty or unlisted reason. Python's enumerations print as `FinishReason.STOP`. */
export function normaliseFinishReason(native: string | null | undefined): FinishReason | null {
  if (!native) return null;
  const key = native.toLowerCase().replace(/^finish_?reason\./, '');
  return Object.hasOwn(NATIVE_FINISH_REASONS, key) ? (NATIVE_FINISH_REASONS[key] ?? null) : null;
}
