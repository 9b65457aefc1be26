/**
 * JSON that is no plain JSON lines: a list of rows, documents over several lines, documents that hold their rows in
 * lists (the pages of an API). Written as JSON lines that hold the mapped columns alone, so no text of a prompt is
 * copied. Bounded in memory: one document at a time.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { isObject } from '../../json/read.ts';
import type { Reject } from '../door.ts';
import type { Json, TextAt } from './json-texts.ts';
import { LIST, type Mapping, mappedColumns } from './mapping.ts';

/** Rows of a larger document are all said to stand where the document begins. */
const LOCATED = 2 << 20;

/** @returns the line, from 1, at which each written row stood */
export async function writeRows(
  texts: AsyncIterable<TextAt>,
  target: string,
  mapping: Mapping,
  onReject: (reject: Omit<Reject, 'file'>) => void,
): Promise<number[]> {
  const columns = mappedColumns(mapping);
  const lines: number[] = [];
  const lists = { seen: 0 };
  const out = createWriteStream(target, { mode: 0o600 });
  const failed = finished(out);
  failed.catch(() => undefined);
  let batch: string[] = [];
  let held = 0;
  const flush = async () => {
    if (batch.length > 0 && !out.write(`${batch.join('\n')}\n`))
      await Promise.race([once(out, 'drain'), failed]);
    batch = [];
    held = 0;
  };
  try {
    for await (const { text, line, problem } of texts) {
      const document = problem ? undefined : parsed(text);
      if (document === undefined) {
        onReject({ line, reason: problem ?? 'not a JSON object' });
        continue;
      }
      const located = rowLines(text, mapping.rows ?? []);
      const rows = [...rowsIn(document, mapping.rows ?? [], {}, lists)];
      for (const [i, row] of rows.entries()) {
        const at = line + (located.length === rows.length ? (located[i] ?? 0) : 0);
        if (typeof row === 'string') {
          onReject({ line: at, reason: row });
          continue;
        }
        const picked = JSON.stringify(pick(row, columns));
        batch.push(picked);
        held += picked.length;
        lines.push(at);
      }
      if (held > 1 << 20) await flush();
    }
    await flush();
    out.end();
    await failed;
    return lines;
  } finally {
    out.destroy();
  }
}

/**
 * The rows of a document, each with the fields of what holds it; a sentence where there should be one and is none.
 * Steps that a document lacks are left out: a single bucket of a page, and a row itself, are read too.
 */
function* rowsIn(
  value: unknown,
  keys: readonly string[],
  outer: Json,
  lists: { seen: number },
): Generator<Json | string> {
  if (!isObject(value)) {
    yield 'not a JSON object';
    return;
  }
  const step = keys.findIndex((key) => Object.hasOwn(value, key));
  const key = keys[step];
  if (key === undefined) {
    yield { ...outer, ...value };
    return;
  }
  const { [key]: list, ...rest } = value;
  if (!Array.isArray(list)) yield `"${key}" is not a list of rows`;
  else {
    const number = ++lists.seen;
    for (const item of list)
      yield* rowsIn(item, keys.slice(step + 1), { ...outer, ...rest, [LIST]: number }, lists);
  }
}

/** How many lines below the document's first each row begins; in the order of `rowsIn`. */
function rowLines(text: string, keys: readonly string[]): number[] {
  if (keys.length === 0 || text.length > LOCATED || !text.includes('\n')) return [];
  const counter = new LineCounter();
  const lines: number[] = [];
  const walk = (node: unknown, left: readonly string[]): void => {
    const step = isMap(node) ? left.findIndex((key) => node.has(key)) : -1;
    const list = isMap(node) && step >= 0 ? node.get(left[step] as string, true) : null;
    if (isSeq(list)) for (const item of list.items) walk(item, left.slice(step + 1));
    else lines.push(counter.linePos((node as Node).range?.[0] ?? 0).line - 1);
  };
  walk(parseDocument(text, { lineCounter: counter, uniqueKeys: false, schema: 'failsafe' }).contents, keys);
  return lines;
}

function pick(row: Json, columns: readonly string[]): Json {
  const picked: Json = {};
  for (const column of columns) if (Object.hasOwn(row, column)) picked[column] = row[column];
  return picked;
}

/** Whole numbers that JavaScript cannot hold, such as ids, keep their digits. */
function parsed(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const LONG_NUMBER = /[:[,\s]-?\d{16}/;

function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const { source } = context ?? {};
  if (typeof value !== 'number' || source === undefined || source === String(value)) return value;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}
