/** The columns of a result: which there are when there are no rows, what they are called, and their units. */
import { type Lang, messageOrNull } from '../messages/messages.ts';
import type { ColumnInfo, ExhibitResult, Kind, Row } from './contract.ts';
import type { Exhibit } from './define.ts';

const BY_KIND: Record<Kind, readonly string[]> = {
  series: ['period', 'series', 'value', 'requests', 'partial'],
  composition: ['group', 'series', 'value', 'requests'],
  scatter: ['name', 'group', 'x', 'y', 'requests'],
  cohorts: ['model', 'cohort', 'age', 'accounts', 'value'],
  table: [],
};

export function columnsOf(exhibit: Exhibit, rows: readonly Row[]): string[] {
  if (rows[0]) return Object.keys(rows[0]);
  if (exhibit.columns) return [...exhibit.columns];
  const panel = exhibit.kind === 'series' && exhibit.panels ? ['panel'] : [];
  const sure = [...panel, ...BY_KIND[exhibit.kind]];
  return exhibit.sampleSql === null
    ? sure
    : sure.flatMap((name) => (name === 'value' ? ['value', 'low', 'high'] : [name]));
}

/** The columns that a table shows: all but a segment's key, whose name stands beside it. */
export const columnInfos = (columns: readonly string[], exhibit: Exhibit, lang: Lang): ColumnInfo[] =>
  columns
    .filter((name) => name !== 'segment' || !columns.includes('segment_name'))
    .map((name) => columnInfo(name, exhibit, lang));

function columnInfo(name: string, exhibit: Exhibit, lang: Lang): ColumnInfo {
  const { scatter } = exhibit.chart;
  const axis = name === 'x' ? scatter?.x : name === 'y' ? scatter?.y : undefined;
  // Exhibits of the sample count its generations, not the requests that these stand for.
  const counted = name === 'requests' && exhibit.needs.includes('labels') ? 'labelled' : undefined;
  const label =
    messageOrNull(lang, `exhibits.${exhibit.id}.columns.${name}`) ??
    messageOrNull(lang, `columns.${axis ?? counted ?? name}`) ??
    name;
  const units: Record<string, ColumnInfo['unit']> = {
    period: 'date',
    cohort: 'date',
    value: exhibit.unit,
    low: exhibit.unit,
    high: exhibit.unit,
    requests: 'requests',
    accounts: 'requests',
    age: 'requests',
    partial: 'boolean',
    tokens: 'tokens',
    share: 'share',
    models: 'models',
    usd_per_million: 'usd_per_million',
  };
  return { name, label, unit: axis ?? units[name] ?? 'text' };
}

/** What the numbers were narrowed to, as it is typed: `from=2025-05-01; region=asia`. Empty where they are of everything. */
export function selectionText({
  from,
  to,
  where,
}: Omit<ExhibitResult['provenance']['filters'], 'grain'>): string {
  const filters = Object.entries(where).flatMap(([key, values]) => values.map((value) => `${key}=${value}`));
  return [...(from ? [`from=${from}`] : []), ...(to ? [`to=${to}`] : []), ...filters].join('; ');
}

/** RFC 4180, with a leading apostrophe where a spreadsheet would run the cell as a formula. */
export function toCsv(result: ExhibitResult): string {
  const cell = (value: Row[string] | undefined): string => {
    if (value === null || value === undefined) return '';
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  // A table leaves the page that would say so: simulated numbers, and those of a part, tell it in every line.
  const selection = selectionText(result.provenance.filters);
  const marks = [
    ...(selection === '' ? [] : [['selection', cell(selection)]]),
    ...(result.simulated ? [['simulated', 'true']] : []),
  ];
  const lines = [
    [...result.columns, ...marks.map(([name]) => name)].join(','),
    ...result.rows.map((row) =>
      [...result.columns.map((c) => cell(row[c])), ...marks.map(([, text]) => text)].join(','),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
