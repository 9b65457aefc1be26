/**
 * Finds the members of a JSON object in bytes without making strings of it: a prompt that passes through untouched never
 * becomes a JavaScript value. The structure of the whole text is checked, escapes inside strings are left to the reader.
 */

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

export class JsonSyntaxError extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const DEEPEST = 1000;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** @throws JsonSyntaxError where the text is no JSON object, or names a member twice */
export function scanObject(text: Buffer): Member[] {
  let at = skipSpace(text, 0);
  if (text[at] !== OPEN_OBJECT) fail('expected a JSON object', at);
  const members: Member[] = [];
  const keys = new Set<string>();
  at = skipSpace(text, at + 1);
  if (text[at] === CLOSE_OBJECT) return ended(text, at + 1, members);
  for (;;) {
    const from = at;
    at = skipString(text, at);
    const key = readKey(text, from, at);
    if (keys.has(key)) fail('a member is named twice', from);
    keys.add(key);
    at = skipSpace(text, at);
    if (text[at] !== COLON) fail('expected ":"', at);
    const start = skipSpace(text, at + 1);
    const end = skipValue(text, start);
    members.push({ key, from, start, end });
    at = skipSpace(text, end);
    if (text[at] === CLOSE_OBJECT) return ended(text, at + 1, members);
    if (text[at] !== COMMA) fail('expected "," or "}"', at);
    at = skipSpace(text, at + 1);
  }
}

function ended(text: Buffer, at: number, members: Member[]): Member[] {
  const rest = skipSpace(text, at);
  if (rest < text.length) fail('expected nothing behind the object', rest);
  return members;
}

/** Answers the offset behind the value. Depth is counted, not recursed into. */
function skipValue(text: Buffer, begin: number): number {
  const open: number[] = [];
  let at = begin;
  for (;;) {
    const byte = text[at];
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (open.length >= DEEPEST) fail('nested too deeply', at);
      open.push(byte);
      at = skipSpace(text, at + 1);
      if (text[at] === (byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        open.pop();
        at++;
      } else {
        if (byte === OPEN_OBJECT) at = skipKey(text, at);
        continue;
      }
    } else if (byte === QUOTE) at = skipString(text, at);
    else at = skipScalar(text, at);

    // Behind a value: close what closes here, or go on to the next one.
    for (;;) {
      if (open.length === 0) return at;
      at = skipSpace(text, at);
      const inObject = open.at(-1) === OPEN_OBJECT;
      if (text[at] === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        open.pop();
        at++;
        continue;
      }
      if (text[at] !== COMMA) fail(`expected "," or "${inObject ? '}' : ']'}"`, at);
      at = skipSpace(text, at + 1);
      if (inObject) at = skipKey(text, at);
      break;
    }
  }
}

function skipKey(text: Buffer, begin: number): number {
  const at = skipSpace(text, skipString(text, begin));
  if (text[at] !== COLON) fail('expected ":"', at);
  return skipSpace(text, at + 1);
}

/** Bytes that are looked at one by one before the search for the closing quote is left to the runtime. */
const SHORT = 48;

function skipString(text: Buffer, begin: number): number {
  if (text[begin] !== QUOTE) fail('expected a string', begin);
  let at = begin + 1;
  for (const near = at + SHORT; at < near; at++) {
    const byte = text[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
    else if (byte === undefined) fail('a string does not end', begin);
  }
  for (;;) {
    const quote = text.indexOf(QUOTE, at);
    if (quote < 0) fail('a string does not end', begin);
    let slashes = 0;
    while (text[quote - 1 - slashes] === BACKSLASH && quote - 1 - slashes >= at) slashes++;
    at = quote + 1;
    if (slashes % 2 === 0) return at;
  }
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function skipScalar(text: Buffer, begin: number): number {
  let at = begin;
  for (; at < text.length; at++) {
    const b = text[at] ?? 0;
    const isWord = (b >= 0x30 && b <= 0x39) || (b >= 0x61 && b <= 0x7a) || b === 0x2b || b === 0x2d;
    if (!isWord && b !== 0x2e && b !== 0x45) break;
    if (at - begin > 400) fail('a number is too long', begin);
  }
  const word = text.toString('latin1', begin, at);
  if (word !== 'true' && word !== 'false' && word !== 'null' && !NUMBER.test(word))
    fail('expected a value', begin);
  return at;
}

function skipSpace(text: Buffer, begin: number): number {
  let at = begin;
  for (let b = text[at]; b === 0x20 || b === 0x0a || b === 0x0d || b === 0x09; b = text[++at]);
  return at;
}

/** Keys of the outermost object are known words; a longer one is none of them. */
function readKey(text: Buffer, from: number, end: number): string {
  if (end - from > 200) return `(${from})`;
  try {
    return JSON.parse(text.toString('utf8', from, end)) as string;
  } catch {
    return fail('a key is malformed', from);
  }
}

function fail(message: string, position: number): never {
  throw new JsonSyntaxError(message, position);
}

/** The value of a member. @throws JsonSyntaxError where an escape in it is malformed */
export function readMember(text: Buffer, member: Member): unknown {
  try {
    return JSON.parse(text.toString('utf8', member.start, member.end));
  } catch {
    return fail(`"${member.key}" is malformed`, member.start);
  }
}

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
