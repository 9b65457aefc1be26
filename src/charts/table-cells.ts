/** A cell of a table as a person reads it. */
import type { Cell, ColumnInfo, ExhibitResult } from '../exhibits/contract.ts';
import type { Lang } from './context.ts';
import { formatDay, formatValue, NOTHING, whole } from './format.ts';
import { word } from './words.ts';

export function showCell(cell: Cell, unit: ColumnInfo['unit'], lang: Lang): string {
  if (cell === null) return NOTHING;
  if (typeof cell === 'boolean') return word(lang, cell ? 'yes' : 'no');
  if (typeof cell === 'string') return unit === 'date' ? formatDay(cell, lang) : cell;
  if (unit === 'date' || unit === 'text' || unit === 'boolean') return plainNumber(cell);
  if (unit === 'requests') return whole(cell, lang);
  return formatValue(cell, unit, lang);
}

/** A number without a unit, such as a logarithm: two decimals. */
const plainNumber = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

/**
 * The columns that a reader is shown: those with a label, a name instead of the key that it stands for, and no group that
 * only says the name again.
 */
export function shownColumns(result: ExhibitResult): string[] {
  const labelled = new Set(result.columnInfo.map((each) => each.name));
  const groups = new Map(result.groups.map((each) => [each.key, each.label]));
  const named =
    result.rows.length > 0 && result.rows.every((row) => groups.get(String(row.group)) === row.name);
  return result.columns.filter(
    (name) =>
      (labelled.size === 0 || labelled.has(name)) &&
      !result.columns.includes(`${name}_name`) &&
      !(named && name === 'group'),
  );
}
