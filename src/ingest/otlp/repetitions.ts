/**
 * Spans that repeat the usage of others. Within one request the relation of parent and child tells: of a generation and a
 * generation below it in the same trace, one repeats the other. Across requests only the kind of a span can tell, which
 * the conventions look at.
 */
import type { Convention, Facts } from './conventions/contract.ts';
import type { Span } from './span.ts';

export interface Candidate {
  span: Span;
  facts: Facts;
  convention: Convention;
}

const hasUsage = ({ facts }: Candidate): boolean =>
  facts.promptTokens !== null || facts.completionTokens !== null || facts.totalTokens !== null;

/** More than any trace has, should its parents form a circle. */
const DEEPEST = 200;

/**
 * @param spans all of the request: between two generations there may be spans that are none
 * @returns those candidates that repeat others
 */
export function repetitionsIn(spans: readonly Span[], candidates: readonly Candidate[]): Set<Candidate> {
  const repetitions = new Set<Candidate>();
  const counted = candidates.filter(hasUsage);
  if (!counted.some(({ span }) => span.parentId !== null)) return repetitions;
  const bySpan = new Map(
    counted.map((candidate) => [keyOf(candidate.span, candidate.span.spanId), candidate]),
  );
  const parents = new Map(spans.map((span) => [keyOf(span, span.spanId), span.parentId]));
  for (const candidate of counted) {
    const { span } = candidate;
    let parentId = span.parentId;
    for (let depth = 0; parentId !== null && depth < DEEPEST; depth++) {
      const key = keyOf(span, parentId);
      const above = bySpan.get(key);
      if (above && above !== candidate) {
        const outer = above.convention.outermost && candidate.convention.outermost;
        repetitions.add(outer ? candidate : above);
        // Whatever is above that one was, or will be, met from there.
        break;
      }
      parentId = parents.get(key) ?? null;
    }
  }
  return repetitions;
}

const keyOf = (span: Span, id: string | null): string => `${span.traceId} ${id}`;
