/**
 * The objects in an agent's session log. Most lines of such a log are conversation: a line is parsed only if it holds
 * one of the given markers, and nothing of a line that cannot be parsed is repeated in the reason.
 */
import { asObject } from '../json/read.ts';
import type { LogLine, Reject } from './door.ts';
import type { Json } from './values.ts';

export type JsonLine = { line: number } & (
  | { entry: Json; reject?: undefined }
  | { reject: Reject; entry?: undefined }
);

/**
 * @param markers JSON strings with their quotes, such as `"usage"`. Quotes inside a text are escaped, so a marker is
 * only found as a key or as a whole value, never inside what somebody wrote.
 *
 * @param read makes an object of a line, null where the line is broken
 *
 * A broken last line is passed over: the session is still being written, and the next import reads the line whole.
 */
export async function* jsonLines(
  file: string,
  lines: AsyncIterable<LogLine> | Iterable<LogLine>,
  markers: readonly string[],
  read: (text: string) => Json | null = parse,
): AsyncGenerator<JsonLine> {
  let broken: Reject | null = null;
  for await (const { text, line, marked } of lines) {
    const end = endOf(text);
    const begin = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    if (end <= begin) continue;
    if (broken) yield { reject: broken, line: broken.line };
    broken = null;
    if (!isWhole(text, begin, end)) {
      broken = { file, line, reason: 'the line is not a whole JSON object' };
      continue;
    }
    if (!marked && !markers.some((marker) => text.includes(marker))) continue;
    const entry = read(begin > 0 ? text.slice(begin) : text);
    if (entry) yield { entry, line };
    else broken = { file, line, reason: 'the line is broken JSON' };
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
export function parse(text: string): Json | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}
