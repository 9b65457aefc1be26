/** The sources, one line each. */
import { StateaiError } from '../../generation/errors.ts';
import { anthropicUsage } from './anthropic-usage.ts';
import { helicone } from './helicone.ts';
import { langfuse } from './langfuse.ts';
import { litellm } from './litellm.ts';
import { openaiUsage } from './openai-usage.ts';
import { openrouterActivity } from './openrouter-activity.ts';
import type { PullSource } from './source.ts';

export const SOURCES: readonly PullSource[] = [
  litellm,
  langfuse,
  helicone,
  openrouterActivity,
  openaiUsage,
  anthropicUsage,
];

/** @throws `unknown_source` */
export function sourceNamed(format: string): PullSource {
  const source = SOURCES.find((s) => s.format === format || s.rowsAs === format);
  if (source) return source;
  throw new StateaiError(
    'unknown_source',
    `"${format.slice(0, 40)}" cannot be fetched from a URL`,
    `Sources: ${SOURCES.map((s) => s.format).join(', ')}. Other formats are read from files.`,
  );
}
