/** Small charts side by side: which panels a result has, what they are called, and one of them alone. */
import type { Catalog } from '../catalog/contract.ts';
import type { Lang } from '../messages/messages.ts';
import type { ExhibitResult, Row } from './contract.ts';
import type { Exhibit, PanelDefinition } from './define.ts';
import { keyLabel } from './series.ts';

/** Column of the rows that names the panel. */
const columnOf = (exhibit: Exhibit): string => (exhibit.kind === 'cohorts' ? 'model' : 'panel');

/**
 * The panels that the rows fill, by letter. Where the definition leaves panels open, keys that it does not name take the
 * letters that are free, in the order of their rows.
 */
function lettersOf(exhibit: Exhibit, rows: readonly Row[]): PanelDefinition[] {
  const given = exhibit.panels ?? [];
  const present = new Set(rows.map((row) => String(row[columnOf(exhibit)])));
  if (!exhibit.openPanels) return given.filter((panel) => present.has(panel.key));
  const others = [...present].filter((key) => !given.some((panel) => panel.key === key));
  return given.flatMap((panel) => {
    if (present.has(panel.key)) return [panel];
    const key = others.shift();
    return key === undefined ? [] : [{ letter: panel.letter, key }];
  });
}

/** The rows of the panel that the exhibit was narrowed to; all of them where it was not. */
export function rowsShown(exhibit: Exhibit, rows: readonly Row[]): readonly Row[] {
  const { only } = exhibit;
  if (only === undefined) return rows;
  if (exhibit.kind === 'composition') {
    const size = exhibit.chart.groupsPerPanel ?? rows.length;
    const at = (exhibit.panels ?? []).findIndex((panel) => panel.letter === only);
    const groups = [...new Set(rows.map((row) => row.group))].slice(at * size, (at + 1) * size);
    return rows.filter((row) => groups.includes(row.group));
  }
  const key = lettersOf(exhibit, rows).find((panel) => panel.letter === only)?.key;
  return rows.filter((row) => row[columnOf(exhibit)] === key);
}

/**
 * The query of the panel that the exhibit was narrowed to. Which rows are a panel's may depend on what there is.
 * @param rows what the whole query gives
 */
export function sqlShown(exhibit: Exhibit, rows: readonly Row[]): string {
  if (exhibit.only === undefined) return exhibit.sql;
  const column = exhibit.kind === 'composition' ? 'group' : columnOf(exhibit);
  const keys = [...new Set(rowsShown(exhibit, rows).map((row) => String(row[column])))];
  const texts = keys.map((key) => `'${key.replaceAll("'", "''")}'`);
  const are = texts.length > 0 ? `"${column}" IN (${texts.join(', ')})` : 'false';
  return `-- Panel ${exhibit.only} of this query alone.\nSELECT *\nFROM (\n${exhibit.sql.trim().replace(/;$/, '')}\n)\nWHERE ${are}\n`;
}

/** @param rows those shown */
export function panelsOf(
  exhibit: Exhibit,
  rows: readonly Row[],
  catalog: Catalog,
  lang: Lang,
): ExhibitResult['panels'] {
  if (exhibit.kind === 'composition') return [];
  return lettersOf(exhibit, rows).map(({ key }) => ({
    key,
    label: keyLabel(exhibit.panelKind ?? 'message', key, catalog, lang),
  }));
}
