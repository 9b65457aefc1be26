/** What a mapping says of a field, as SQL that gives one text a row, NULL where nothing is known. */
import { StateaiError } from '../../generation/errors.ts';
import type { Field } from '../../generation/generation.ts';
import type { Alternatives, FieldSource, Overlap } from './field-source.ts';
import { isPattern } from './json-path.ts';
import type { DecimalSign } from './mapping.ts';
import { quote, timeValue } from './typed-value.ts';

export interface TextOptions {
  columns: readonly string[];
  /** SQL of a column or path, null when the file has none. */
  reference(path: string): string | null;
  /** Texts that mean that nothing is known, in any column. */
  unknown?: readonly string[];
  /** The decimal sign of numbers, which are then read with signs between their thousands. */
  decimal?: DecimalSign;
  /** Names the file in errors. */
  file: string;
}

/** @returns null when the file has none of the columns and need not have one; @throws `missing_column` */
export function sourceText(field: Field, source: FieldSource, given: TextOptions): string | null {
  const isNumber = field.kind === 'integer' || field.kind === 'number';
  const { decimal, ...rest } = given;
  const options = isNumber && decimal ? given : rest;
  const texts: string[] = [];
  if (source.sum) {
    const total = sumText(field, source.sum, source, options);
    if (total) texts.push(source.overlap ? withoutOverlap(total, field, source, options) : total);
  }
  if (source.from && source.to) {
    const duration = durationText(source, rest);
    if (duration) texts.push(duration);
  }
  const joined = source.join === undefined ? null : joinedText(source, options);
  if (joined) texts.push(joined);
  else
    for (const path of source.columns) {
      const text = reference(path, source, options);
      if (text) texts.push(text);
    }
  if (source.default !== undefined) texts.push(quote(source.default));
  if (texts.length > 0 && (joined || source.join === undefined))
    return texts.length === 1 ? (texts[0] as string) : `coalesce(${texts.join(', ')})`;
  if (source.optional) return null;
  throw missingColumn(field.name, source, options);
}

/** Names the columns that a file lacks and what they are for. */
export function missingColumn(name: string, source: FieldSource, options: TextOptions): StateaiError {
  const asked = [
    ...source.columns,
    ...(source.parts ?? []).flat(),
    ...(source.sum ?? []).flat(),
    ...(source.from ?? []),
    ...(source.to ?? []),
  ];
  const missing = asked.filter((path) => options.reference(path) === null);
  return new StateaiError(
    'missing_column',
    `${options.file}: no column "${missing.join('", "')}" (for ${name}); ${columnsOf(options.columns)}`,
    'Check that the file is of this format, or correct the column in the mapping file.',
  );
}

