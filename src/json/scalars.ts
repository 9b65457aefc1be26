/** Where numbers, names and escapes end in JSON's bytes. */

const [MINUS, PLUS, POINT] = [0x2d, 0x2b, 0x2e];

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

export const isWord = (b: number): boolean =>
  isDigit(b) ||
  (b >= 0x61 && b <= 0x7a) ||
  (b >= 0x41 && b <= 0x5a) ||
  b === PLUS ||
  b === MINUS ||
  b === POINT;

export function isHex(bytes: Buffer, begin: number): boolean {
  for (let at = begin; at < begin + 4; at++) {
    const b = bytes[at] ?? 0;
    if (!isDigit(b) && !(b >= 0x61 && b <= 0x66) && !(b >= 0x41 && b <= 0x46)) return false;
  }
  return true;
}

const NAMES = ['true', 'false', 'null'].map((name) => Buffer.from(name));

/** Behind `true`, `false` or `null`; the beginning itself where none of them stands there. */
export function endOfName(bytes: Buffer, begin: number): number {
  for (const name of NAMES) {
    let i = 0;
    while (i < name.length && bytes[begin + i] === name[i]) i++;
    if (i === name.length) return begin + i;
  }
  return begin;
}

/** Behind the number that begins here; the beginning itself where it is malformed. */
export function endOfNumber(bytes: Buffer, begin: number): number {
  let at = begin;
  if (bytes[at] === MINUS) at++;
  const whole = endOfDigits(bytes, at);
  if (whole === at || (bytes[at] === 0x30 && whole > at + 1)) return begin;
  at = whole;
  if (bytes[at] === POINT) {
    const fraction = endOfDigits(bytes, at + 1);
    if (fraction === at + 1) return begin;
    at = fraction;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
    const exponent = endOfDigits(bytes, at);
    if (exponent === at) return begin;
    at = exponent;
  }
  return at;
}

function endOfDigits(bytes: Buffer, begin: number): number {
  let at = begin;
  while (isDigit(bytes[at] ?? 0)) at++;
  return at;
}
