/** Mapping files: which column of a foreign table is which field of the record. YAML, checked, with errors that explain. */
import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { explain, StateaiError } from '../../generation/errors.ts';
import { FIELD_BY_NAME } from '../../generation/generation.ts';
import { contentHash } from '../../generation/ids.ts';
import { isObject } from '../../json/read.ts';
import {
  type Alternatives,
  type FieldSource,
  pathsOf,
  readAlternatives,
  readSource,
  readTexts,
} from './field-source.ts';

/** Rows that a mapping is for; all others are passed over, and counted. */
export interface RowFilter {
  columns: Alternatives;
  /** The value is one of these, or … */
  in?: string[];
  /** … is none of these, or … */
  notIn?: string[];
  /** … there is a value at all. */
  present?: boolean;
  /** Where the file has no such column, all rows count. */
  optional?: boolean;
}

export type DecimalSign = '.' | ',';
export type TableFormat = 'csv' | 'ndjson' | 'parquet';

export interface Mapping {
  /** Becomes the records' `source`. */
  name: string;
  /** `any`: the content tells which of the three it is. */
  format: TableFormat | 'any';
  /** Times are days; no hour is known. `auto`: where all times of a file are midnight UTC. */
  daily: boolean | 'auto';
  /** How many generations a row stands for when no column says: 1, or null where the source does not say. */
  requests: number | null;
  fields: Record<string, FieldSource>;
  constants: Record<string, string | number | boolean>;
  delimiter?: string;
  /** The decimal sign of its numbers, whose thousands may be set apart; without it numbers are plain. */
  decimal?: DecimalSign;
  /** Prefix for ids, so that two sources cannot collide. */
  idPrefix: string;
  only?: RowFilter;
  /** Keys of the lists, from the outside inwards, in which a JSON document holds its rows. */
  rows?: string[];
  /** Texts that mean, in any column, that nothing is known. */
  unknown?: string[];
}

/** Names a mapping as it is. */
export const mappingKey = (mapping: Mapping): string =>
  `${mapping.name}@${contentHash(JSON.stringify(mapping))}`;

const KEYS = [
  'name',
  'format',
  'daily',
  'requests',
  'fields',
  'constants',
  'delimiter',
  'decimal',
  'idPrefix',
  'only',
  'rows',
  'unknown',
  'description',
];

export function readMapping(path: string): Mapping {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new StateaiError(
      'no_mapping',
      explain(error, `Reading the mapping file ${path}`).message,
      'Give --mapping <file.yaml>; examples lie in examples/mappings/.',
      error,
    );
  }
  return parseMapping(text, path);
}

/** @throws `bad_mapping` naming file, line and what is wrong */
export function parseMapping(text: string, path: string): Mapping {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const failAt = (message: string, offset?: number): never => {
    const line = offset === undefined ? '' : `:${counter.linePos(offset).line}`;
    throw new StateaiError(
      'bad_mapping',
      `${path}${line}: ${message}`,
      'See docs/guides/import-tables.md for what a mapping file may say.',
    );
  };
  /** @param keys where in the file the mistake is */
  const failing =
    (...keys: string[]) =>
    (message: string): never => {
      const node = document.getIn(keys, true);
      return failAt(message, isNode(node) ? node.range?.[0] : undefined);
    };
  const [problem] = document.errors;
  if (problem) failAt(problem.message.split('\n')[0] ?? 'not YAML', problem.pos[0]);
  const raw: unknown = document.toJS();
  if (!isObject(raw)) return failAt('a mapping file is an object with "fields"');
  for (const key of Object.keys(raw))
    if (!KEYS.includes(key)) failing(key)(`unknown key "${key}"; known are ${KEYS.join(', ')}`);
  const fields: Record<string, FieldSource> = {};
  if (!isObject(raw.fields)) return failing('fields')('"fields" must say which column is which field');
  for (const [name, spec] of Object.entries(raw.fields)) {
    const fail = failing('fields', name);
    checkField(name, fail);
    fields[name] = readSource(name, spec, fail);
  }
  const constants: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(isObject(raw.constants) ? raw.constants : {})) {
    const fail = failing('constants', name);
    checkField(name, fail);
    if (name === 'labels') fail('"labels" cannot be a constant');
    if (name in fields) fail(`"${name}" is both a field and a constant`);
    if (!['string', 'number', 'boolean'].includes(typeof value))
      fail(`constant "${name}" must be a text, a number or true/false`);
    constants[name] = value as string;
  }
  const has = (name: string) => name in fields || name in constants;
  if (!has('createdAt')) failAt('"createdAt" is missing: which column holds the time?');
  if (!has('model')) failAt('"model" is missing: name its column, or a constant (model: unknown)');
  if (!has('totalTokens') && !has('promptTokens') && !has('completionTokens'))
    failAt('no tokens: map promptTokens and completionTokens, or totalTokens');
  const format = (raw.format ?? 'csv') as Mapping['format'];
  if (!['csv', 'ndjson', 'parquet', 'any'].includes(format))
    failing('format')('"format" must be csv, ndjson, parquet or any');
  const requests = raw.requests === undefined ? 1 : raw.requests;
  if (requests !== null && !(Number.isInteger(requests) && Number(requests) > 0))
    failing('requests')('"requests" must be a whole number or null');
  const mapping: Mapping = {
    name: typeof raw.name === 'string' ? raw.name : format,
    format,
    daily: raw.daily === 'auto' ? 'auto' : raw.daily === true,
    requests: requests as number | null,
    fields,
    constants,
    idPrefix: typeof raw.idPrefix === 'string' ? raw.idPrefix : '',
  };
  if (typeof raw.delimiter === 'string') mapping.delimiter = raw.delimiter;
  if (raw.decimal !== undefined) mapping.decimal = readDecimal(raw.decimal, failing('decimal'));
  if (raw.only !== undefined) mapping.only = readFilter(raw.only, failing('only'));
  if (raw.rows !== undefined) mapping.rows = readRows(raw.rows, failing('rows'));
  if (raw.unknown !== undefined)
    mapping.unknown = readTexts('unknown', 'it', raw.unknown, failing('unknown'));
  return mapping;
}

