/**
 * Reading a few values out of JSON bytes without making strings of the rest: the newest message of a long conversation
 * costs what it is long, not what the conversation is long. Malformed JSON yields nothing; nothing here throws.
 */

/** A value, as byte offsets. */
export interface Span {
  start: number;
  end: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const NOWHERE = -1;

export const isString = (bytes: Buffer, span: Span): boolean => bytes[span.start] === QUOTE;
export const isArray = (bytes: Buffer, span: Span): boolean => bytes[span.start] === OPEN_ARRAY;
export const isObject = (bytes: Buffer, span: Span): boolean => bytes[span.start] === OPEN_OBJECT;

/** The whole text as one value. */
export function wholeOf(bytes: Buffer): Span {
  return { start: skipSpace(bytes, 0, bytes.length), end: bytes.length };
}

/** The elements of an array, the last one first. */
export function* elementsFromEnd(bytes: Buffer, array: Span): Generator<Span> {
  if (!isArray(bytes, array)) return;
  let at = skipSpaceBack(bytes, array.end, array.start);
  if (bytes[at - 1] !== CLOSE_ARRAY) return;
  at--;
  for (;;) {
    const end = skipSpaceBack(bytes, at, array.start);
    if (end - 1 <= array.start) return;
    const start = skipValueBack(bytes, end, array.start);
    if (start === NOWHERE) return;
    yield { start, end };
    at = skipSpaceBack(bytes, start, array.start);
    if (bytes[at - 1] !== COMMA) return;
    at--;
  }
}

/** The elements of an array, in order. */
export function* elementsOf(bytes: Buffer, array: Span): Generator<Span> {
  if (!isArray(bytes, array)) return;
  let at = skipSpace(bytes, array.start + 1, array.end);
  while (at < array.end && bytes[at] !== CLOSE_ARRAY) {
    const end = skipValue(bytes, at, array.end);
    if (end === NOWHERE) return;
    yield { start: at, end };
    at = skipSpace(bytes, end, array.end);
    if (bytes[at] !== COMMA) return;
    at = skipSpace(bytes, at + 1, array.end);
  }
}

/** The members of an object by name; of a name that is there twice, the last. Empty where it is no object. */
export function membersOf(bytes: Buffer, object: Span): Map<string, Span> {
  const members = new Map<string, Span>();
  if (!isObject(bytes, object)) return members;
  let at = skipSpace(bytes, object.start + 1, object.end);
  while (at < object.end && bytes[at] === QUOTE) {
    const keyEnd = skipString(bytes, at, object.end);
    if (keyEnd === NOWHERE) return members;
    const key = textOf(bytes, { start: at, end: keyEnd }, 100);
    at = skipSpace(bytes, keyEnd, object.end);
    if (bytes[at] !== COLON) return members;
    const start = skipSpace(bytes, at + 1, object.end);
    const end = skipValue(bytes, start, object.end);
    if (end === NOWHERE) return members;
    if (key !== null) members.set(key, { start, end });
    at = skipSpace(bytes, end, object.end);
    if (bytes[at] !== COMMA) return members;
    at = skipSpace(bytes, at + 1, object.end);
  }
  return members;
}

/** The longest escape, a surrogate pair, may be cut through. */
const LONGEST_ESCAPE = 12;

/** The text of a string, of at most so many bytes of it; null where it is no string. */
export function textOf(bytes: Buffer, span: Span, mostBytes: number): string | null {
  if (!isString(bytes, span)) return null;
  const isCut = span.end - 1 - (span.start + 1) > mostBytes;
  let end = isCut ? span.start + 1 + mostBytes : span.end - 1;
  for (let tries = isCut ? LONGEST_ESCAPE : 1; tries > 0; tries--, end--) {
    try {
      const text = JSON.parse(`"${bytes.toString('utf8', span.start + 1, end)}"`) as string;
      return isCut ? text.replace(/\uFFFD$/, '') : text;
    } catch {
      // Cut inside an escape: one byte less.
    }
  }
  return null;
}

function skipValue(bytes: Buffer, begin: number, limit: number): number {
  let depth = 0;
  let at = begin;
  while (at < limit) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at, limit);
      if (at === NOWHERE || depth === 0) return at;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++;
      at++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 0) return at > begin ? at : NOWHERE;
      at++;
      if (--depth === 0) return at;
    } else if (depth === 0 && (byte === COMMA || isSpace(byte))) {
      return at > begin ? at : NOWHERE;
    } else at++;
  }
  return NOWHERE;
}

/** Answers where the value begins that ends before `end`. */
function skipValueBack(bytes: Buffer, end: number, limit: number): number {
  let depth = 0;
  let at = end;
  while (at > limit) {
    const byte = bytes[at - 1];
    if (byte === QUOTE) {
      at = skipStringBack(bytes, at, limit);
      if (at === NOWHERE || depth === 0) return at;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth++;
      at--;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (depth === 0) return at < end ? at : NOWHERE;
      at--;
      if (--depth === 0) return at;
    } else if (depth === 0 && (byte === COMMA || byte === COLON || isSpace(byte))) {
      return at < end ? at : NOWHERE;
    } else at--;
  }
  return NOWHERE;
}

function skipString(bytes: Buffer, begin: number, limit: number): number {
  for (let from = begin + 1; ; ) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0 || quote >= limit) return NOWHERE;
    if (!isEscaped(bytes, quote, begin)) return quote + 1;
    from = quote + 1;
  }
}

/** Inside a string every quote is escaped, so the nearest one that is not is where the string begins. */
function skipStringBack(bytes: Buffer, end: number, limit: number): number {
  for (let from = end - 2; from >= limit; ) {
    const quote = bytes.lastIndexOf(QUOTE, from);
    if (quote < limit) return NOWHERE;
    if (!isEscaped(bytes, quote, limit)) return quote;
    from = quote - 1;
  }
  return NOWHERE;
}

function isEscaped(bytes: Buffer, quote: number, limit: number): boolean {
  let slashes = 0;
  while (quote - 1 - slashes > limit && bytes[quote - 1 - slashes] === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function skipSpace(bytes: Buffer, begin: number, limit: number): number {
  let at = begin;
  while (at < limit && isSpace(bytes[at])) at++;
  return at;
}

function skipSpaceBack(bytes: Buffer, end: number, limit: number): number {
  let at = end;
  while (at > limit && isSpace(bytes[at - 1])) at--;
  return at;
}
