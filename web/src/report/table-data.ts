/** From a result to a table a person can read: periods down and series across, or the rows as they are. */
import { formatDay, formatPeriod, formatValue, NOTHING, whole } from '../../../src/charts/format.ts';
import { pivot } from '../../../src/charts/pivot.ts';
import type { Cell, ColumnInfo, ExhibitResult } from '../../../src/exhibits/contract.ts';
import type { Lang } from '../lib/view.ts';

export interface TableColumn {
  id: string;
  label: string;
  numeric: boolean;
  show: (cell: Cell) => string;
}
export interface TableLine {
  cells: Cell[];
  partial: boolean;
}
export interface TableData {
  columns: TableColumn[];
  lines: TableLine[];
}

export interface TableWords {
  period: string;
  yes: string;
  no: string;
}

export function tableData(result: ExhibitResult, lang: Lang, words: TableWords): TableData {
  return result.kind === 'series' ? seriesTable(result, lang, words) : plainTable(result, lang, words);
}

function seriesTable(result: ExhibitResult, lang: Lang, words: TableWords): TableData {
  const series = pivot(result, false);
  const grain = result.provenance.filters.grain;
  return {
    columns: [
      {
        id: 'period',
        label: words.period,
        numeric: false,
        show: (cell) => formatPeriod(String(cell), grain, lang),
      },
      ...series.map((each) => ({
        id: each.key,
        label: each.label,
        numeric: true,
        show: (cell: Cell) => formatValue(typeof cell === 'number' ? cell : null, result.unit, lang),
      })),
    ],
    lines: result.periods.map((each, i) => ({
      cells: [each.period, ...series.map((one) => one.values[i] ?? null)],
      partial: each.partial,
    })),
  };
}

function plainTable(result: ExhibitResult, lang: Lang, words: TableWords): TableData {
  const infos = new Map(result.columnInfo.map((each) => [each.name, each]));
  const names = result.columns.filter((name) => result.columnInfo.length === 0 || infos.has(name));
  return {
    columns: names.map((name) => {
      const info = infos.get(name) ?? { name, label: name, unit: 'text' as const };
      return {
        id: name,
        label: info.label,
        numeric: result.rows.some((row) => typeof row[name] === 'number'),
        show: (cell) => showCell(cell, info.unit, lang, words),
      };
    }),
    lines: result.rows.map((row) => ({
      cells: names.map((name) => row[name] ?? null),
      partial: row.partial === true,
    })),
  };
}

function showCell(cell: Cell, unit: ColumnInfo['unit'], lang: Lang, words: TableWords): string {
  if (cell === null) return NOTHING;
  if (typeof cell === 'boolean') return cell ? words.yes : words.no;
  if (typeof cell === 'string') return unit === 'date' ? formatDay(cell, lang) : cell;
  if (unit === 'date' || unit === 'text' || unit === 'boolean') return String(cell);
  if (unit === 'requests') return whole(cell, lang);
  return formatValue(cell, unit, lang);
}

/** Numbers by size, texts by the language's order; what is not known stays at the end either way. */
export function compareCells(a: Cell | undefined, b: Cell | undefined, lang: Lang): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), lang);
}