type Fail = (message: string) => never;

function checkField(name: string, fail: Fail): void {
  if (name === 'source') fail(`"${name}" cannot be mapped`);
  if (!FIELD_BY_NAME.has(name))
    fail(`"${name}" is not a field of the record; fields are ${[...FIELD_BY_NAME.keys()].join(', ')}`);
}

const readDecimal = (spec: unknown, fail: Fail): DecimalSign =>
  spec === ',' || spec === '.' ? spec : fail('"decimal" must be "," or "."');

function readFilter(spec: unknown, fail: Fail): RowFilter {
  if (!isObject(spec)) return fail('"only" must be { column: …, in: [ … ] }');
  const { column, columns, in: within, notIn, present, optional, ...rest } = spec;
  const [other] = Object.keys(rest);
  if (other)
    fail(`"only" has an unknown key "${other}"; known are column, columns, in, notIn, present and optional`);
  if ([within, notIn, present].filter((rule) => rule !== undefined).length !== 1)
    fail('"only" needs one of "in", "notIn" and "present"');
  const filter: RowFilter = { columns: readAlternatives('only', 'column', columns ?? column, fail) };
  if (within !== undefined) filter.in = readTexts('only', 'in', within, fail);
  if (notIn !== undefined) filter.notIn = readTexts('only', 'notIn', notIn, fail);
  if (present !== undefined) filter.present = true;
  if (optional === true) filter.optional = true;
  return filter;
}

/** `data[].results[]` as its keys. */
function readRows(spec: unknown, fail: Fail): string[] {
  const steps = String(spec).split('.');
  if (!steps.every((step) => /^[^[\]]+\[\]$/.test(step)))
    return fail('"rows" must say where a document holds its rows, such as data[] or data[].results[]');
  return steps.map((step) => step.slice(0, -2));
}

/** Every column or path that a mapping reads. */
export const mappedPaths = (mapping: Mapping): string[] => [
  ...new Set([...Object.values(mapping.fields).flatMap(pathsOf), ...(mapping.only?.columns ?? [])]),
];

/** The column that numbers the lists from which rows were taken (see `rows`). */
export const LIST = '#list';

/** The columns themselves, without the paths into them. Names that differ in their case alone are one. */
export function mappedColumns(mapping: Mapping): string[] {
  const byName = new Map<string, string>();
  for (const path of mappedPaths(mapping)) {
    const top = path.split('.')[0] as string;
    if (!byName.has(top.toLowerCase())) byName.set(top.toLowerCase(), top);
  }
  if (mapping.fields.id?.numbered) byName.set(LIST, LIST);
  return [...byName.values()];
}
