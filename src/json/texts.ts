/** Where texts end in JSON's bytes. */
import { isHex } from './scalars.ts';
import { JsonSyntaxError } from './syntax-error.ts';

export const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const LETTER_U = 0x75;

/** What stands in a text for itself. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
/** What may stand behind a backslash, besides `u`. */
const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
);
/** Bytes that are looked at one by one before the search for the closing quote is left to the runtime. */
const SHORT = 48;

/** Behind the text whose quote is here; what stands inside is not looked at. @throws JsonSyntaxError */
export function endOfText(bytes: Buffer, begin: number): number {
  let at = begin + 1;
  for (const near = at + SHORT; at < near; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
    else if (byte === undefined) throw new JsonSyntaxError(ENDLESS, begin);
  }
  for (;;) {
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) throw new JsonSyntaxError(ENDLESS, begin);
    let slashes = 0;
    while (bytes[quote - 1 - slashes] === BACKSLASH && quote - 1 - slashes >= at) slashes++;
    at = quote + 1;
    if (slashes % 2 === 0) return at;
  }
}

/** The same, with escapes and control characters as strict as JSON.parse is. @throws JsonSyntaxError */
export function endOfCheckedText(bytes: Buffer, begin: number): number {
  let at = begin + 1;
  for (;;) {
    while (PLAIN[bytes[at] ?? 0] === 1) at++;
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH)
      throw new JsonSyntaxError(byte === undefined ? ENDLESS : 'a control character', begin);
    const escaped = bytes[at + 1] ?? 0;
    if (ESCAPES[escaped] === 1) at += 2;
    else if (escaped === LETTER_U && isHex(bytes, at + 2)) at += 6;
    else throw new JsonSyntaxError('a malformed escape', begin);
  }
}

const ENDLESS = 'a string does not end';
