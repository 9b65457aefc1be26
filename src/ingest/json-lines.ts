/**
 * The objects in an agent's session log. Most lines of such a log are conversation: a line is parsed only if it holds
 * one of the given markers, and nothing of a line that cannot be parsed is repeated in the reason.
 */
import { asObject, type Fields } from '../json/read.ts';
import type { LogLine, Reject } from './door.ts';

export type JsonLine = { line: number } & (
  | { entry: Fields; reject?: undefined }
  | { reject: Reject; entry?: undefined }
);

/**
 * Takes lines one after the other. A broken last line is passed over: the session is still being written, and the next
 * import reads the line whole.
 *
 * @param markers JSON strings with their quotes, such as `"usage"`. Quotes inside a text are escaped, so a marker is
 * only found as a key or as a whole value, never inside what somebody wrote.
 *
 * @param read makes an object of a line, null where the line is broken
 */
export class JsonLines {
  #file: string;
  #markers: readonly string[];
  #read: (text: string) => Fields | null;
  /** A broken line that nothing has followed yet. */
  broken: LogLine | null = null;
  #reason = '';

  constructor(file: string, markers: readonly string[], read: (text: string) => Fields | null = parse) {
    this.#file = file;
    this.#markers = markers;
    this.#read = read;
  }

  /** At most a reject for a line before, and the object of this one. */
  take(given: LogLine, give: (found: JsonLine) => void): void {
    const { text, line } = given;
    const end = endOf(text);
    const begin = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    if (end <= begin) return;
    if (this.broken) {
      const before = this.broken.line;
      this.broken = null;
      give({ reject: { file: this.#file, line: before, reason: this.#reason }, line: before });
    }
    if (!isWhole(text, begin, end)) {
      this.#breaks(given, 'the line is not a whole JSON object');
      return;
    }
    if (!given.marked && !this.#markers.some((marker) => text.includes(marker))) return;
    const entry = this.#read(begin > 0 ? text.slice(begin) : text);
    if (entry) give({ entry, line });
    else this.#breaks(given, 'the line is broken JSON');
  }

  #breaks({ line, at }: LogLine, reason: string): void {
    this.broken = { text: '', line, ...(at === undefined ? {} : { at }) };
    this.#reason = reason;
  }
}

/** The same for all lines of a file. */
export async function* jsonLines(
  file: string,
  lines: AsyncIterable<LogLine> | Iterable<LogLine>,
  markers: readonly string[],
): AsyncGenerator<JsonLine> {
  const all = new JsonLines(file, markers);
  const found: JsonLine[] = [];
  for await (const line of lines) {
    all.take(line, (each) => void found.push(each));
    yield* found.splice(0);
  }
}

/** Whether a text may be a JSON object from its first to its last character. */
export const isWhole = (text: string, begin = 0, end = endOf(text)): boolean =>
  end > begin && text[begin] === '{' && text[end - 1] === '}';

const BYTE_ORDER_MARK = 0xfeff;

/** Where the line ends without trailing white space. */
function endOf(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 32) end--;
  return end;
}

/** null for what is no JSON object. */
export function parse(text: string): Fields | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}
