/**
 * Spans that repeat the usage of others. Within one request the relation of parent and child tells: of a generation and a
 * generation below it in the same trace, one repeats the other. Across requests only the kind of a span can tell, which
 * the conventions look at.
 */
import { fromAbove, keyOf } from './above.ts';
import type { Convention, Facts } from './conventions/contract.ts';
import type { Span } from './span.ts';

export interface Candidate {
  span: Span;
  facts: Facts;
  convention: Convention;
}

const hasUsage = ({ facts }: Candidate): boolean =>
  facts.promptTokens !== null || facts.completionTokens !== null || facts.totalTokens !== null;

/**
 * @param spans all of the request: between two generations there may be spans that are none
 * @returns those candidates that repeat others
 */
export function repetitionsIn(spans: readonly Span[], candidates: readonly Candidate[]): Set<Candidate> {
  const counted = candidates.filter(hasUsage);
  if (!counted.some(({ span }) => span.parentId !== null)) return new Set();
  // A span may have been sent twice: what is said of it is said of all its copies.
  const byName = new Map(counted.map((candidate) => [nameOf(candidate.span), candidate]));
  const nearestAbove = fromAbove<string | null>(spans, null, (span, above) => {
    const name = nameOf(span);
    return byName.has(name) ? name : above;
  });
  const repeating = new Set<string>();
  for (const { span, convention } of counted) {
    const name = nameOf(span);
    const above = nearestAbove(span);
    // In a circle of parents a span may be above itself.
    if (above === null || above === name) continue;
    const outer = convention.outermost && byName.get(above)?.convention.outermost;
    // Whatever is above that one was, or will be, met from there.
    repeating.add(outer ? name : above);
  }
  return new Set(counted.filter(({ span }) => repeating.has(nameOf(span))));
}

const nameOf = (span: Span): string => keyOf(span, span.spanId);
