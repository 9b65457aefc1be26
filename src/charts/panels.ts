/** Small multiples: one result for each panel, and how the panels stand beside each other. */
import type { ExhibitResult } from '../exhibits/contract.ts';

/**
 * The result from its first period with a value on: labels or tool calls may begin long after the traffic, and an
 * axis that is mostly empty shows nothing. Gaps later on stay.
 */
export function fromFirstValue(result: ExhibitResult): ExhibitResult {
  if (result.kind !== 'series') return result;
  const known = new Set(result.rows.flatMap((row) => (typeof row.value === 'number' ? [row.period] : [])));
  const first = result.periods.findIndex((each) => known.has(each.period));
  return first > 0 ? { ...result, periods: result.periods.slice(first) } : result;
}

/**
 * Splits a result into one for each panel: its rows, the series and groups that occur in them, the same periods; the
 * panel's label is the title. A result without panels is its own only panel.
 */
export function panelResults(whole: ExhibitResult): ExhibitResult[] {
  const result = fromFirstValue(whole);
  if (result.panels.length === 0) return [result];
  const column = result.chart.type === 'cohorts' ? 'model' : 'panel';
  return result.panels.map(({ key, label }) => {
    const rows = result.rows.filter((row) => String(row[column] ?? '') === key);
    const occurring = (name: 'series' | 'group') => new Set(rows.map((row) => row[name]));
    const [series, groups] = [occurring('series'), occurring('group')];
    return {
      ...result,
      title: label,
      statement: '',
      panels: [],
      rows,
      series: result.series.filter((each) => series.has(each.key)),
      groups: result.groups.filter((each) => groups.has(each.key)),
    };
  });
}

const GAP = { x: 28, y: 18 };
export const PANEL_GAP = GAP;
/** Pixels of a panel's own heading. */
export const PANEL_HEAD = 26;

/** Compositions carry their labels inside and need the full width. */
export function panelColumns(result: ExhibitResult, width: number): number {
  const count = result.panels.length;
  if (result.chart.type === 'composition' || width < 620 || count < 2) return 1;
  const widest = result.chart.type === 'cohorts' || result.chart.type === 'scatter' ? 1080 : 820;
  return width >= widest && count > 2 && count !== 4 ? 3 : 2;
}

export const panelWidth = (width: number, columns: number): number =>
  Math.floor((width - GAP.x * (columns - 1)) / columns);

/** The height that suits a panel's chart of this width. */
export const panelHeight = (width: number): number => Math.round(Math.min(320, Math.max(200, width * 0.62)));
