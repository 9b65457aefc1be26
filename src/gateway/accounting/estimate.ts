/**
 * Tokens where nobody counted them. One token is about four bytes of UTF-8: four letters of English, one and a half
 * Chinese characters. What rests on this is marked as estimated.
 */
import type { Observed, Usage } from '../contract.ts';
import { NO_USAGE } from '../taps/observed.ts';

const BYTES_PER_TOKEN = 4;
/** No model reads more: no more than this is counted of a prompt. */
const MOST_BYTES = 4 << 20;
/** Held back for an answer whose length the client does not bound. */
export const USUAL_COMPLETION = 1024;

export const promptTokensOf = (bytes: number): number =>
  Math.ceil(Math.min(bytes, MOST_BYTES) / BYTES_PER_TOKEN);

/** Usage with the missing counts estimated, and whether anything had to be. */
export function completeUsage(observed: Observed, promptBytes: number): { usage: Usage; estimated: boolean } {
  const usage = observed.usage ?? NO_USAGE;
  if (usage.prompt !== null && usage.completion !== null) return { usage, estimated: false };
  return {
    usage: {
      ...usage,
      prompt: usage.prompt ?? promptTokensOf(promptBytes),
      completion: usage.completion ?? Math.ceil(observed.characters / BYTES_PER_TOKEN),
    },
    estimated: true,
  };
}
