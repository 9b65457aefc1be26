/**
 * Whose call a generation was, where its span does not say it: many senders name user and session on the span of the
 * request or the agent alone. Within one request the nearest span above it in the same trace that says it tells.
 */
import { fromAbove } from './above.ts';
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
  const above = fromAbove(spans, NOBODY, (span, caller) => {
    const { user, session, app } = callerAt(span);
    return {
      user: user ?? caller.user,
      session: session ?? caller.session,
      app: app ?? caller.app,
    };
  });
  for (const { span, facts } of lacking) {
    const caller = above(span);
    for (const part of PARTS) facts[part] ??= caller[part];
  }
}
