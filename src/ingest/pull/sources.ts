/** The sources, one line each. */
import { StateaiError } from '../../generation/errors.ts';
import { openrouterActivity } from './openrouter-activity.ts';
import type { PullSource } from './source.ts';

export const SOURCES: readonly PullSource[] = [openrouterActivity];

/** @throws `unknown_source` */
export function sourceNamed(format: string): PullSource {
  const source = SOURCES.find((s) => s.format === format);
  if (source) return source;
  throw new StateaiError(
    'unknown_source',
    `"${format.slice(0, 40)}" cannot be fetched from a URL`,
    `Sources: ${SOURCES.map((s) => s.format).join(', ')}. Other formats are read from files.`,
  );
}
