/**
 * The objects in a file that is one JSON document over many lines, or JSON lines: agents that began with the former went
 * over to the latter, under the same name or another.
 */
import type { LogLine } from './door.ts';
import { isWhole, type JsonLine, jsonLines, parse } from './json-lines.ts';
import { LONGEST_LINE } from './lines.ts';

/** As for a line: more is no session of a person, and a document must be read whole. */
const LONGEST_DOCUMENT = LONGEST_LINE;

/** @param markers as in `jsonLines`; the objects of a document over many lines are given whatever they hold */
export async function* jsonDocuments(
  file: string,
  lines: AsyncIterable<LogLine>,
  markers: readonly string[],
): AsyncGenerator<JsonLine> {
  const iterator = lines[Symbol.asyncIterator]();
  let next = await iterator.next();
  while (!next.done && !next.value.text.trim()) next = await iterator.next();
  if (next.done) return;
  const first = next.value;
  if (isWhole(first.text)) {
    yield* jsonLines(file, chained([first], iterator), markers);
    return;
  }
  const held = [first];
  let size = first.text.length;
  for (next = await iterator.next(); !next.done; next = await iterator.next()) {
    size += next.value.text.length + 1;
    if (size > LONGEST_DOCUMENT) {
      await iterator.return?.();
      const reason = `the document is longer than ${LONGEST_DOCUMENT >> 20} MiB`;
      yield { reject: { file, line: first.line, reason }, line: first.line };
      return;
    }
    held.push(next.value);
  }
  const entry = parse(held.map(({ text }) => text).join('\n'));
  if (entry) yield { entry, line: first.line };
  else if (held.some(({ text }) => isWhole(text) && text.length > 2)) yield* jsonLines(file, held, markers);
  else {
    const reason = 'the file is not a whole JSON document';
    yield { reject: { file, line: first.line, reason }, line: first.line };
  }
}

async function* chained<T>(first: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
