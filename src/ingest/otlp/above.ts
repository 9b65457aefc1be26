/** What a span has from the spans above it in its trace, as far as they are in the same request. */
import type { Span } from './span.ts';

/**
 * Of each span what those above it tell. Every span is looked at once, however long their chain is.
 * @param spans all of the request
 * @param none what a span has that has nothing above it
 * @param pass what a span hands down, given what it has from above
 */
export function fromAbove<T>(
  spans: readonly Span[],
  none: T,
  pass: (span: Span, above: T) => T,
): (span: Span) => T {
  const byId = new Map(spans.map((span) => [keyOf(span, span.spanId), span]));
  const passed = new Map<Span, T>();
  const parentOf = (span: Span): Span | undefined =>
    span.traceId === null || span.parentId === null ? undefined : byId.get(keyOf(span, span.parentId));
  return (span) => {
    const path: Span[] = [];
    const onPath = new Set<Span>([span]);
    let top = parentOf(span);
    // Parents may form a circle.
    while (top && !passed.has(top) && !onPath.has(top)) {
      path.push(top);
      onPath.add(top);
      top = parentOf(top);
    }
    let told = top && passed.has(top) ? (passed.get(top) as T) : none;
    for (const one of path.reverse()) {
      told = pass(one, told);
      passed.set(one, told);
    }
    return told;
  };
}

/** Names a span within the request. */
export const keyOf = (span: Span, id: string | null): string => `${span.traceId} ${id}`;
