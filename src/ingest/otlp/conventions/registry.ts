/** The conventions, one line each: the first one that knows a span reads it. */
import type { Span } from '../span.ts';
import type { Convention, Reading } from './contract.ts';
import { genAi } from './gen-ai.ts';
import { langfuse } from './langfuse.ts';
import { liteLlm } from './litellm.ts';
import { openInference } from './openinference.ts';
import { openLlmetry } from './openllmetry.ts';
import { openRouter } from './openrouter.ts';
import { vercelAi } from './vercel-ai.ts';

export const CONVENTIONS: readonly Convention[] = [
  openRouter,
  langfuse,
  vercelAi,
  openInference,
  // Its callbacks for other systems write as those do, and are read above.
  liteLlm,
  openLlmetry,
  genAi,
];

export function readSpan(span: Span): { convention: Convention; reading: Reading } | null {
  for (const convention of CONVENTIONS) {
    const reading = convention.read(span);
    if (reading !== null) return { convention, reading };
  }
  return null;
}
