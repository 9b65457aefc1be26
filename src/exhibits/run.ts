/** Runs an exhibit on a dataset: views, query, then words. Knows no engine and no HTTP; it is given a reader. */
import type { Catalog } from '../catalog/contract.ts';
import { type Lang, message, messageOrNull } from '../messages/messages.ts';
import { colorOf } from './colors.ts';
import type {
  Cell,
  ColumnInfo,
  DatasetInfo,
  ExhibitInfo,
  ExhibitResult,
  Grain,
  Row,
  SeriesInfo,
} from './contract.ts';
import type { Exhibit } from './define.ts';
import { periodName, statementOf } from './statement.ts';

export interface Range {
  from: string | null;
  to: string | null;
  grain: Grain;
  where: Record<string, string[]>;
}

/** What an exhibit reads from: the views of one dataset under one selection. */
export interface Reader {
  /** Runs a query over the views. */
  query(sql: string): Promise<Row[]>;
  /** Views and query as one script. */
  script(sql: string): Promise<string>;
  /** Filters of the selection that a query's views cannot take, each with the first such view. */
  notTaken(sql: string): { filter: string; view: string }[];
  /** Classifiers and roll-up that a query's categories rest on; null when it reads none. */
  classifier(sql: string): Promise<string | null>;
  periods: { period: string; partial: boolean }[];
  info: DatasetInfo;
  /** Generations whose labels are known, and their share of all. */
  sample: { generations: number; rate: number } | null;
  /** Notes of the dataset that every exhibit must repeat. */
  notes: readonly string[];
}

export const SOFTWARE = 'stateai 0.1.0';

export function exhibitInfo(exhibit: Exhibit, lang: Lang): ExhibitInfo {
  const text = (part: 'title' | 'subtitle') =>
    exhibit.text ? (exhibit.text[part] ?? '') : message(lang, `exhibits.${exhibit.id}.${part}`);
  const { id, slug, section, unit, kind } = exhibit;
  return { id, slug, title: text('title'), subtitle: text('subtitle'), section, unit, kind };
}

export async function runExhibit(
  exhibit: Exhibit,
  reader: Reader,
  catalog: Catalog,
  range: Range,
  lang: Lang,
): Promise<ExhibitResult> {
  const queries = `${exhibit.sql}\n;\n${exhibit.factsSql ?? ''}`;
  const lacking = [
    ...lackingFields(exhibit, reader, lang),
    ...filtersNotTaken(exhibit, reader, queries, lang),
  ];
  const able = lacking.length === 0;
  const rows = able ? await reader.query(exhibit.sql) : [];
  const [facts = {}] = able && exhibit.factsSql ? await reader.query(exhibit.factsSql) : [];
  const series = seriesOf(exhibit, rows, catalog, lang);
  const columns = Object.keys(rows[0] ?? defaultColumns(exhibit));
  return {
    id: exhibit.id,
    ...pick(exhibitInfo(exhibit, lang)),
    dataset: reader.info.name,
    unit: exhibit.unit,
    columns,
    rows,
    statement: statementOf(exhibit, rows, series, lang, range.grain),
    provenance: {
      exhibit: exhibit.id,
      query: exhibit.hash,
      catalog: catalog.version,
      data: reader.info.version,
      classifier: await reader.classifier(queries),
      filters: { from: range.from, to: range.to, grain: range.grain, where: range.where },
      software: SOFTWARE,
    },
    section: exhibit.section,
    kind: exhibit.kind,
    slug: exhibit.slug,
    chart: exhibit.chart,
    series,
    columnInfo: columns.map((name) => columnInfo(name, exhibit, lang)),
    panels: [],
    groups: [],
    facts,
    releases: exhibit.chart.annotateReleases ? releasesIn(reader, catalog) : [],
    method: exhibit.text?.method ?? messageOrNull(lang, `exhibits.${exhibit.id}.method`) ?? '',
    published: exhibit.published.map((p) => ({
      label: `${seriesLabel(exhibit, p.series, catalog, lang)} · ${message(lang, `published.${p.stat}`)}`,
      text: p.text,
    })),
    notes:
      rows.length > 0
        ? notesOf(exhibit, reader, rows, range.grain, lang)
        : emptyNotes(reader, lacking.length, lang),
    lacking,
    periods: reader.periods,
    simulated: reader.info.simulated,
  };
}

function lackingFields(exhibit: Exhibit, reader: Reader, lang: Lang): ExhibitResult['lacking'] {
  return exhibit.needs
    .filter((field) => reader.info.tokens > 0 && reader.info.fields[field] === 0)
    .map((field) => ({ field, sentence: message(lang, `lacking.${field}`, { dataset: reader.info.name }) }));
}

function filtersNotTaken(
  exhibit: Exhibit,
  reader: Reader,
  queries: string,
  lang: Lang,
): ExhibitResult['lacking'] {
  return reader.notTaken(queries).map(({ filter, view }) => {
    const values = { exhibit: exhibit.id, filter };
    const why = messageOrNull(lang, `lacking.filter.${view}`, values);
    return { field: filter, sentence: why ?? message(lang, 'lacking.filter.other', values) };
  });
}

