/** From a result to a table a person can read: periods down and series across, or the rows as they are. */
import { cohortsOf } from '../../../src/charts/cohorts.ts';
import { formatMonth, formatPeriod, formatValue, NOTHING, whole } from '../../../src/charts/format.ts';
import { intervalBehind } from '../../../src/charts/interval-text.ts';
import { panelResults } from '../../../src/charts/panels.ts';
import { pivot } from '../../../src/charts/pivot.ts';
import { showCell, shownColumns } from '../../../src/charts/table-cells.ts';
import type { Cell, ExhibitResult } from '../../../src/exhibits/contract.ts';
import type { Lang } from '../lib/view.ts';

export interface TableColumn {
  id: string;
  label: string;
  numeric: boolean;
  /** Where a partial line says so. */
  marks?: boolean;
  show: (cell: Cell) => string;
}
export interface TableLine {
  cells: Cell[];
  /** What stands behind a cell's value: its interval, " (11.8–14.9)". */
  behind?: string[];
  partial: boolean;
}
export interface TableData {
  columns: TableColumn[];
  lines: TableLine[];
}

export interface TableWords {
  period: string;
  panel: string;
  model: string;
  cohort: string;
  accounts: string;
  /** What the columns of ages are called. */
  age: (age: number) => string;
}

export function tableData(result: ExhibitResult, lang: Lang, words: TableWords): TableData {
  if (result.kind === 'series') return seriesTable(result, lang, words);
  return result.kind === 'cohorts' ? cohortTable(result, lang, words) : plainTable(result, lang);
}

const asText = (cell: Cell): string => (cell === null ? NOTHING : String(cell));

/** Periods down and series across; with panels, one such block after the other. */
function seriesTable(result: ExhibitResult, lang: Lang, words: TableWords): TableData {
  const all = pivot(result, false);
  const grain = result.provenance.filters.grain;
  const inPanels = result.panels.length > 0;
  const columns: TableColumn[] = [
    {
      id: 'period',
      label: words.period,
      numeric: false,
      marks: true,
      show: (cell) => formatPeriod(String(cell), grain, lang),
    },
    ...all.map((each) => ({
      id: each.key,
      label: each.label,
      numeric: true,
      show: (cell: Cell) => formatValue(typeof cell === 'number' ? cell : null, result.unit, lang),
    })),
  ];
  const lines = panelResults(result).flatMap((panel) => {
    const drawn = new Map(pivot(panel, false).map((each) => [each.key, each]));
    const before = inPanels ? [panel.title] : [];
    return panel.periods.map((each, i) => ({
      cells: [...before, each.period, ...all.map((one) => drawn.get(one.key)?.values[i] ?? null)],
      behind: [
        ...before.map(() => ''),
        '',
        ...all.map((one) => {
          const band = drawn.get(one.key)?.band;
          return intervalBehind(band?.low[i], band?.high[i], result.unit, lang);
        }),
      ],
      partial: each.partial,
    }));
  });
  const panel = result.columnInfo.find((each) => each.name === 'panel')?.label ?? words.panel;
  const name: TableColumn = { id: 'panel', label: panel, numeric: false, show: asText };
  return { columns: inPanels ? [name, ...columns] : columns, lines };
}

/** Cohorts down and ages across, with how many accounts each began with. */
function cohortTable(result: ExhibitResult, lang: Lang, words: TableWords): TableData {
  const panels = panelResults(result).map((panel) => ({
    title: result.panels.length > 0 ? panel.title : String(panel.rows[0]?.model ?? ''),
    cohorts: cohortsOf(panel, { theme: 'light', lang, width: 800 }),
  }));
  const ages = Math.max(0, ...panels.flatMap((each) => each.cohorts.map((one) => one.values.length)));
  return {
    columns: [
      { id: 'model', label: words.model, numeric: false, show: asText },
      {
        id: 'cohort',
        label: words.cohort,
        numeric: false,
        show: (cell) => formatMonth(String(cell), lang),
      },
      {
        id: 'accounts',
        label: words.accounts,
        numeric: true,
        show: (cell) => (typeof cell === 'number' ? whole(cell, lang) : NOTHING),
      },
      ...Array.from({ length: ages }, (_, age) => ({
        id: `age-${age}`,
        label: words.age(age),
        numeric: true,
        show: (cell: Cell) => formatValue(typeof cell === 'number' ? cell : null, 'share', lang),
      })),
    ],
    lines: panels.flatMap(({ title, cohorts }) =>
      cohorts.map((each) => ({
        cells: [
          title,
          each.month,
          each.size,
          ...Array.from({ length: ages }, (_, age) => each.values[age] ?? null),
        ],
        partial: false,
      })),
    ),
  };
}

/** The rows as they are; keys of series, groups and panels by their names. */
function plainTable(result: ExhibitResult, lang: Lang): TableData {
  const infos = new Map(result.columnInfo.map((each) => [each.name, each]));
  const names = shownColumns(result);
  const labels = {
    series: new Map(result.series.map((each) => [each.key, each.label])),
    group: new Map(result.groups.map((each) => [each.key, each.label])),
    panel: new Map(result.panels.map((each) => [each.key, each.label])),
  } as Record<string, Map<string, string> | undefined>;
  return {
    columns: names.map((name) => {
      const info = infos.get(name) ?? { name, label: name, unit: 'text' as const };
      return {
        id: name,
        label: info.label,
        numeric: result.rows.some((row) => typeof row[name] === 'number'),
        show: (cell) => labels[name]?.get(String(cell)) ?? showCell(cell, info.unit, lang),
      };
    }),
    lines: result.rows.map((row) => ({
      cells: names.map((name) => row[name] ?? null),
      partial: row.partial === true,
    })),
  };
}

/** Numbers by size, texts by the language's order; what is not known stays at the end either way. */
export function compareCells(a: Cell | undefined, b: Cell | undefined, lang: Lang): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), lang);
}
