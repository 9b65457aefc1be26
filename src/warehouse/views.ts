/**
 * The relations that exhibits read. Filters, date range and grain live here, in views, so that an exhibit's query is
 * plain SQL that never changes. The smallest cube that has every dimension asked for answers; where none has, and for
 * lake files that no mart covers yet, the records themselves answer: slower, never different.
 */
import { join } from 'node:path';
import { StateaiError } from '../generation/errors.ts';
import { fileList, identifier, literal } from './engine.ts';
import type { Layout } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { CUBES, MARTS, type MartDefinition, MEASURES } from './mart-definitions.ts';
import { martQuery, uncovered, validMartFiles } from './marts.ts';

export type Grain = 'day' | 'week' | 'month';

/** What a reader may narrow by, and where each is found: a fact of the model, or a dimension of the records. */
export const FILTERS = {
  author: 'model',
  model: 'model',
  open: 'model',
  origin: 'model',
  size: 'model',
  reasoning: 'model',
  variant: 'record',
  provider: 'record',
  byok: 'record',
  country: 'record',
  region: 'record',
  app: 'record',
} as const;
export type FilterKey = keyof typeof FILTERS;
export const FILTER_KEYS = Object.keys(FILTERS) as FilterKey[];

export interface Selection {
  /** First and last day, ISO, inclusive; null for all there is. */
  from: string | null;
  to: string | null;
  grain: Grain;
  /** Each key's values are alternatives; keys combine with AND. `unknown` selects what nobody states. */
  where: Partial<Record<FilterKey, string[]>>;
}

export interface Period {
  period: string;
  partial: boolean;
}

/** One statement a relation, in the order in which they must be made. */
export interface View {
  name: string;
  sql: string;
}

const MODEL_COLUMN: Partial<Record<FilterKey, string>> = { open: 'openness' };

/** @param models Parquet file with the catalog's answer for each slug of the dataset (see `model-table.ts`) */
export function trafficViews(
  manifest: Manifest,
  layout: Layout,
  models: string,
  selection: Selection,
  periods: readonly Period[],
): View[] {
  const dimensions = (Object.keys(selection.where) as FilterKey[]).filter((k) => FILTERS[k] === 'record');
  return [
    { name: 'models', sql: `SELECT * FROM read_parquet(${literal(models)})` },
    { name: 'periods', sql: periodsSql(periods) },
    { name: 'cube', sql: cubeSql(manifest, layout, dimensions) },
    { name: 'traffic', sql: trafficSql(selection) },
  ];
}

function periodsSql(periods: readonly Period[]): string {
  if (periods.length === 0) return "SELECT DATE '1970-01-01' AS period, false AS partial WHERE false";
  const values = periods.map((p) => `(DATE ${literal(p.period)}, ${p.partial})`);
  return `SELECT * FROM (VALUES ${values.join(', ')}) AS p(period, partial)`;
}

function cubeSql(manifest: Manifest, layout: Layout, dimensions: readonly string[]): string {
  const cube = CUBES.find((c) => dimensions.every((d) => c.dimensions.includes(d)));
  const columns = ['day', 'model', ...dimensions, ...MEASURES].map(identifier).join(', ');
  const parts: string[] = [];
  if (cube) {
    const files = validMartFiles(manifest).filter((m) => m.mart === cube.name);
    if (files.length > 0)
      parts.push(
        `SELECT ${columns} FROM read_parquet(${fileList(files.map((m) => join(layout.marts, m.file)))})`,
      );
  }
  const rest = cube ? [...uncovered(manifest, cube.name).values()].flat() : manifest.lake.map((f) => f.file);
  if (rest.length > 0) {
    const paths = rest.map((f) => join(layout.lake, f));
    parts.push(`SELECT ${columns} FROM (${martQuery(cube ?? freeCube(dimensions), paths)})`);
  }
  if (parts.length > 0) return parts.join('\nUNION ALL\n');
  const nothing = ['"day"', 'model', ...dimensions.map(identifier)].map((c) => `NULL::VARCHAR AS ${c}`);
  return `SELECT ${[...nothing, ...MEASURES.map((m) => `NULL::BIGINT AS ${identifier(m)}`)].join(', ')} WHERE false`;
}

