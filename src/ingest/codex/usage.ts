/** Codex counts tokens cumulatively. This turns one running total after another into what each request used. */
import { asObject, type Fields } from '../../json/read.ts';
import { readCount } from '../values.ts';

/** Counts as Codex writes them: input includes cached input, output includes reasoning. null where a field is absent. */
export interface Counts {
  input: number;
  cached: number | null;
  written: number | null;
  output: number;
  reasoning: number | null;
}

/** null where the log gives none, or, with a problem, where it cannot be used. */
export function readCounts(value: unknown, path: string, problems: string[]): Counts | null {
  if (value === null || value === undefined) return null;
  const from = asObject(value);
  if (!from) {
    problems.push(`${path} is not an object`);
    return null;
  }
  const count = (key: string) => readCount(from as Fields, key, path, problems);
  const already = problems.length;
  const input = count('input_tokens');
  const output = count('output_tokens');
  const cached = count('cached_input_tokens');
  const written = count('cache_write_input_tokens');
  const reasoning = count('reasoning_output_tokens');
  if (problems.length > already) return null;
  if (input !== null && output !== null) return { input, cached, written, output, reasoning };
  problems.push(`${path}.${input === null ? 'input_tokens' : 'output_tokens'} is missing`);
  return null;
}

export interface Step {
  used: Counts;
  /** null where the total grew by something else than the last request: then it stands for an unknown number. */
  requests: 1 | null;
  /** The total began anew. */
  reset: boolean;
}

/**
 * What was used between two running totals; null where the total only repeats, as it does when rate limits change.
 * `last` is what the log gives as the last request: it settles what the first total of a file contains of history that
 * lies elsewhere, and whether a total that grew has really begun anew.
 */
export function step(before: Counts | null, total: Counts, last: Counts | null): Step | null {
  const alone = last !== null && last.input <= total.input && last.output <= total.output ? last : total;
  if (!before) return nonEmpty({ used: alone, requests: 1, reset: false });
  if (before.input === total.input && before.output === total.output) return null;
  if (total.input < before.input || total.output < before.output)
    return { used: alone, requests: 1, reset: true };
  const used = subtract(total, before);
  if (!last || same(last, used)) return { used, requests: 1, reset: false };
  if (same(last, total)) return { used: total, requests: 1, reset: true };
  return { used, requests: null, reset: false };
}

const nonEmpty = (found: Step): Step | null => (isEmpty(found.used) ? null : found);

export const isEmpty = (counts: Counts): boolean => counts.input === 0 && counts.output === 0;

const same = (a: Counts, b: Counts): boolean => a.input === b.input && a.output === b.output;

/** A part that shrinks while its whole grows is not known. */
function subtract(total: Counts, before: Counts): Counts {
  const part = (now: number | null, then: number | null) =>
    now === null || now < (then ?? 0) ? null : now - (then ?? 0);
  return {
    input: total.input - before.input,
    cached: part(total.cached, before.cached),
    written: part(total.written, before.written),
    output: total.output - before.output,
    reasoning: part(total.reasoning, before.reasoning),
  };
}

/** The running total after a request that the log gives without one. */
export function add(before: Counts | null, last: Counts): Counts {
  const part = (a: number | null | undefined, b: number | null) => (b === null ? (a ?? null) : (a ?? 0) + b);
  return {
    input: (before?.input ?? 0) + last.input,
    cached: part(before?.cached, last.cached),
    written: part(before?.written, last.written),
    output: (before?.output ?? 0) + last.output,
    reasoning: part(before?.reasoning, last.reasoning),
  };
}
