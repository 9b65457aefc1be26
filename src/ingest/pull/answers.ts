/** Small checks of what an API answered, shared by the sources. */
import { StateaiError } from '../../generation/errors.ts';
import { isObject } from '../../json/read.ts';
import type { Row } from './source.ts';
import { sourceName } from './source-name.ts';

export function badAnswer(url: URL, what: string): StateaiError {
  return new StateaiError(
    'bad_answer',
    `${sourceName(url)} answers with JSON that ${what}`,
    'Check the URL; if it is right, the API has changed: export a file and import that.',
  );
}

/** The objects of `answer[field]`. @throws `bad_answer` when there is no such list */
export function listIn(answer: unknown, field: string, url: URL): Row[] {
  const list = isObject(answer) ? answer[field] : undefined;
  if (!Array.isArray(list)) throw badAnswer(url, `has no list "${field}"`);
  return list.filter(isObject);
}

export const textIn = (row: Row, field: string): string | null => {
  const value = row[field];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** A time in ISO 8601 (UTC where it carries no offset) as milliseconds; null where it is none. */
export function timeIn(row: Row, field: string): number | null {
  const text = textIn(row, field);
  if (!text) return null;
  const iso = text.replace(' ', 'T');
  const time = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(iso) || iso.length <= 10 ? iso : `${iso}Z`);
  return Number.isNaN(time) ? null : time;
}

/** `path` below the API's root; a URL that already ends with the path's first parts is understood. */
export function endpoint(base: URL, path: string, query: Record<string, string | string[]> = {}): URL {
  const url = new URL(base);
  const own = base.pathname.split('/').filter(Boolean);
  const wanted = path.split('/').filter(Boolean);
  const overlap = wanted.findLastIndex(
    (_, at) => own.length > at && own.slice(-(at + 1)).join('/') === wanted.slice(0, at + 1).join('/'),
  );
  url.pathname = `/${[...own, ...wanted.slice(overlap + 1)].join('/')}`;
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) url.searchParams.append(name, one);
  return url;
}

/** The first of these variables that is set. @throws `no_key` */
export function keyFrom(env: NodeJS.ProcessEnv, names: readonly string[], where: string): string {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return value;
  }
  throw new StateaiError('no_key', `${names.join(' or ')} is not set`, where);
}
