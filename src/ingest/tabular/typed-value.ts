/**
 * One mapped column as SQL: its text as a value of the field's type, and the check that says why a text is none.
 * A bulk import spends most of its time here, so what nearly every row passes comes first and is cheap; the exact,
 * slow tests (regular expressions) stand behind it in a CASE, which evaluates them for the remaining rows only.
 */
import { NATIVE_FINISH_REASONS } from '../../generation/finish-reason.ts';
import { FINISH_REASONS, type Field } from '../../generation/generation.ts';
import {
  EARLIEST,
  FUTURE_SLACK_MS,
  LONGEST_STRING,
  MOST_AMOUNT,
  MOST_TOKENS,
} from '../../generation/validate.ts';
import type { FieldSource } from './field-source.ts';

const TIME_IN_MS = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
const MONEY_IN_USD = { USD: 1, cents: 0.01, microdollars: 1e-6, nanodollars: 1e-9 };

export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export interface TypeOptions {
  /** Workspace key for pseudonyms, applied in SQL; NULL stays NULL. */
  pseudonym(kind: 'account' | 'session', expression: string): string;
  now: number;
}

/** A problem of one row, in SQL. */
export interface Check {
  /** True when the row cannot be used; false or NULL when it can. */
  broken: string;
  /** The sentence that says why. */
  reason: string;
}

/** The column that tells whether a number has the record's unit already (`unitWithout`). */
export const plainUnit = (field: Field): string => `r_${field.column}_plain`;

/** @returns SQL over `r_<column>` (the text) and, in the check, `t_<column>` (the value) */
export function typedValue(
  field: Field,
  source: FieldSource,
  options: TypeOptions,
): { value: string; check?: Check } {
  const raw = `r_${field.column}`;
  const typed = `t_${field.column}`;
  const bad = (condition: string, expected: string): Check => ({
    broken: `${raw} IS NOT NULL AND (${condition})`,
    reason: `${quote(`${field.name}: expected ${expected}, got `)} || ${shown(raw)}`,
  });
  if (source.map) return mappedValue(field, source.map, raw);
  switch (field.kind) {
    case 'timestamp': {
      const latest = quote(new Date(options.now + FUTURE_SLACK_MS).toISOString().slice(0, 19));
      const earliest = quote(new Date(EARLIEST).toISOString().slice(0, 19));
      const range = bad('', 'a time from 2018 on that is not in the future').reason;
      const time = bad('', expectedTime(source)).reason;
      return {
        value: timeValue(raw, source),
        check: {
          broken: `${typed} IS NULL OR ${typed} NOT BETWEEN TIMESTAMP ${earliest} AND TIMESTAMP ${latest}`,
          reason: `CASE WHEN ${raw} IS NULL THEN 'createdAt is empty' WHEN ${typed} IS NULL THEN ${time} ELSE ${range} END`,
        },
      };
    }
    case 'integer': {
      const expected =
        field.name === 'requests' ? 'a whole number from 1 on' : 'a whole number that is not negative';
      if (source.scale) {
        const value = `try(round(try_cast(${raw} AS DOUBLE) * ${source.scale})::BIGINT)`;
        return { value, check: bad(`${typed} IS NULL OR ${typed} < 0`, expected) };
      }
      // The cast rounds 1.5 to 2 and reads 0x10: what does not come out as it went in must have the shape of a number.
      const outside = `${typed} NOT BETWEEN ${field.name === 'requests' ? 1 : 0} AND ${MOST_TOKENS}`;
      const shapeless = `NOT regexp_full_match(trim(${raw}), '\\+?[0-9]+(\\.0*)?')`;
      const check = bad('', expected);
      check.broken = `CASE WHEN ${typed}::VARCHAR = ${raw} THEN ${outside}
        WHEN ${raw} IS NOT NULL THEN ${typed} IS NULL OR ${outside} OR ${shapeless} END`;
      return { value: `try_cast(${raw} AS BIGINT)`, check };
    }
    case 'number': {
      const factor = source.scale ?? unitFactor(field, source);
      const number = `try_cast(${raw} AS DOUBLE)`;
      const scaled = source.unitWithout
        ? `${number} * CASE WHEN ${plainUnit(field)} IS NULL THEN ${factor} ELSE 1 END`
        : `${number} * ${factor}`;
      // A label counts 1 / sample rate times.
      const isRate = field.name === 'sampleRate';
      const outside = isRate ? `${typed} <= 0 OR ${typed} > 1` : `${typed} NOT BETWEEN 0 AND ${MOST_AMOUNT}`;
      return {
        value: factor === 1 ? number : scaled,
        check: {
          ...bad('', isRate ? 'a fraction over 0 and at most 1' : 'a number from 0 to 1e12'),
          // NaN is greater than every number here.
          broken: `(${typed} IS NULL AND ${raw} IS NOT NULL) OR ${outside}`,
        },
      };
    }
    case 'boolean':
      if (source.above !== undefined) return { value: `try_cast(${raw} AS DOUBLE) > ${source.above}` };
      if (source.equals)
        return {
          value: source.equals.map((text) => `lower(${raw}) = ${quote(text.toLowerCase())}`).join(' OR '),
        };
      return { value: `try_cast(${raw} AS BOOLEAN)`, check: bad(`${typed} IS NULL`, 'true or false') };
    default:
      return textValue(field, raw, options, bad);
  }
}

