/**
 * Whose call a generation was, where its span does not say it: many senders name user and session on the span of the
 * request or the agent alone. Within one request the nearest span above it in the same trace that says it tells.
 */
import { type Caller, callerAt } from './conventions/common.ts';
import type { Candidate } from './repetitions.ts';
import type { Span } from './span.ts';

const PARTS = ['user', 'session', 'app'] as const;
const NOBODY: Caller = { user: null, session: null, app: null };

/** @param spans all of the request. @param candidates get what they lack */
export function inheritCallers(spans: readonly Span[], candidates: readonly Candidate[]): void {
  const lacking = candidates.filter(
    // A generation that is the outermost span has nothing above it that is its own.
    ({ span, facts, convention }) =>
      span.parentId !== null && !convention.outermost && PARTS.some((part) => facts[part] === null),
  );
  if (lacking.length === 0) return;
  const above = callersAbove(spans);
  for (const { span, facts } of lacking) {
    const caller = above(span);
    for (const part of PARTS) facts[part] ??= caller[part];
  }
}

/** Of each span the caller that those above it tell, each part from the nearest one. Every span is looked at once. */
function callersAbove(spans: readonly Span[]): (span: Span) => Caller {
  const bySpan = new Map(spans.map((span) => [keyOf(span, span.spanId), span]));
  const known = new Map<Span, Caller>();
  const parentOf = (span: Span): Span | undefined =>
    span.traceId === null || span.parentId === null ? undefined : bySpan.get(keyOf(span, span.parentId));
  return (span) => {
    const path: Span[] = [];
    const onPath = new Set<Span>([span]);
    let top = parentOf(span);
    // Parents may form a circle.
    while (top && !known.has(top) && !onPath.has(top)) {
      path.push(top);
      onPath.add(top);
      top = parentOf(top);
    }
    let caller = (top && known.get(top)) ?? NOBODY;
    for (const one of path.reverse()) {
      const own = callerAt(one);
      caller = {
        user: own.user ?? caller.user,
        session: own.session ?? caller.session,
        app: own.app ?? caller.app,
      };
      known.set(one, caller);
    }
    return caller;
  };
}

const keyOf = (span: Span, id: string | null): string => `${span.traceId} ${id}`;
