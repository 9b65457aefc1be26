/**
 * A mapping as SQL: a relation with the record's columns, `reject`, and (asked for separately) the reason for each
 * rejected row. Everything is read as text first, so that nothing is guessed and every bad value can be named.
 */
import { StateaiError } from '../../generation/errors.ts';
import { NATIVE_FINISH_REASONS } from '../../generation/finish-reason.ts';
import { FIELDS, FINISH_REASONS, type Field } from '../../generation/generation.ts';
import { EARLIEST, FUTURE_SLACK_MS, MOST_TOKENS } from '../../generation/validate.ts';
import type { FieldSource, Mapping } from './mapping.ts';

export interface CompileOptions {
  /** The file as a relation whose columns are all text, and those columns' names. */
  table: string;
  columns: readonly string[];
  /** Makes the SQL for a path like `usage.input_tokens`; plain columns by default. */
  reference(column: string): string | null;
  /** Workspace key for pseudonyms, applied in SQL. */
  pseudonym(kind: 'account' | 'session', expression: string): string;
  /** Names the file in errors. */
  file: string;
  now: number;
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const TIME_IN_MS = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
const MONEY_IN_USD = { USD: 1, cents: 0.01, microdollars: 1e-6, nanodollars: 1e-9 };

/** Problems of one row, in SQL: a condition that is true when the row cannot be used, and the sentence that says why. */
interface Check {
  broken: string;
  reason: string;
}

export interface CompiledMapping {
  /** The record's columns and `reject`. */
  relation: string;
  /** `record` (ordinal, from 1) and `reason` of each rejected row. Slower: numbers the rows. */
  rejects: string;
}

/** @throws `missing_column` when the file lacks a column that the mapping needs */
export function compileMapping(mapping: Mapping, options: CompileOptions): CompiledMapping {
  const raw: string[] = [];
  const typed: string[] = [];
  const checks: Check[] = [];
  for (const field of FIELDS) {
    if (field.name === 'labels' || field.name === 'source' || field.name === 'id') continue;
    const source = mapping.fields[field.name];
    const text = source ? sourceText(field, source, options) : null;
    if (text) {
      raw.push(`${text} AS r_${field.column}`);
      const { value, check } = typedValue(field, source as FieldSource, options);
      typed.push(`${value} AS t_${field.column}`);
      if (check) checks.push(check);
    } else typed.push(`${constantValue(field, mapping)} AS t_${field.column}`);
  }
  raw.push(`${idText(mapping, options)} AS r_id`);
  const inner = `SELECT ${raw.join(',\n  ')} FROM ${options.table}`;
  const middle = `SELECT *, ${typed.join(',\n  ')} FROM (${inner})`;
  const stated = ['promptTokens', 'completionTokens'].every(
    (name) => !(name in mapping.fields) && !(name in mapping.constants),
  );
  const total = stated
    ? 't_total_tokens'
    : 'coalesce(t_prompt_tokens + t_completion_tokens, t_total_tokens, t_prompt_tokens, t_completion_tokens)';
  checks.push({
    broken: `${total} IS NULL`,
    reason: quote('no token counts: promptTokens and completionTokens are empty'),
  });
  checks.push({ broken: 't_model IS NULL', reason: quote('model is empty') });
  checks.push({ broken: 'r_id IS NULL', reason: quote('id is empty') });
  const broken = checks.map((c) => `coalesce(${c.broken}, false)`);
  const out = FIELDS.map((field) => `${outputValue(field, mapping, total)} AS "${field.column}"`);
  return {
    relation: `SELECT ${out.join(',\n  ')},\n  (${broken.join('\n  OR ')}) AS reject FROM (${middle})`,
    rejects: `SELECT record, reason FROM (
      SELECT row_number() OVER () AS record,
        concat_ws('; ', ${checks.map((c, i) => `CASE WHEN ${broken[i]} THEN ${c.reason} END`).join(', ')}) AS reason
      FROM (${middle})) WHERE reason <> ''`,
  };
}

function sourceText(field: Field, source: FieldSource, options: CompileOptions): string | null {
  const references = source.columns.map((c) => options.reference(c));
  const found = references.filter((r) => r !== null);
  if (found.length === references.length || (found.length > 0 && source.join === undefined)) {
    const text =
      source.join !== undefined
        ? `concat_ws(${quote(source.join)}, ${found.map((f) => `coalesce(${f}, '')`).join(', ')})`
        : `coalesce(${found.join(', ')})`;
    return found.length === 1 && source.join === undefined ? (found[0] as string) : text;
  }
  if (source.optional) return null;
  const missing = source.columns.filter((_, i) => references[i] === null);
  throw new StateaiError(
    'missing_column',
    `${options.file}: no column "${missing.join('", "')}" (for ${field.name}); the file has ${options.columns.slice(0, 40).join(', ')}`,
    'Check that the file is of this format, or correct the column in the mapping file.',
  );
}

function idText(mapping: Mapping, options: CompileOptions): string {
  const source = mapping.fields.id;
  const field = FIELDS[0] as Field;
  const prefix = mapping.idPrefix ? `${quote(mapping.idPrefix)} || ` : '';
  if (source) return `${prefix}${sourceText(field, source, options)}`;
  // No id: the row's content and its number among equal rows of the file, so that a second import finds the same rows.
  const all = options.columns.map((c) => `coalesce("${c.replaceAll('"', '""')}"::VARCHAR, '')`).join(', ');
  const digest = `md5(concat_ws(chr(31), ${all}))`;
  return `${quote(mapping.name)} || ':' || substr(${digest}, 1, 20) || ':' || row_number() OVER (PARTITION BY ${digest})`;
}

function typedValue(
  field: Field,
  source: FieldSource,
  options: CompileOptions,
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
      const range = `${typed} < TIMESTAMP ${earliest} OR ${typed} > TIMESTAMP ${latest}`;
      const check = bad(`${typed} IS NULL OR ${range}`, 'a time from 2018 on that is not in the future');
      check.broken = `${raw} IS NULL OR ${typed} IS NULL OR ${range}`;
      check.reason = `CASE WHEN ${raw} IS NULL THEN 'createdAt is empty' ELSE ${check.reason} END`;
      return { value: timeValue(raw, source), check };
    }
    case 'integer': {
      if (source.scale) {
        const value = `round(try_cast(${raw} AS DOUBLE) * ${source.scale})::BIGINT`;
        return {
          value: `try(${value})`,
          check: bad(`${typed} IS NULL OR ${typed} < 0`, 'a whole number that is not negative'),
        };
      }
      const value = `try_cast(${raw} AS BIGINT)`;
      const shape = `${typed}::VARCHAR <> ${raw} AND NOT regexp_full_match(trim(${raw}), '\\+?[0-9]+(\\.0*)?')`;
      const least = field.name === 'requests' ? 1 : 0;
      return {
        value,
        check: bad(
          `${typed} IS NULL OR ${typed} < ${least} OR ${typed} > ${MOST_TOKENS} OR (${shape})`,
          'a whole number that is not negative',
        ),
      };
    }
    case 'number': {
      const factor = source.scale ?? unitFactor(field, source);
      const number = `try_cast(${raw} AS DOUBLE)`;
      const value = factor === 1 ? number : `${number} * ${factor}`;
      return {
        value,
        check: bad(
          `${typed} IS NULL OR NOT isfinite(${typed}) OR ${typed} < 0`,
          'a finite number that is not negative',
        ),
      };
    }
    case 'boolean':
      if (source.above !== undefined) return { value: `try_cast(${raw} AS DOUBLE) > ${source.above}` };
      return { value: `try_cast(${raw} AS BOOLEAN)`, check: bad(`${typed} IS NULL`, 'true or false') };
    default:
      return textValue(field, raw, options, bad);
  }
}

