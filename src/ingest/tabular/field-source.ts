/** Where one field of the record comes from, as a mapping file says it: read, checked, and the columns that it names. */
import { FIELD_BY_NAME } from '../../generation/generation.ts';
import { isObject } from '../../json/read.ts';

export type TimeUnit = 'ns' | 'us' | 'ms' | 's' | 'min' | 'h';
export type MoneyUnit = 'USD' | 'cents' | 'microdollars' | 'nanodollars';

/** Columns or paths of which the first that is not empty counts. */
export type Alternatives = string[];

/** Of a sum: `instead`, or what is left of the total `less` something. */
export interface Overlap {
  total: Alternatives;
  others: Alternatives[];
  less?: Alternatives;
  instead?: Alternatives;
}

/**
 * Where one field comes from. `columns` are tried in order (first that is not empty), or joined with `join`; `sum` and
 * `from`/`to` compute a value, and `columns` are then tried where they give none.
 */
export interface FieldSource {
  columns: Alternatives;
  /** Joins all parts with this text (for ids made of several). */
  join?: string;
  /** What is joined; without it, `columns`. */
  parts?: Alternatives[];
  /** Adds these up. What is absent counts as nothing; the sum is unknown where all are absent. */
  sum?: Alternatives[];
  /** What counts instead of the sum where it and that of the others come to more than the total: the parts overlap. */
  overlap?: Overlap;
  /** A duration in milliseconds from one time column to another. */
  from?: Alternatives;
  to?: Alternatives;
  /** The duration is unknown unless `to` lies before this time. */
  before?: Alternatives;
  /** An id made of names of people or keys: kept as a keyed hash. */
  hashed?: boolean;
  /** Of an id made of dimensions: rows of one file that share it are told apart by their size. */
  numbered?: boolean;
  /** Unit of a duration or an amount of money in the source. */
  unit?: TimeUnit | MoneyUnit;
  /** The unit holds only in rows in which all of these are empty; in others the number has the record's unit. */
  unitWithout?: Alternatives;
  /** Multiplies a number. */
  scale?: number;
  /** Source values → record values; values not listed stay as they are, `null` makes them unknown. */
  map?: Record<string, string | boolean | number | null>;
  /** A boolean: true where the text is one of these, whatever its case. */
  equals?: string[];
  /** Texts that mean that nothing is known. */
  unknown?: string[];
  /** The value where the source has none. */
  default?: string;
  /** A value that cannot be read is unknown, and no reason to refuse the row. */
  lenient?: boolean;
  /** Of labels: the column with the confidence of a label that is given as a text. */
  confidence?: Alternatives;
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

const SOURCE_KEYS = [
  'column',
  'columns',
  'join',
  'sum',
  'overlap',
  'from',
  'to',
  'before',
  'hashed',
  'numbered',
  'unit',
  'unitWithout',
  'scale',
  'map',
  'equals',
  'unknown',
  'default',
  'lenient',
  'confidence',
  'timezone',
  'pattern',
  'epoch',
  'relative',
  'above',
  'optional',
];
const TIME_UNITS = ['ns', 'us', 'ms', 's', 'min', 'h'];
const MONEY_UNITS = ['USD', 'cents', 'microdollars', 'nanodollars'];

/** Refuses the mapping file with a sentence. */
export type Fail = (message: string) => never;

/** @param spec what the file says of this field: a column's name, a list of them, or an object */
export function readSource(name: string, spec: unknown, fail: Fail): FieldSource {
  if (typeof spec === 'string') return { columns: [spec] };
  if (Array.isArray(spec))
    return readSource(name, name === 'id' ? { columns: spec, join: ':' } : { columns: spec }, fail);
  if (!isObject(spec)) return fail(`"${name}" must be a column's name or { column: … }`);
  for (const key of Object.keys(spec))
    if (!SOURCE_KEYS.includes(key))
      fail(`"${name}" has an unknown key "${key}"; known are ${SOURCE_KEYS.join(', ')}`);
  const {
    column,
    columns,
    sum,
    overlap,
    from,
    to,
    before,
    unitWithout,
    confidence,
    unknown,
    equals,
    ...rest
  } = spec;
  const source = { ...rest, columns: [] } as FieldSource;
  const named = columns ?? (column === undefined ? [] : [column]);
  if (source.join !== undefined && Array.isArray(named) && named.some(Array.isArray))
    source.parts = readParts(name, 'columns', named, fail);
  else source.columns = named as Alternatives;
  if (!isTexts(source.columns)) fail(`"${name}" names no column`);
  if (sum !== undefined) source.sum = readParts(name, 'sum', sum, fail);
  if (overlap !== undefined) source.overlap = readOverlap(name, overlap, fail);
  if (from !== undefined) source.from = readAlternatives(name, 'from', from, fail);
  if (to !== undefined) source.to = readAlternatives(name, 'to', to, fail);
  if (before !== undefined) source.before = readAlternatives(name, 'before', before, fail);
  if (unitWithout !== undefined)
    source.unitWithout = readAlternatives(name, 'unitWithout', unitWithout, fail);
  if (confidence !== undefined) source.confidence = readAlternatives(name, 'confidence', confidence, fail);
  if (unknown !== undefined) source.unknown = readTexts(name, 'unknown', unknown, fail);
  if (equals !== undefined) source.equals = readTexts(name, 'equals', equals, fail);
  if (source.columns.length === 0 && !source.parts && !source.sum && !source.from)
    fail(`"${name}" names no column`);
  checkKind(name, source, fail);
  checkValues(name, source, fail);
  return source;
}

/** Keys that only some kinds of fields can have. */
function checkKind(name: string, source: FieldSource, fail: Fail): void {
  const field = FIELD_BY_NAME.get(name);
  const kind = field?.kind;
  const duration = field?.unit === 'ms';
  if ((source.from === undefined) !== (source.to === undefined))
    fail(`"${name}": a duration needs both "from" and "to"`);
  if (source.before && !source.from) fail(`"${name}": "before" goes with "from" and "to"`);
  if (source.from && !duration) fail(`"${name}" is no duration: from and to are for latencyMs, durationMs`);
  if (source.from && source.unit) fail(`"${name}": a duration between two times has no unit`);
  if (source.sum && kind !== 'integer' && kind !== 'number')
    fail(`"${name}" is no number: nothing can be summed`);
  if (source.overlap && !source.sum) fail(`"${name}": overlap goes with sum`);
  if (source.equals && kind !== 'boolean') fail(`"${name}": equals is for fields that are true or false`);
  if (source.confidence && name !== 'labels') fail(`"${name}": confidence is for labels`);
  if (source.unitWithout && (!source.unit || kind !== 'number'))
    fail(`"${name}": unitWithout goes with the unit of a number`);
  if (source.numbered && name !== 'id') fail(`"${name}": numbered is for the id`);
  if (source.hashed && name !== 'id')
    fail(`"${name}": hashed is for the id; account and session always are hashed`);
  const timed = source.relative ?? source.epoch ?? source.pattern ?? source.timezone;
  if (kind !== 'timestamp' && !source.from && timed !== undefined)
    fail(`"${name}" is no time: relative, epoch, pattern and timezone are for createdAt`);
}

function checkValues(name: string, source: FieldSource, fail: Fail): void {
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
  if (source.default !== undefined) source.default = String(source.default);
  if (source.relative === undefined) return;
  const { start, unit } = (source.relative ?? {}) as { start?: unknown; unit?: unknown };
  const iso = start instanceof Date ? start.toISOString() : String(start);
  if (Number.isNaN(Date.parse(iso)) || !TIME_UNITS.includes(String(unit)))
    fail(`"${name}": relative needs { start: <ISO time>, unit: ${TIME_UNITS.join('|')} }`);
  source.relative = { start: new Date(iso).toISOString(), unit: unit as TimeUnit };
}

/** One column, or several of which the first that is not empty counts. */
export function readAlternatives(name: string, key: string, value: unknown, fail: Fail): Alternatives {
  const list = Array.isArray(value) ? value : [value];
  if (!isTexts(list) || list.length === 0) return fail(`"${name}": ${key} must name a column or several`);
  return list;
}

export function readTexts(name: string, key: string, value: unknown, fail: Fail): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.some((v) => typeof v === 'object' || v === undefined))
    return fail(`"${name}": ${key} must be a list of texts`);
  return list.map(String);
}

