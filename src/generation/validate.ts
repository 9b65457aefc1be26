/** Validation that explains itself: every problem names the field, the value and what would be right. */
import { describe } from '../json/read.ts';
import { FIELDS, FINISH_REASONS, type Field, type Generation, type Label } from './generation.ts';

/** The earliest time a record may carry: no hosted language model is older. */
export const EARLIEST = Date.UTC(2018, 0, 1);
/** Clocks differ; a record from more than two days ahead is an error. */
export const FUTURE_SLACK_MS = 2 * 86_400_000;
/** More tokens than this in one row is an error, even for a day of a whole market. */
export const MOST_TOKENS = 1e15;
/** More dollars or milliseconds than this in one row is an error: a single such record would spoil every sum. */
export const MOST_AMOUNT = 1e12;
export const LONGEST_STRING = 512;

export type Validation =
  | { generation: Generation; problems?: undefined }
  | { generation?: undefined; problems: string[] };

/**
 * Checks an untrusted value against the record. Unknown keys are ignored, absent fields become null, `totalTokens`
 * is derived, ISO times are read (a time without an offset is UTC).
 * @param now milliseconds; times later than two days after it are refused
 */
export function validateGeneration(input: unknown, now = Date.now()): Validation {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { problems: [`expected an object with the fields of a generation, got ${describe(input)}`] };
  const record = input as Record<string, unknown>;
  const problems: string[] = [];
  const out: Record<string, unknown> = {};
  for (const field of FIELDS) out[field.name] = readField(field, record[field.name], problems, now);
  if (out.totalTokens === null && (out.promptTokens !== null || out.completionTokens !== null))
    out.totalTokens = Number(out.promptTokens ?? 0) + Number(out.completionTokens ?? 0);
  if (record.requests === undefined) out.requests = 1;
  for (const field of FIELDS)
    if (field.required && out[field.name] === null && !problems.some((p) => p.startsWith(field.name)))
      problems.push(
        field.name === 'totalTokens'
          ? 'totalTokens is missing: give promptTokens and completionTokens, or totalTokens'
          : `${field.name} is missing`,
      );
  if (problems.length > 0) return { problems };
  const generation = out as unknown as Generation;
  dropImpossibleParts(generation);
  return { generation };
}

/** A part that is larger than its whole is not known: the whole is kept, the part becomes null. */
export function dropImpossibleParts(g: Generation): void {
  if (g.promptTokens !== null && g.completionTokens !== null)
    g.totalTokens = g.promptTokens + g.completionTokens;
  if (g.reasoningTokens !== null && g.completionTokens !== null && g.reasoningTokens > g.completionTokens)
    g.reasoningTokens = null;
  if (g.promptTokens === null) return;
  if (g.cachedTokens !== null && g.cachedTokens > g.promptTokens) g.cachedTokens = null;
  if (g.cacheWriteTokens !== null && g.cacheWriteTokens > g.promptTokens) g.cacheWriteTokens = null;
}

function readField(field: Field, value: unknown, problems: string[], now: number): unknown {
  if (value === undefined || value === null || value === '') return null;
  const refuse = (expected: string) => {
    problems.push(`${field.name} is ${describe(value)}: expected ${expected}`);
    return null;
  };
  switch (field.kind) {
    case 'string':
      return readString(field, value, refuse);
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse('true or false');
    case 'timestamp':
      return readTime(value, refuse, now);
    case 'labels':
      return readLabels(value, refuse);
    case 'integer': {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
        return refuse('a whole number that is not negative');
      if (value > MOST_TOKENS) return refuse('a whole number of at most 1e15');
      if (field.name === 'requests' && value === 0)
        return refuse('at least 1, or null where it is not known');
      return value;
    }
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
        return refuse('a finite number that is not negative');
      if (value > MOST_AMOUNT) return refuse('a number of at most 1e12');
      if (field.name === 'sampleRate' && (value > 1 || value === 0))
        return refuse('a fraction over 0 and at most 1');
      return value;
    }
  }
}

const IS_LANGUAGE = /^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}$/;

function readString(field: Field, value: unknown, refuse: (expected: string) => null): string | null {
  if (typeof value !== 'string') return refuse('a string');
  if (value.length > LONGEST_STRING) return refuse(`at most ${LONGEST_STRING} characters`);
  if (field.name === 'country')
    return /^[A-Za-z]{2}$/.test(value) ? value.toUpperCase() : refuse('two letters (ISO 3166-1 alpha-2)');
  // No place for text: a tag of a language is a few short words.
  if (field.name === 'language' && !IS_LANGUAGE.test(value))
    return refuse('a language tag (BCP 47) such as pt-BR');
  if (field.name === 'model') return value.trim().toLowerCase() || refuse('the model’s slug');
  if (field.name === 'finishReason' && !FINISH_REASONS.some((r) => r === value))
    return refuse(FINISH_REASONS.join(', '));
  return value;
}

function readTime(value: unknown, refuse: (expected: string) => null, now: number): number | null {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? parseTime(value) : Number.NaN;
  if (!Number.isFinite(ms))
    return refuse('milliseconds since 1970 UTC as a number, or an ISO 8601 time on a day that exists');
  if (ms < EARLIEST || ms > now + FUTURE_SLACK_MS)
    return refuse('a time from 2018 on that is not in the future (milliseconds, not seconds)');
  return Math.floor(ms);
}

/** ISO 8601; without an offset it is UTC. NaN when it cannot be read, or the month has no such day. */
export function parseTime(text: string): number {
  const iso = text.trim().replace(' ', 'T');
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i.test(iso))
    return Number.NaN;
  // Date.parse takes 31 February for 3 March.
  const day = Number(iso.slice(8, 10));
  if (day > 28 && day > daysOf(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)))) return Number.NaN;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/i.test(iso.slice(10)) || iso.length === 10;
  return Date.parse(zoned ? iso : `${iso}Z`);
}

const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

function readLabels(value: unknown, refuse: (expected: string) => null): Label[] | null {
  const expected = 'a list of at most 32 { path, confidence in [0, 1] }';
  if (!Array.isArray(value) || value.length > 32) return refuse(expected);
  const labels: Label[] = [];
  for (const item of value) {
    const { path, confidence } = (item ?? {}) as Partial<Label>;
    if (typeof path !== 'string' || path.length > LONGEST_STRING) return refuse(expected);
    if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1)) return refuse(expected);
    labels.push({ path, confidence });
  }
  return labels;
}