function textValue(field: Field, raw: string, options: CompileOptions, bad: (c: string, e: string) => Check) {
  const long = bad(`strlen(${raw}) > 512`, 'at most 512 characters');
  switch (field.name) {
    case 'account':
    case 'session':
      return { value: `CASE WHEN ${raw} IS NOT NULL THEN ${options.pseudonym(field.name, raw)} END` };
    case 'model': {
      const slug = `lower(trim(${raw}))`;
      return {
        value: `CASE WHEN contains(${slug}, '/') THEN split_part(${slug}, ':', 1) ELSE ${slug} END`,
        check: long,
      };
    }
    case 'variant':
      return { value: `nullif(lower(${raw}), 'standard')`, check: long };
    case 'country':
      return {
        value: `upper(${raw})`,
        check: bad(`NOT regexp_full_match(${raw}, '[A-Za-z]{2}')`, 'two letters (ISO 3166-1 alpha-2)'),
      };
    case 'finishReason': {
      const known = Object.entries(NATIVE_FINISH_REASONS).map(
        ([n, r]) => `WHEN ${quote(n)} THEN ${quote(r)}`,
      );
      return { value: `CASE lower(${raw}) ${known.join(' ')} END` };
    }
    default:
      return { value: raw, check: long };
  }
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
  const reasons = FINISH_REASONS.map(quote).join(', ');
  return { value: `CASE WHEN ${text} IN (${reasons}) THEN ${text} END` };
}