function readOverlap(name: string, spec: unknown, fail: Fail): Overlap {
  const { total, others, less, instead } = isObject(spec) ? spec : {};
  if (total === undefined || others === undefined || (less === undefined) === (instead === undefined))
    return fail(`"${name}": overlap needs total, others, and less or instead`);
  return {
    total: readAlternatives(name, 'total', total, fail),
    others: readParts(name, 'others', others, fail),
    ...(less === undefined ? {} : { less: readAlternatives(name, 'less', less, fail) }),
    ...(instead === undefined ? {} : { instead: readAlternatives(name, 'instead', instead, fail) }),
  };
}

function readParts(name: string, key: string, value: unknown, fail: Fail): Alternatives[] {
  if (!Array.isArray(value) || value.length === 0) return fail(`"${name}": ${key} must be a list of columns`);
  return value.map((part) => readAlternatives(name, key, part, fail));
}

/** Every column or path that a field may be read from. */
export const pathsOf = (source: FieldSource): string[] => [
  ...source.columns,
  ...(source.parts ?? []).flat(),
  ...(source.sum ?? []).flat(),
  ...(source.overlap
    ? [
        ...source.overlap.total,
        ...source.overlap.others.flat(),
        ...(source.overlap.less ?? source.overlap.instead ?? []),
      ]
    : []),
  ...(source.from ?? []),
  ...(source.to ?? []),
  ...(source.before ?? []),
  ...(source.unitWithout ?? []),
  ...(source.confidence ?? []),
];

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((v) => typeof v === 'string');
