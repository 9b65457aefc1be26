/**
 * Reads values of a foreign log without trusting them. A problem names the field and its value: numbers as they are,
 * of anything else the type alone, because a wrong value may be text that somebody wrote.
 */
import { FUTURE_SLACK_MS, parseTime } from '../generation/validate.ts';
import { describe, type Fields } from '../json/read.ts';
import { copied, nameOf } from '../json/short-words.ts';

/** More tokens than this in one generation cannot be. */
const MOST = 1e12;
/** Neither agent is older. */
const EARLIEST_LOG = Date.UTC(2020, 0, 1);
const LONGEST_NAME = 200;

/** A whole number that is not negative; null where the key is absent or null. */
export function readCount(from: Fields, key: string, path: string, problems: string[]): number | null {
  const value = Object.hasOwn(from, key) ? from[key] : null;
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST) return value;
  problems.push(`${path}.${key} is ${describe(value)}: expected a whole number from 0 to 1e12`);
  return null;
}

/** USD; null where it is absent or null. */
export function readMoney(value: unknown, path: string, problems: string[]): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && value >= 0 && value <= MOST) return value;
  problems.push(`${path} is ${describe(value)}: expected US dollars from 0 to 1e12`);
  return null;
}

/** Milliseconds since 1970 UTC from an ISO 8601 time or such a number. A time without an offset is UTC. */
export function readTime(value: unknown, path: string, problems: string[], now = Date.now()): number | null {
  if (value === null || value === undefined) {
    problems.push(`${path} is missing`);
    return null;
  }
  const ms = typeof value === 'string' ? parseTime(value) : typeof value === 'number' ? value : Number.NaN;
  if (ms >= EARLIEST_LOG && ms <= now + FUTURE_SLACK_MS) return Math.floor(ms);
  const read = Number.isFinite(ms) ? new Date(Math.max(-8e15, Math.min(8e15, ms))).toISOString() : '';
  problems.push(
    `${path} is ${read || describe(value)}: expected an ISO 8601 time from 2020 on, not in the future`,
  );
  return null;
}

const VARIANTS = new Set(['beta', 'exacto', 'extended', 'floor', 'free', 'nitro', 'online', 'thinking']);

/** The slug in lower case and, apart from it, the variant behind its colon. Other colons belong to the name. */
export function readModel(
  value: unknown,
  path: string,
  problems: string[],
): { model: string; variant: string | null } | null {
  const name = nameOf(value, LONGEST_NAME)?.trim().toLowerCase();
  if (!name || /\s/.test(name)) {
    problems.push(
      value === null || value === undefined
        ? `${path} is missing`
        : `${path} is ${describe(value)}: expected a model’s name of at most ${LONGEST_NAME} characters`,
    );
    return null;
  }
  const colon = name.lastIndexOf(':');
  const variant = name.slice(colon + 1);
  if (colon > 0 && VARIANTS.has(variant))
    return { model: copied(name.slice(0, colon)), variant: copied(variant) };
  return { model: name, variant: null };
}
