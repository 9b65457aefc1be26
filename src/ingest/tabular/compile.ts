/**
 * A mapping as SQL: a relation with the record's columns, `reject`, and (asked for separately) the reason for each
 * rejected row. Everything is read as text first, so that nothing is guessed and every bad value can be named.
 */
import { FIELDS, type Field } from '../../generation/generation.ts';
import { REPLACEMENT } from '../utf8.ts';
import type { FieldSource } from './field-source.ts';
import { labelsValue } from './labels-value.ts';
import { LIST, type Mapping } from './mapping.ts';
import { keptRows } from './row-filter.ts';
import { firstOf, sourceText, type TextOptions } from './source-text.ts';
import { type Check, finishReason, plainUnit, quote, type TypeOptions, typedValue } from './typed-value.ts';

export interface CompileOptions extends TypeOptions, TextOptions {
  /** The file as a relation whose columns are all text; `columns` are their names. */
  table: string;
  /** Name of a sequence that counts the rows which the mapping passes over. */
  passedOver: string;
  /** What was no UTF-8 was replaced: rows where that touches a field cannot be used, as two names may have become one. */
  mended?: boolean;
}

export interface CompiledMapping {
  /** The record's columns and `reject`. */
  relation: string;
  /** `record` (ordinal, from 1) and `reason` of each rejected row. Slower: numbers the rows. */
  rejects: string;
  /** The mapping passes over rows, which reading `relation` counts in the sequence `passedOver`. */
  filtered: boolean;
}

/** @throws `missing_column` when the file lacks a column that the mapping needs */
export function compileMapping(mapping: Mapping, options: CompileOptions): CompiledMapping {
  const raw: string[] = [];
  const typed: string[] = [];
  const checks: Check[] = [];
  const lenient = new Map<Field, Check>();
  const texts: Field[] = [FIELDS[0] as Field];
  for (const field of FIELDS) {
    if (field.name === 'source' || field.name === 'id') continue;
    const source = mapping.fields[field.name];
    const text = source ? sourceText(field, source, options) : null;
    if (text) {
      raw.push(`${text} AS r_${field.column}`);
      if (field.kind === 'string') texts.push(field);
      if (source?.unitWithout)
        raw.push(`${firstOf(source.unitWithout, source, options) ?? 'NULL'} AS ${plainUnit(field)}`);
      const { value, check } =
        field.kind === 'labels'
          ? labelsValue(
              `r_${field.column}`,
              `t_${field.column}`,
              confidence(source as FieldSource, raw, options),
            )
          : typedValue(field, source as FieldSource, options);
      typed.push(`${value} AS t_${field.column}`);
      if (check && source?.lenient) lenient.set(field, check);
      else if (check) checks.push(check);
    } else typed.push(`${constantValue(field, mapping)} AS t_${field.column}`);
  }
  raw.push(`${idText(mapping, options)} AS r_id`, `${options.reference(LIST) ?? 'NULL'} AS r_list`);
  const kept = keptRows(mapping, options);
  if (options.mended) checks.push(illegible(texts));
  const middle = (first: string, table: string, condition: string | null) =>
    `SELECT *, ${typed.join(',\n  ')} FROM (SELECT ${first}${raw.join(',\n  ')} FROM ${table}${condition ? ` WHERE ${condition}` : ''})`;
  // A CASE evaluates its ELSE for the other rows alone: each of these takes a number, and none is kept.
  const counted = kept && `CASE WHEN ${kept} THEN true ELSE nextval(${quote(options.passedOver)}) < 0 END`;
  // Numbered where they are read: a window for ids (see idText) changes the order.
  const numbered = `(SELECT row_number() OVER () AS row_of_file, * FROM ${options.table})`;
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
  const out = FIELDS.map((field) => {
    const value = outputValue(field, mapping, total);
    const doubt = lenient.get(field);
    return `${doubt ? `CASE WHEN NOT coalesce(${doubt.broken}, false) THEN ${value} END` : value} AS "${field.column}"`;
  });
  return {
    relation: `SELECT ${out.join(',\n  ')},\n  coalesce((${checks.map((c) => c.broken).join(')\n  OR (')}), false) AS reject FROM (${middle('', options.table, counted)})`,
    rejects: `SELECT record, reason FROM (
      SELECT row_of_file AS record,
        concat_ws('; ', ${checks.map((c) => `CASE WHEN ${c.broken} THEN ${c.reason} END`).join(', ')}) AS reason
      FROM (${middle('row_of_file, ', numbered, kept)})) WHERE reason <> '' ORDER BY record`,
    filtered: kept !== null,
  };
}