function textValue(
  field: Field,
  raw: string,
  options: TypeOptions,
  bad: (condition: string, expected: string) => Check,
): { value: string; check?: Check } {
  const long = {
    ...bad('', `at most ${LONGEST_STRING} characters`),
    broken: `strlen(${raw}) > ${LONGEST_STRING}`,
  };
  switch (field.name) {
    case 'account':
    case 'session':
      return { value: options.pseudonym(field.name, raw) };
    case 'model':
      return { value: `lower(${trimmed(raw)})`, check: long };
    case 'variant':
      return { value: `nullif(lower(${raw}), 'standard')`, check: long };
    case 'country':
      return {
        value: `upper(${raw})`,
        check: {
          ...bad('', 'two letters (ISO 3166-1 alpha-2)'),
          broken: `NOT regexp_full_match(${raw}, '[A-Za-z]{2}')`,
        },
      };
    case 'finishReason':
      return { value: finishReason(raw) };
    default:
      return { value: raw, check: long };
  }
}

/** Trimming costs several times what lowering does. Of ASCII, it takes spaces alone. */
const trimmed = (raw: string): string =>
  `CASE WHEN strlen(${raw}) = length(${raw}) AND NOT prefix(${raw}, ' ') AND NOT suffix(${raw}, ' ') THEN ${raw} ELSE trim(${raw}) END`;

/**
 * The record's own words first, as they are by far the most. No `IN`: the engine would make it a join. As everywhere,
 * Python's `FinishReason.STOP` is `stop`.
 */
export function finishReason(raw: string): string {
  const when = ([native, reason]: [string, string]) => `WHEN ${quote(native)} THEN ${quote(reason)}`;
  const own = FINISH_REASONS.map((reason) => when([reason, reason]));
  const native = Object.entries(NATIVE_FINISH_REASONS).map(when);
  return `CASE ${raw} ${own.join(' ')} ELSE CASE replace(replace(lower(${raw}), 'finishreason.', ''), 'finish_reason.', '') ${native.join(' ')} END END`;
}

function mappedValue(
  field: Field,
  map: NonNullable<FieldSource['map']>,
  raw: string,
): { value: string; check?: Check } {
  const sql = (value: string | number | boolean | null) => (value === null ? 'NULL' : quote(String(value)));
  const cases = Object.entries(map).map(([from, to]) => `WHEN ${quote(from)} THEN ${sql(to)}`);
  const text = `CASE ${raw} ${cases.join(' ')} ELSE ${raw} END`;
  if (field.kind === 'boolean') return { value: `try_cast(${text} AS BOOLEAN)` };
  if (field.kind === 'integer') return { value: `try_cast(${text} AS BIGINT)` };
  if (field.kind === 'number') return { value: `try_cast(${text} AS DOUBLE)` };
  if (field.name !== 'finishReason') return { value: text };
  const reasons = FINISH_REASONS.map((reason) => `WHEN ${quote(reason)} THEN ${quote(reason)}`);
  return { value: `CASE ${text} ${reasons.join(' ')} END` };
}

/** A text as a time in UTC; NULL where it is none. */
export function timeValue(raw: string, source: FieldSource): string {
  if (source.relative) {
    const ms = TIME_IN_MS[source.relative.unit];
    return `TIMESTAMP ${quote(source.relative.start.replace('Z', ''))} + to_microseconds(round(try_cast(${raw} AS DOUBLE) * ${ms * 1000})::BIGINT)`;
  }
  if (source.epoch) {
    const micros = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 }[source.epoch];
    return `make_timestamp(try(round(try_cast(${raw} AS DOUBLE) * ${micros})::BIGINT))`;
  }
  const local = source.pattern
    ? `try_strptime(${raw}, ${quote(source.pattern)})`
    : `try_cast(${raw} AS TIMESTAMP)`;
  // A pattern with a zone gives a time that has one.
  if (source.pattern && HAS_ZONE.test(source.pattern)) return `${local}::TIMESTAMP`;
  const naive =
    source.timezone && source.timezone !== 'UTC'
      ? `timezone(${quote(source.timezone)}, ${local})::TIMESTAMP`
      : local;
  if (source.pattern) return naive;
  // A plain cast would drop an offset in silence: times that carry one take the way through TIMESTAMPTZ.
  const zoned = `contains(${raw}, '+') OR suffix(${raw}, 'Z') OR suffix(${raw}, ' UTC') OR contains(substr(${raw}, 17), '-')`;
  const joined = `replace(replace(${raw}, ' +', '+'), ' -', '-')`;
  return `CASE WHEN ${zoned} THEN try_cast(${joined} AS TIMESTAMPTZ)::TIMESTAMP ELSE ${naive} END`;
}

const HAS_ZONE = /%[zZ]/;

function expectedTime(source: FieldSource): string {
  if (source.epoch || source.relative) return 'a number';
  if (source.pattern) return `a time as ${source.pattern} on a day that exists`;
  return 'a time in ISO 8601 on a day that exists (a mapping can name a pattern or an epoch)';
}

function unitFactor(field: Field, source: FieldSource): number {
  if (!source.unit) return 1;
  if (field.unit === 'USD') return MONEY_IN_USD[source.unit as keyof typeof MONEY_IN_USD] ?? 1;
  return TIME_IN_MS[source.unit as keyof typeof TIME_IN_MS] ?? 1;
}

/**
 * A bad value in a message: numbers, times and words for nothing as they are, of anything else the length alone, because
 * a wrong value may be text that somebody wrote.
 */
const shown = (raw: string): string =>
  `CASE WHEN length(${raw}) <= 32 AND regexp_full_match(${raw}, ${quote(PLAIN)}) THEN '"' || ${raw} || '"' ELSE 'a text of ' || length(${raw}) || ' characters' END`;

const PLAIN =
  "(?i)[-+$€£¥ ]*[0-9][-+.,:/'’ 0-9$€£¥%]*([ezt][-+.,:/ 0-9]*)*(am|pm|utc|gmt)?|0x[0-9a-f]+|-|n/?a|none|null|nil|nan|[-+]?inf(inity)?|true|false|unknown|undefined";
