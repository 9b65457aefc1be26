/** JSON that somebody else wrote, read without trusting it: nothing here throws, and what is of another kind is absent. */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}
/** A member that may not be there. */
export type Maybe = Json | undefined;
/** An object of whose members nothing is known. */
export type Fields = Record<string, unknown>;

/** A list is none. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const asObject = (value: unknown): JsonObject | null => (isObject(value) ? value : null);
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
export const arrayOf = (value: unknown): Json[] => (Array.isArray(value) ? value : []);
/** The objects of an array; anything else in it is passed over. */
export const objectsOf = (value: unknown): JsonObject[] => arrayOf(value).filter(isObject);
export const stringOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
/** A count, as of tokens: whole and not negative; anything else is unknown. */
export const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
/** An amount of money: not negative. */
export const moneyOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
/** Characters of a text; 0 for anything else. */
export const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0);
export const given = (value: Maybe): value is Json => value !== undefined && value !== null;

/** The value as a list of one, null as an empty one: for `flatMap`. */
export const present = <T>(value: T | null): T[] => (value === null ? [] : [value]);

/** null where the text is no JSON object. */
export function parseObject(text: string): JsonObject | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The object without its undefined members. */
export function compact(members: Record<string, Maybe>): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) out[key] = value;
  return out;
}

/** A short, safe rendering of a bad value: numbers as they are, of anything else the type alone, never its text. */
export function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return `of type ${typeof value}`;
}