/** A row with a replaced character in one of these. */
function illegible(texts: readonly Field[]): Check {
  const isIn = (field: Field) => `contains(r_${field.column}, ${quote(REPLACEMENT)})`;
  const names = texts.map((field) => `CASE WHEN ${isIn(field)} THEN ${quote(field.name)} END`);
  return {
    broken: texts.map(isIn).join(' OR '),
    reason: `concat_ws(', ', ${names.join(', ')}) || ': not UTF-8'`,
  };
}

/** The confidence of labels, as one more column that is read as text. */
function confidence(source: FieldSource, raw: string[], options: TextOptions): string | null {
  const text = source.confidence ? firstOf(source.confidence, source, options) : null;
  if (text) raw.push(`${text} AS r_confidence`);
  return text ? 'r_confidence' : null;
}

function idText(mapping: Mapping, options: CompileOptions): string {
  const source = mapping.fields.id;
  const field = FIELDS[0] as Field;
  const prefix = mapping.idPrefix ? `${quote(mapping.idPrefix)} || ` : '';
  if (source) {
    const text = sourceText(field, source, options);
    return `${prefix}${text && source.hashed ? options.pseudonym('session', text) : text}`;
  }
  // No id: the row's content and its number among equal rows of the file, so that a second import finds the same rows.
  const all = options.columns.map((c) => `coalesce("${c.replaceAll('"', '""')}"::VARCHAR, '')`).join(', ');
  const digest = `md5(concat_ws(chr(31), ${all}))`;
  return `${quote(mapping.name)} || ':' || substr(${digest}, 1, 20) || ':' || row_number() OVER (PARTITION BY ${digest})`;
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

/**
 * Rows of one list (of one file, where there are none) that share an id count as different ones, unless they are equal.
 * Ranked by size: as counts only grow, each rank grows too, so a later and fuller report replaces an earlier one.
 */
const RANK = `dense_rank() OVER (PARTITION BY r_id, r_list ORDER BY t_completion_tokens DESC NULLS LAST,
  t_prompt_tokens DESC NULLS LAST, t_requests DESC NULLS LAST)`;
const numberedId = `r_id || CASE WHEN ${RANK} > 1 THEN ':' || ${RANK} ELSE '' END`;

/** The last step: derived totals, and parts that are larger than their whole are not known. */
function outputValue(field: Field, mapping: Mapping, total: string): string {
  const typed = `t_${field.column}`;
  const variantOfSlug = mapping.fields.model && !mapping.fields.variant;
  switch (field.name) {
    case 'id':
      return mapping.fields.id?.numbered ? numberedId : 'r_id';
    case 'model':
      // A constant and the words of a `map` are taken as they stand.
      return mapping.fields.model && !mapping.fields.model.map
        ? `CASE WHEN contains(${typed}, ':') AND contains(${typed}, '/') THEN split_part(${typed}, ':', 1) ELSE ${typed} END`
        : typed;
    case 'labels':
      return `${typed}::STRUCT(path VARCHAR, confidence DOUBLE)[]`;
    case 'classifier':
      // Labels keep their origin.
      return mapping.fields.labels
        ? `CASE WHEN t_labels IS NOT NULL THEN coalesce(${typed}, ${quote(mapping.name)}) END::VARCHAR`
        : `${typed}::VARCHAR`;
    case 'source':
      return quote(mapping.name);
    case 'totalTokens':
      return `${total}::BIGINT`;
    case 'variant':
      return variantOfSlug
        ? `CASE WHEN contains(r_model, ':') AND contains(r_model, '/') THEN nullif(split_part(lower(r_model), ':', 2), '') END`
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
        : finishReason('r_native_finish_reason');
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
