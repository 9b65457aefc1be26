/** Mapping files: which column of a foreign table is which field of the record. YAML, checked, with errors that explain. */
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { StateaiError } from '../../generation/errors.ts';
import { FIELD_BY_NAME } from '../../generation/generation.ts';

export type TimeUnit = 'ns' | 'us' | 'ms' | 's' | 'min' | 'h';
export type MoneyUnit = 'USD' | 'cents' | 'microdollars' | 'nanodollars';

/** Where one field comes from. `columns` are tried in order (first that is not empty), or joined with `join`. */
export interface FieldSource {
  columns: string[];
  /** Joins all columns with this text (for ids made of several). */
  join?: string;
  /** Unit of a duration or an amount of money in the source. */
  unit?: TimeUnit | MoneyUnit;
  /** Multiplies a number. */
  scale?: number;
  /** Source values → record values; values not listed stay as they are, `null` makes them unknown. */
  map?: Record<string, string | boolean | number | null>;
  /** Zone of times that carry none: an IANA name. Default UTC. */
  timezone?: string;
  /** `strptime` pattern for times that are not ISO 8601. */
  pattern?: string;
  /** The column is a number of these since 1970-01-01 UTC. */
  epoch?: 's' | 'ms' | 'us' | 'ns';
  /** The column is a number of these since a start that the user gives. */
  relative?: { start: string; unit: TimeUnit };
  /** A boolean: true where the number is over this. */
  above?: number;
  /** The column may be absent from the file. */
  optional?: boolean;
}

export interface Mapping {
  /** Becomes the records' `source`. */
  name: string;
  format: 'csv' | 'ndjson' | 'parquet';
  /** Times are days; no hour is known. */
  daily: boolean;
  /** How many generations a row stands for when no column says: 1, or null where the source does not say. */
  requests: number | null;
  fields: Record<string, FieldSource>;
  constants: Record<string, string | number | boolean>;
  delimiter?: string;
  /** Prefix for ids, so that two sources cannot collide. */
  idPrefix: string;
}

const KEYS = [
  'name',
  'format',
  'daily',
  'requests',
  'fields',
  'constants',
  'delimiter',
  'idPrefix',
  'description',
];
const SOURCE_KEYS = [
  'column',
  'columns',
  'join',
  'unit',
  'scale',
  'map',
  'timezone',
  'pattern',
  'epoch',
  'relative',
  'above',
  'optional',
];
const TIME_UNITS = ['ns', 'us', 'ms', 's', 'min', 'h'];
const MONEY_UNITS = ['USD', 'cents', 'microdollars', 'nanodollars'];

export function readMapping(path: string): Mapping {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new StateaiError(
      'no_mapping',
      `${path}: the mapping file cannot be read (${(error as Error).message})`,
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
  const fail = (message: string, offset?: number): never => {
    const line = offset === undefined ? '' : `:${counter.linePos(offset).line}`;
    throw new StateaiError(
      'bad_mapping',
      `${path}${line}: ${message}`,
      'See docs/guides/import-tables.md for what a mapping file may say.',
    );
  };
  const [problem] = document.errors;
  if (problem) fail(problem.message.split('\n')[0] ?? 'not YAML', problem.pos[0]);
  const raw: unknown = document.toJS();
  if (!isObject(raw)) return fail('a mapping file is an object with "fields"');
  for (const key of Object.keys(raw))
    if (!KEYS.includes(key)) fail(`unknown key "${key}"; known are ${KEYS.join(', ')}`);
  const fields: Record<string, FieldSource> = {};
  if (!isObject(raw.fields)) return fail('"fields" must say which column is which field');
  for (const [name, spec] of Object.entries(raw.fields)) {
    checkField(name, fail);
    fields[name] = readSource(name, spec, fail);
  }
  const constants: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(isObject(raw.constants) ? raw.constants : {})) {
    checkField(name, fail);
    if (name in fields) fail(`"${name}" is both a field and a constant`);
    if (!['string', 'number', 'boolean'].includes(typeof value))
      fail(`constant "${name}" must be a text, a number or true/false`);
    constants[name] = value as string;
  }
  const has = (name: string) => name in fields || name in constants;
  if (!has('createdAt')) fail('"createdAt" is missing: which column holds the time?');
  if (!has('model')) fail('"model" is missing: name its column, or a constant (model: unknown)');
  if (!has('totalTokens') && !has('promptTokens') && !has('completionTokens'))
    fail('no tokens: map promptTokens and completionTokens, or totalTokens');
  const format = (raw.format ?? 'csv') as Mapping['format'];
  if (!['csv', 'ndjson', 'parquet'].includes(format)) fail('"format" must be csv, ndjson or parquet');
  const requests = raw.requests === undefined ? 1 : raw.requests;
  if (requests !== null && !(Number.isInteger(requests) && Number(requests) > 0))
    fail('"requests" must be a whole number or null');
  const mapping: Mapping = {
    name: typeof raw.name === 'string' ? raw.name : format,
    format,
    daily: raw.daily === true,
    requests: requests as number | null,
    fields,
    constants,
    idPrefix: typeof raw.idPrefix === 'string' ? raw.idPrefix : '',
  };
  if (typeof raw.delimiter === 'string') mapping.delimiter = raw.delimiter;
  return mapping;
}

