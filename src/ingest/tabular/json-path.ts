/** Paths into columns that hold JSON, as SQL. JSON that is broken, and what a path does not find, is NULL. */
import { literal } from '../../warehouse/engine.ts';

/** A text column as JSON. */
export const jsonOfText = (column: string): string =>
  `CASE WHEN json_valid(${column}) THEN ${column}::JSON END`;

/** A column read as JSON, which may hold its object as a text once more. */
export const jsonOfJson = (column: string): string =>
  `CASE WHEN json_type(${column}) = 'VARCHAR' THEN ${jsonOfText(`json_extract_string(${column}, '$')`)} ELSE ${column} END`;

/** The text at the end of a path; NULL where it is empty. */
export const textAt = (json: string, steps: readonly string[]): string =>
  `nullif(json_extract_string(${json}, ${literal(`$${steps.map(key).join('')}`)}), '')`;

/**
 * The texts of all keys that fit the path's last step, in which `*` stands for anything.
 * @returns SQL of a list of texts; NULL where there is no object
 */
export function textsAt(json: string, steps: readonly string[]): string {
  const outer = steps.slice(0, -1).map(key).join('');
  const object = outer ? `json_extract(${json}, ${literal(`$${outer}`)})` : json;
  const pattern = literal((steps.at(-1) ?? '').replaceAll(/[\\%_]/g, '\\$&').replaceAll('*', '%'));
  const values = `json_extract_string(${object}, '$."' || replace(k, '"', '') || '"')`;
  return `[${values} FOR k IN json_keys(${object}) IF k LIKE ${pattern} ESCAPE '\\']`;
}

export const isPattern = (path: string): boolean => path.includes('*');

const key = (step: string): string => `."${step.replaceAll('"', '')}"`;