/** The names of a file's columns, without what may be a value: in a file without a header they are its first row. */
function columnsOf(columns: readonly string[]): string {
  if (columns.length < 2 || columns.some((name) => NO_NAME.test(name)))
    return 'its first line does not look like the names of columns';
  const names = columns.filter((name) => NAME.test(name)).slice(0, 40);
  const others = columns.length - names.length;
  return `the file has ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

const NAME = /^[a-z_][\w.-]{0,39}$/i;
/** A number, a time, nothing, or JSON. */
const NO_NAME = /^\W*\d|^\s*$|[{}<>"@]/;

/** SQL of the first of several columns that is not empty; null when the file has none of them. */
export function firstOf(paths: Alternatives, source: FieldSource, options: TextOptions): string | null {
  const found = paths.map((path) => reference(path, source, options)).filter((text) => text !== null);
  if (found.length <= 1) return found[0] ?? null;
  return `coalesce(${found.join(', ')})`;
}

function reference(path: string, source: FieldSource, options: TextOptions): string | null {
  const text = options.reference(path);
  if (text === null) return null;
  const known = [...(options.unknown ?? []), ...(source.unknown ?? [])].reduce(
    (sql, word) => `nullif(${sql}, ${quote(word)})`,
    text,
  );
  return options.decimal ? plainNumber(known, options.decimal) : known;
}

/** A number as the engine reads it; what is none in this writing stays as it is. */
function plainNumber(text: string, decimal: DecimalSign): string {
  const group = decimal === ',' ? '.' : ',';
  const shape = `[-+]?([0-9]{1,3}([${group} ''’][0-9]{3})+|[0-9]*)([${decimal}][0-9]+)?`;
  const ungrouped = `regexp_replace(${text}, '[${group} ''’]', '', 'g')`;
  return `CASE WHEN regexp_full_match(${text}, '${shape}') THEN replace(${ungrouped}, '${decimal}', '.') ELSE ${text} END`;
}

/** null where a part is missing that may not be. */
function joinedText(source: FieldSource, options: TextOptions): string | null {
  const parts = (source.parts ?? source.columns.map((c) => [c])).map((p) => firstOf(p, source, options));
  if (parts.every((p) => p === null) || (!source.optional && parts.includes(null))) return null;
  return `concat_ws(${quote(source.join ?? '')}, ${parts.map((p) => (p ? `coalesce(${p}, '')` : "''")).join(', ')})`;
}

/** The sum as a text; a part that is no count is handed on instead, so that the row is refused with it. */
function sumText(
  field: Field,
  parts: readonly Alternatives[],
  source: FieldSource,
  options: TextOptions,
): string | null {
  const type = field.kind === 'integer' ? 'HUGEINT' : 'DOUBLE';
  const shape = field.kind === 'integer' ? '\\+?[0-9]+(\\.0*)?' : '\\+?[0-9.]+([eE][-+]?[0-9]+)?';
  const isBad = (text: string) =>
    `try_cast(${text} AS ${type}) IS NULL OR NOT regexp_full_match(trim(${text}), ${quote(shape)})`;
  const values: string[] = [];
  const bad: string[] = [];
  for (const part of parts) {
    const pattern = part.find(isPattern);
    if (pattern) {
      const list = options.reference(pattern);
      if (!list) continue;
      bad.push(`[x FOR x IN ${list} IF x IS NOT NULL AND (${isBad('x')})][1]`);
      values.push(`list_sum([try_cast(x AS ${type}) FOR x IN ${list}])`);
    } else {
      const text = firstOf(part, source, options);
      if (!text) continue;
      bad.push(`CASE WHEN ${text} IS NOT NULL AND (${isBad(text)}) THEN ${text} END`);
      values.push(`try_cast(${text} AS ${type})`);
    }
  }
  if (values.length === 0) return null;
  const none = values.map((v) => `${v} IS NULL`).join(' AND ');
  const total = values.map((v) => `coalesce(${v}, 0)`).join(' + ');
  return `coalesce(${bad.join(', ')}, CASE WHEN NOT (${none}) THEN (${total})::VARCHAR END)`;
}

/** The sum, or what counts instead of it. A sum that is no number is handed on as it is. */
function withoutOverlap(sum: string, field: Field, source: FieldSource, options: TextOptions): string {
  const { total, others, less, instead } = source.overlap as Overlap;
  const [whole, other] = [firstOf(total, source, options), sumText(field, others, source, options)];
  const given = firstOf(less ?? instead ?? [], source, options);
  if (!whole || !given) return sum;
  const number = (text: string) => `try_cast(${text} AS HUGEINT)`;
  const all = `${number(sum)} + ${other ? `coalesce(${number(other)}, 0)` : 0}`;
  const value = less ? `(${number(whole)} - ${number(given)})::VARCHAR` : given;
  return `CASE WHEN ${all} > ${number(whole)} AND ${number(whole)} >= ${number(given)} THEN ${value} ELSE ${sum} END`;
}

/** Milliseconds as a text; NULL where a time is unknown or the end lies before the start. */
function durationText(source: FieldSource, options: TextOptions): string | null {
  const time = (paths: Alternatives) => {
    const text = firstOf(paths, source, options);
    return text ? timeValue(text, source) : null;
  };
  const from = time(source.from ?? []);
  const to = time(source.to ?? []);
  if (!from || !to) return null;
  const before = source.before ? time(source.before) : null;
  if (source.before && !before) return null;
  const micros = `epoch_us(${to}) - epoch_us(${from})`;
  const ended = before ? ` AND ${to} < ${before}` : '';
  return `CASE WHEN ${to} >= ${from}${ended} THEN ((${micros}) / 1000.0)::VARCHAR END`;
}