const pick = ({ title, subtitle }: ExhibitInfo) => ({ title, subtitle });

function defaultColumns(exhibit: Exhibit): Row {
  if (exhibit.kind === 'table')
    return { author: null, author_name: null, tokens: null, share: null, models: null, requests: null };
  return { period: null, series: null, value: null, requests: null, partial: null };
}

/** Series in the order in which they are stacked: largest first, the rest and the unknown last. */
function seriesOf(exhibit: Exhibit, rows: readonly Row[], catalog: Catalog, lang: Lang): SeriesInfo[] {
  const column = exhibit.kind === 'table' ? 'author' : 'series';
  const weight = new Map<string, number>();
  for (const row of rows) {
    const key = String(row[column]);
    weight.set(key, (weight.get(key) ?? 0) + Number(row.value ?? row.tokens ?? 0));
  }
  const place = (key: string) => (key === 'unknown' ? 2 : key === 'other' ? 1 : 0);
  const order = (key: string) => FIXED_ORDER.indexOf(key);
  const keys = [...weight.keys()].sort((a, b) => {
    if (place(a) !== place(b)) return place(a) - place(b);
    if (order(a) >= 0 && order(b) >= 0) return order(a) - order(b);
    return (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || a.localeCompare(b);
  });
  return keys.map((key, rank) => ({
    key,
    label: seriesLabel(exhibit, key, catalog, lang),
    color: colorOf(key, rank, exhibit.seriesKind, catalog),
    ...(key === 'unknown' ? { unknown: true } : {}),
  }));
}

/** Groups whose order carries meaning keep it whatever their size. */
const FIXED_ORDER = [
  'closed',
  'open-row',
  'open-chinese',
  'large',
  'medium',
  'small',
  'reasoning',
  'non-reasoning',
  'tool-calls',
  'completion',
  'reasoning-part',
];

function seriesLabel(exhibit: Exhibit, key: string, catalog: Catalog, lang: Lang): string {
  const word = messageOrNull(lang, `series.${key}`);
  if (word !== null) return word;
  if (exhibit.seriesKind === 'model' && key.includes('/')) return catalog.resolve(key).name;
  return key;
}

function columnInfo(name: string, exhibit: Exhibit, lang: Lang): ColumnInfo {
  const label = messageOrNull(lang, `columns.${name}`) ?? name;
  const units: Record<string, ColumnInfo['unit']> = {
    period: 'date',
    value: exhibit.unit,
    requests: 'requests',
    partial: 'boolean',
    tokens: 'tokens',
    share: 'share',
    models: 'models',
  };
  return { name, label, unit: units[name] ?? 'text' };
}

function releasesIn(reader: Reader, catalog: Catalog): ExhibitResult['releases'] {
  const [first] = reader.periods;
  const last = reader.periods.at(-1);
  if (!first || !last) return [];
  return catalog.notableReleases
    .filter((r) => r.date >= first.period && r.date <= (reader.info.to ?? last.period))
    .map(({ date, label }) => ({ date, label }));
}

function notesOf(exhibit: Exhibit, reader: Reader, rows: readonly Row[], grain: Grain, lang: Lang): string[] {
  const notes: string[] = [];
  const partial = [...new Set(rows.filter((r) => r.partial === true).map((r) => String(r.period)))].sort();
  if (partial.length > 0)
    notes.push(
      message(lang, 'notes.partial', {
        periods: partial.map((p) => periodName(p, grain, lang)).join(lang === 'zh' ? '、' : ' and '),
        count: partial.length,
      }),
    );
  const percent = (share: number) =>
    new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 }).format(share);
  for (const field of exhibit.needs) {
    const known = reader.info.fields[field];
    if (field === 'labels') {
      if (reader.sample)
        notes.push(
          message(lang, 'notes.sample', {
            count: reader.sample.generations,
            rate: new Intl.NumberFormat(lang, { style: 'percent', maximumSignificantDigits: 2 }).format(
              reader.sample.rate,
            ),
          }),
        );
      continue;
    }
    if (known < 1) notes.push(message(lang, 'notes.known-in-part', { field, share: percent(known) }));
  }
  const unknown = reader.info.unknownModelShare ?? 0;
  if (unknown > 0 && exhibit.needs.length === 0)
    notes.push(message(lang, 'notes.unknown-models', { share: percent(unknown) }));
  for (const note of reader.notes) notes.push(message(lang, `notes.${note}`));
  return notes;
}

function emptyNotes(reader: Reader, lacking: number, lang: Lang): string[] {
  if (lacking > 0) return [];
  return [message(lang, reader.info.tokens > 0 ? 'notes.nothing-selected' : 'notes.empty-dataset')];
}

/** RFC 4180, with a leading apostrophe where a spreadsheet would run the cell as a formula. */
export function toCsv(result: ExhibitResult): string {
  const cell = (value: Cell | undefined): string => {
    if (value === null || value === undefined) return '';
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [
    result.columns.join(','),
    ...result.rows.map((row) => result.columns.map((c) => cell(row[c])).join(',')),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
