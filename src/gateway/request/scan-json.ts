/**
 * Finds the members of a JSON object in bytes without making strings of it: a prompt that passes through untouched never
 * becomes a JavaScript value. The structure of the whole text is checked, escapes inside strings are left to the reader.
 */
import { JsonReader } from '../../json/reader.ts';
import { JsonSyntaxError } from '../../json/syntax-error.ts';

/** A member of the outermost object, as byte offsets. */
export interface Member {
  key: string;
  /** The key's opening quote. */
  from: number;
  /** First byte of the value. */
  start: number;
  /** Behind the last byte of the value. */
  end: number;
}

/** Levels, the outermost object included. */
const DEEPEST = 1001;
const LONGEST_NUMBER = 400;

/** @throws JsonSyntaxError where the text is no JSON object, or names a member twice */
export function scanObject(text: Buffer): Member[] {
  const reader = new JsonReader(text, {
    deepest: DEEPEST,
    longestNumber: LONGEST_NUMBER,
    checksTexts: false,
  });
  reader.space();
  if (!reader.isObject()) fail('expected a JSON object', reader.at);
  const members: Member[] = [];
  const keys = new Set<string>();
  reader.members((from, keyEnd) => {
    const key = readKey(text, from, keyEnd);
    if (keys.has(key)) fail('a member is named twice', from);
    keys.add(key);
    const start = reader.at;
    reader.skip();
    members.push({ key, from, start, end: reader.at });
  });
  reader.end();
  return members;
}

/** Keys of the outermost object are known words; a longer one is none of them. */
function readKey(text: Buffer, from: number, end: number): string {
  return end - from > 200 ? `(${from})` : (JsonReader.parse(text, from, end, 'a key') as string);
}

function fail(message: string, position: number): never {
  throw new JsonSyntaxError(message, position);
}

/** The value of a member. @throws JsonSyntaxError where an escape in it is malformed */
export const readMember = (text: Buffer, member: Member): unknown =>
  JsonReader.parse(text, member.start, member.end, `"${member.key}"`);

/**
 * The object with some members replaced, added or taken out (undefined); all other bytes stay as they are.
 * @param changes member → JSON value
 */
export function spliceObject(
  text: Buffer,
  members: readonly Member[],
  changes: ReadonlyMap<string, unknown>,
): Buffer {
  const parts: Buffer[] = [];
  const missing = new Map(changes);
  let first = true;
  const add = (part: Buffer) => {
    parts.push(Buffer.from(first ? '{' : ','), part);
    first = false;
  };
  // Neighbours that stay are copied as one piece.
  let run: { from: number; end: number } | null = null;
  const endRun = () => {
    if (run) add(text.subarray(run.from, run.end));
    run = null;
  };
  for (const member of members) {
    if (!changes.has(member.key)) {
      if (run) run.end = member.end;
      else run = { from: member.from, end: member.end };
      continue;
    }
    endRun();
    missing.delete(member.key);
    const value = changes.get(member.key);
    if (value !== undefined) add(memberBytes(member.key, value));
  }
  endRun();
  for (const [key, value] of missing) if (value !== undefined) add(memberBytes(key, value));
  if (first) parts.push(Buffer.from('{'));
  parts.push(Buffer.from('}'));
  return Buffer.concat(parts);
}

const memberBytes = (key: string, value: unknown): Buffer =>
  Buffer.from(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
