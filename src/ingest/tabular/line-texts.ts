/** Cuts a stream into its lines, bounded in memory. */
import { LONGEST_DOCUMENT, type TextAt, textOf } from './json-texts.ts';

const NEWLINE = 10;

/** The lines that are not empty, without a byte order mark. */
export async function* lineTexts(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextAt> {
  let line = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const take = (part: Buffer) => {
    heldBytes += part.length;
    if (heldBytes > LONGEST_DOCUMENT) held = [];
    else held.push(part);
  };
  const finish = (): TextAt => {
    const long = heldBytes > LONGEST_DOCUMENT;
    const found = long ? null : textOf(Buffer.concat(held));
    held = [];
    heldBytes = 0;
    const at = line++;
    if (!found)
      return { text: '', line: at, problem: `the line is longer than ${LONGEST_DOCUMENT >> 20} MiB` };
    return { ...found, text: at === 1 ? found.text.replace(/^\ufeff/, '') : found.text, line: at };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, at));
      const found = finish();
      if (found.problem || found.text.trim() !== '') yield found;
      from = at + 1;
    }
    if (from < chunk.length) take(chunk.subarray(from));
  }
  const last = finish();
  if (last.problem || last.text.trim() !== '') yield last;
}
