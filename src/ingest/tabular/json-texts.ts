/** Cuts a stream of JSON into the texts of its values, each with the line where it begins, without parsing them. */
import { isUtf8 } from 'node:buffer';

export type Json = Record<string, unknown>;

/** Larger values are passed over and reported. */
export const LONGEST_DOCUMENT = 64 << 20;

export interface TextAt {
  text: string;
  /** From 1. */
  line: number;
  /** Why there is no text. */
  problem?: string;
}

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;

const TOO_LONG = `longer than ${LONGEST_DOCUMENT >> 20} MiB`;
const CUT = 'the file ends in the middle of this row';

/** What is no UTF-8 is no text: with characters replaced, two names could become one. */
export const textOf = (bytes: Buffer): Pick<TextAt, 'text' | 'problem'> =>
  isUtf8(bytes) ? { text: bytes.toString('utf8') } : { text: '', problem: 'not UTF-8' };

/** The values of a list, or of several lists or documents one after the other. */
export async function* jsonTexts(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextAt> {
  let inList = false;
  /** The value that is being read: how deep in it we are, and whether in a text of it. */
  let depth = -1;
  let inText = false;
  let escaped = false;
  let line = 1;
  let begin = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let first = true;
  const finish = (): TextAt => {
    const bytes = heldBytes > LONGEST_DOCUMENT ? null : Buffer.concat(held);
    const value =
      bytes === null ? { text: '', line: begin, problem: TOO_LONG } : { ...textOf(bytes), line: begin };
    held = [];
    heldBytes = 0;
    depth = -1;
    return value;
  };
  for await (const chunk of chunks) {
    let from = first && chunk[0] === 0xef && chunk[1] === 0xbb ? 3 : 0;
    const take = (to: number) => {
      heldBytes += to - from;
      if (heldBytes > LONGEST_DOCUMENT) held = [];
      else if (to > from) held.push(chunk.subarray(from, to));
    };
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === NEWLINE) line++;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inText = false;
          if (depth === 0) {
            take(at + 1);
            yield finish();
          }
        }
      } else if (depth < 0) {
        if (byte <= 32 || byte === COMMA) continue;
        if (byte === OPEN_LIST && !inList) inList = true;
        else if (byte === CLOSE_LIST && inList) inList = false;
        else {
          from = at;
          begin = line;
          depth = byte === OPEN || byte === OPEN_LIST ? 1 : 0;
          inText = byte === QUOTE;
        }
      } else if (depth === 0) {
        // A bare word or number: up to the next separator, outside of a list up to the end of the line.
        if (byte === NEWLINE || (inList && (byte === COMMA || byte === CLOSE_LIST))) {
          take(at);
          yield finish();
          if (byte === CLOSE_LIST) inList = false;
        }
      } else if (byte === QUOTE) inText = true;
      else if (byte === OPEN || byte === OPEN_LIST) depth++;
      else if (byte === CLOSE || byte === CLOSE_LIST) {
        depth--;
        if (depth === 0) {
          take(at + 1);
          yield finish();
        }
      }
    }
    if (depth >= 0) take(chunk.length);
    first = false;
  }
  if (depth > 0 || inText) yield { text: '', line: begin, problem: CUT };
  else if (depth === 0) yield finish();
}