function timeValue(raw: string, source: FieldSource): string {
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
  const naive =
    source.timezone && source.timezone !== 'UTC'
      ? `timezone(${quote(source.timezone)}, ${local})::TIMESTAMP`
      : local;
  if (source.pattern) return naive;
  // A plain cast would drop an offset in silence: times that carry one take the way through TIMESTAMPTZ.
  const zoned = `contains(${raw}, '+') OR suffix(${raw}, 'Z') OR contains(substr(${raw}, 17), '-')`;
  return `CASE WHEN ${zoned} THEN try_cast(${raw} AS TIMESTAMPTZ)::TIMESTAMP ELSE ${naive} END`;
}

function unitFactor(field: Field, source: FieldSource): number {
  if (!source.unit) return 1;
  if (field.unit === 'USD') return MONEY_IN_USD[source.unit as keyof typeof MONEY_IN_USD] ?? 1;
  return TIME_IN_MS[source.unit as keyof typeof TIME_IN_MS] ?? 1;
}

function constantValue(field: Field, mapping: Mapping): string {
  const value = mapping.constants[field.name];
  if (value === undefined) {
    if (field.name === 'requests')
      return mapping.requests === null ? 'NULL::BIGINT' : `${mapping.requests}::BIGINT`;
    return 'NULL';
  }
  const text = quote(field.name === 'model' ? String(value).toLowerCase() : String(value));
  const type = {
    integer: 'BIGINT',
    number: 'DOUBLE',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMP',
    string: 'VARCHAR',
    labels: 'VARCHAR',
  }[field.kind];
  return `CAST(${text} AS ${type})`;
}

/** The last step: derived totals, and parts that are larger than their whole are not known. */
function outputValue(field: Field, mapping: Mapping, total: string): string {
  const typed = `t_${field.column}`;
  const variantOfSlug = mapping.fields.model && !mapping.fields.variant;
  switch (field.name) {
    case 'id':
      return 'r_id';
    case 'labels':
      return 'NULL::STRUCT(path VARCHAR, confidence DOUBLE)[]';
    case 'source':
      return quote(mapping.name);
    case 'totalTokens':
      return `${total}::BIGINT`;
    case 'variant':
      return variantOfSlug
        ? `CASE WHEN contains(r_model, '/') THEN nullif(split_part(lower(r_model), ':', 2), '') END`
        : `${typed}::VARCHAR`;
    case 'reasoningTokens':
      return mapping.fields.reasoningTokens
        ? `CASE WHEN ${typed} <= coalesce(t_completion_tokens, ${typed}) THEN ${typed} END::BIGINT`
        : `${typed}::BIGINT`;
    case 'cachedTokens':
    case 'cacheWriteTokens':
      return mapping.fields[field.name]
        ? `CASE WHEN ${typed} <= coalesce(t_prompt_tokens, ${typed}) THEN ${typed} END::BIGINT`
        : `${typed}::BIGINT`;
    case 'finishReason':
      return mapping.fields.finishReason || !mapping.fields.nativeFinishReason
        ? `${typed}::VARCHAR`
        : textValue(field, 'r_native_finish_reason', {} as CompileOptions, () => ({
            broken: 'false',
            reason: "''",
          })).value;
    default: {
      const type = {
        integer: 'BIGINT',
        number: 'DOUBLE',
        boolean: 'BOOLEAN',
        timestamp: 'TIMESTAMP',
        string: 'VARCHAR',
        labels: '',
      }[field.kind];
      return `${typed}::${type}`;
    }
  }
}

/** A bad value in a message: numbers and short words as they are, anything longer only by its length. */
const shown = (raw: string): string =>
  `CASE WHEN length(${raw}) <= 32 AND regexp_full_match(${raw}, '[-+.:/ 0-9A-Za-z]*') THEN '"' || ${raw} || '"' ELSE 'a text of ' || length(${raw}) || ' characters' END`;