type Fail = (message: string) => never;

function checkField(name: string, fail: Fail): void {
  if (name === 'source' || name === 'labels') fail(`"${name}" cannot be mapped`);
  if (!FIELD_BY_NAME.has(name))
    fail(`"${name}" is not a field of the record; fields are ${[...FIELD_BY_NAME.keys()].join(', ')}`);
}

function readSource(name: string, spec: unknown, fail: Fail): FieldSource {
  if (typeof spec === 'string') return { columns: [spec] };
  if (Array.isArray(spec))
    return readSource(name, name === 'id' ? { columns: spec, join: ':' } : { columns: spec }, fail);
  if (!isObject(spec)) return fail(`"${name}" must be a column's name or { column: … }`);
  for (const key of Object.keys(spec))
    if (!SOURCE_KEYS.includes(key))
      fail(`"${name}" has an unknown key "${key}"; known are ${SOURCE_KEYS.join(', ')}`);
  const { column, columns, ...rest } = spec;
  const names = columns ?? (column === undefined ? [] : [column]);
  if (!Array.isArray(names) || names.length === 0 || names.some((c) => typeof c !== 'string'))
    return fail(`"${name}" names no column`);
  const source = { ...rest, columns: names } as FieldSource;
  const kind = FIELD_BY_NAME.get(name)?.kind;
  if (source.unit !== undefined && ![...TIME_UNITS, ...MONEY_UNITS].includes(source.unit))
    fail(`"${name}" has the unit "${source.unit}"; use ${[...TIME_UNITS, ...MONEY_UNITS].join(', ')}`);
  if (source.scale !== undefined && !(typeof source.scale === 'number' && source.scale > 0))
    fail(`"${name}": scale must be a number over 0`);
  if (source.timezone !== undefined && !isTimeZone(source.timezone))
    fail(`"${name}": "${source.timezone}" is no IANA time zone`);
  if (source.epoch !== undefined && !['s', 'ms', 'us', 'ns'].includes(source.epoch))
    fail(`"${name}": epoch must be s, ms, us or ns`);
  if (source.map !== undefined && !isObject(source.map))
    fail(`"${name}": map must be an object of source value → record value`);
  if (source.relative !== undefined) {
    const { start, unit } = (source.relative ?? {}) as { start?: unknown; unit?: unknown };
    const iso = start instanceof Date ? start.toISOString() : String(start);
    if (Number.isNaN(Date.parse(iso)) || !TIME_UNITS.includes(String(unit)))
      fail(`"${name}": relative needs { start: <ISO time>, unit: ${TIME_UNITS.join('|')} }`);
    source.relative = { start: new Date(iso).toISOString(), unit: unit as TimeUnit };
  }
  if (kind !== 'timestamp' && (source.relative || source.epoch || source.pattern || source.timezone))
    fail(`"${name}" is no time: relative, epoch, pattern and timezone are for createdAt`);
  return source;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
