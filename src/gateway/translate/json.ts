/** Reading of JSON that somebody else wrote: nothing here throws but `badRequest`, and that never repeats content. */
import { StateaiError } from '../../generation/errors.ts';
import type { Json, JsonObject } from '../contract.ts';

export type Maybe = Json | undefined;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectOf = (value: Maybe): JsonObject => (isObject(value) ? value : {});
export const arrayOf = (value: Maybe): Json[] => (Array.isArray(value) ? value : []);
/** The objects of an array; anything else in it is passed over. */
export const objectsOf = (value: Maybe): JsonObject[] => arrayOf(value).filter(isObject);
export const stringOf = (value: Maybe): string | null => (typeof value === 'string' ? value : null);
export const numberOf = (value: Maybe): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
export const given = (value: Maybe): value is Json => value !== undefined && value !== null;

/** The value as a list of one, null as an empty one: for `flatMap`. */
export const present = <T>(value: T | null): T[] => (value === null ? [] : [value]);

/** null where the text is no JSON object. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
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

/** @param field the path of the field in the client's body, such as `messages[2].content[0]` */
export function badRequest(field: string, why: string): StateaiError {
  return new StateaiError('bad_request', `${field} ${why}`, `Change or leave out ${field}.`);
}

/** @throws `bad_request` when the field is no array of objects */
export function requireObjects(value: Maybe, field: string): JsonObject[] {
  if (!Array.isArray(value)) throw badRequest(field, 'must be an array');
  value.forEach((item, i) => {
    if (!isObject(item)) throw badRequest(`${field}[${i}]`, 'must be an object');
  });
  return value as JsonObject[];
}

/** @throws `bad_request` when the field is no string */
export function requireString(value: Maybe, field: string): string {
  if (typeof value !== 'string') throw badRequest(field, 'must be a string');
  return value;
}

/** @throws `bad_request` naming the first field of the body that is set and has no counterpart in the other dialect */
export function refuseFields(body: JsonObject, fields: readonly string[], where: string): void {
  for (const field of fields)
    if (isSet(body[field]))
      throw badRequest(field, `has no counterpart ${where} and would change the answer`);
}

const isSet = (value: Maybe): boolean =>
  given(value) &&
  value !== false &&
  !(Array.isArray(value) && value.length === 0) &&
  !(isObject(value) && Object.keys(value).length === 0);

/** A word of the upstream that may be shown: letters, digits, `_`, `-`, `.`; anything else could be text. */
export function safeWord(value: Maybe): string | null {
  return typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : null;
}