/** A cube that is not kept: the definition of the largest one with other dimensions. */
function freeCube(dimensions: readonly string[]): MartDefinition {
  const pattern = MARTS[0] as MartDefinition;
  const own = `  ${pattern.dimensions.join(',\n  ')},`;
  if (!pattern.sql.includes(own)) throw new Error(`${pattern.name}: dimensions do not stand as ${own}`);
  const sql = pattern.sql
    .replace(own, `  ${dimensions.map(identifier).join(',\n  ')},`)
    .replace(/ORDER BY[^;]*$/, '');
  return { ...pattern, dimensions, sql };
}

function trafficSql(selection: Selection): string {
  const conditions = Object.entries(selection.where).map(([key, values]) =>
    condition(key as FilterKey, values ?? []),
  );
  if (selection.from) conditions.push(`"day" >= DATE ${literal(selection.from)}`);
  if (selection.to) conditions.push(`"day" <= DATE ${literal(selection.to)}`);
  const measures = MEASURES.map((m) => `c.${identifier(m)}`).join(', ');
  return `SELECT p.period, p.partial, c."day", m.model, m.model_name, m.author, m.author_name, m.openness, m.origin,
  m.source_group, m.size, m.reasoning, m.released, ${measures}
FROM cube AS c
JOIN models AS m ON m.slug = c.model
JOIN periods AS p ON p.period = date_trunc(${literal(selection.grain)}, c."day")
${conditions.length > 0 ? `WHERE ${conditions.join('\n  AND ')}` : ''}`;
}

function condition(key: FilterKey, values: readonly string[]): string {
  if (FILTERS[key] === undefined)
    throw new StateaiError('bad_filter', `"${key}" is not a filter`, `Use one of ${FILTER_KEYS.join(', ')}.`);
  const inModel = FILTERS[key] === 'model';
  const field = inModel ? `m.${identifier(MODEL_COLUMN[key] ?? key)}` : `c.${identifier(key)}`;
  const text = `lower(${field}::VARCHAR)`;
  const alternatives = values.map((value) => value.toLowerCase());
  const named = alternatives.filter((v) => v !== 'unknown').map((v) => literal(modelValue(key, v)));
  const parts: string[] = [];
  if (named.length > 0) parts.push(`${text} IN (${named.join(', ')})`);
  if (alternatives.includes('unknown')) parts.push(`(${field} IS NULL OR ${text} = 'unknown')`);
  return parts.length > 0 ? `(${parts.join(' OR ')})` : 'false';
}

/** `open=true` and `open=open` mean the same. */
function modelValue(key: FilterKey, value: string): string {
  if (key !== 'open') return value;
  if (['true', 'yes', '1'].includes(value)) return 'open';
  return ['false', 'no', '0'].includes(value) ? 'closed' : value;
}

/**
 * Every period from the first to the last day with data (cut to the selection). A period is partial when the data, the
 * selection or the present do not cover all of it.
 * @param now milliseconds
 */
export function periodsOf(manifest: Manifest, selection: Selection, now = Date.now()): Period[] {
  if (manifest.lake.length === 0) return [];
  const first = manifest.lake.reduce((a, f) => (f.from < a ? f.from : a), '9999');
  const last = manifest.lake.reduce((a, f) => (f.to > a ? f.to : a), '0000');
  const hours = selection.grain === 'day' && !manifest.lake.every((f) => f.daily);
  const DAY = 86_400_000;
  const floor = (ms: number, step: number) => Math.floor(ms / step) * step;
  let start = hours ? floor(Date.parse(first), DAY / 24) : floor(Date.parse(first), DAY);
  let end = hours ? floor(Date.parse(last), DAY / 24) + DAY / 24 : floor(Date.parse(last), DAY) + DAY;
  if (selection.from) start = Math.max(start, Date.parse(selection.from));
  if (selection.to) end = Math.min(end, Date.parse(selection.to) + DAY);
  const periods: Period[] = [];
  for (let at = periodStart(start, selection.grain); at < end; at = nextPeriod(at, selection.grain)) {
    const until = nextPeriod(at, selection.grain);
    periods.push({
      period: new Date(at).toISOString().slice(0, 10),
      partial: at < start || until > end || until > now,
    });
  }
  return periods;
}

function periodStart(ms: number, grain: Grain): number {
  const date = new Date(ms);
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  if (grain === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return grain === 'week' ? day - ((date.getUTCDay() + 6) % 7) * 86_400_000 : day;
}

function nextPeriod(ms: number, grain: Grain): number {
  const date = new Date(ms);
  if (grain === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return ms + (grain === 'week' ? 7 : 1) * 86_400_000;
}
