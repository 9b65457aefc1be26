/** What translations refuse: nothing here throws but `badRequest`, and that never repeats content. */
import { StateaiError } from '../../generation/errors.ts';
import { given, isObject, type JsonObject, type Maybe } from '../../json/read.ts';

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
  value !== '' &&
  !(Array.isArray(value) && value.length === 0) &&
  !(isObject(value) && Object.keys(value).length === 0);
