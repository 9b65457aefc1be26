/**
 * Walks JSON as bytes. What is not asked for is passed over and never becomes a string, but all of it is checked: the
 * structure always, what stands inside texts where `checksTexts` says so.
 */
import { endOfName, endOfNumber, isDigit, isWord } from './scalars.ts';
import { JsonSyntaxError } from './syntax-error.ts';
import { BACKSLASH, endOfCheckedText, endOfText, QUOTE } from './texts.ts';
import type { Words } from './word-set.ts';

export interface ReaderOptions {
  /** Levels of objects and arrays. */
  deepest: number;
  /** Objects and arrays, all together. */
  mostBrackets?: number;
  /** Escapes and control characters in texts, as JSON.parse does; otherwise only their ends are looked for. */
  checksTexts: boolean;
  /** Characters of a number. */
  longestNumber?: number;
}

const [COMMA, COLON, MINUS] = [0x2c, 0x3a, 0x2d];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
/** A character of a string takes at most so many bytes: `\u0041`. */
const LONGEST_ESCAPE = 6;

export class JsonReader {
  /** Where it reads. Between two calls: the first byte of a value, or what stands behind one. */
  at = 0;
  private readonly bytes: Buffer;
  private readonly options: Required<ReaderOptions>;
  private depth = 0;
  private brackets = 0;
  private readonly open: Uint8Array;

  constructor(bytes: Buffer, options: ReaderOptions) {
    this.bytes = bytes;
    this.options = { mostBrackets: Infinity, longestNumber: Infinity, ...options };
    this.open = new Uint8Array(options.deepest + 1);
  }

  isText(): boolean {
    return this.bytes[this.at] === QUOTE;
  }

  isObject(): boolean {
    return this.bytes[this.at] === OPEN_OBJECT;
  }

  isArray(): boolean {
    return this.bytes[this.at] === OPEN_ARRAY;
  }

  /** By the first byte, as all of these; `skip` checks the rest. */
  isNull(): boolean {
    return this.bytes[this.at] === 0x6e;
  }

  /** Nothing but blanks is left. @throws JsonSyntaxError */
  end(): void {
    this.space();
    if (this.at < this.bytes.length) this.fail('expected nothing behind the value');
  }

  space(): void {
    const { bytes } = this;
    let { at } = this;
    for (let b = bytes[at]; b === 0x20 || b === 0x0a || b === 0x0d || b === 0x09; b = bytes[++at]);
    this.at = at;
  }

  /**
   * The members of an object, in order; of anything else none, it is passed over.
   * @param take reads or skips the value. Gets where the key's quote is, and behind which byte it ends
   * @throws JsonSyntaxError
   */
  members(take: (from: number, end: number) => void): void {
    if (!this.isObject()) {
      this.skip();
      return;
    }
    this.enter(OPEN_OBJECT);
    this.space();
    if (this.bytes[this.at] !== CLOSE_OBJECT)
      for (;;) {
        const from = this.at;
        this.skipText();
        const end = this.at;
        this.colon();
        take(from, end);
        this.space();
        const byte = this.bytes[this.at];
        if (byte === CLOSE_OBJECT) break;
        if (byte !== COMMA) this.fail('expected "," or "}"');
        this.at++;
        this.space();
      }
    this.at++;
    this.depth--;
  }

  /** The elements of an array, in order; of anything else none, it is passed over. @throws JsonSyntaxError */
  elements(take: () => void): void {
    if (!this.isArray()) {
      this.skip();
      return;
    }
    this.enter(OPEN_ARRAY);
    this.space();
    if (this.bytes[this.at] !== CLOSE_ARRAY)
      for (;;) {
        take();
        this.space();
        const byte = this.bytes[this.at];
        if (byte === CLOSE_ARRAY) break;
        if (byte !== COMMA) this.fail('expected "," or "]"');
        this.at++;
        this.space();
      }
    this.at++;
    this.depth--;
  }

  /** Passes over a value. @throws JsonSyntaxError */
  skip(): void {
    const { bytes, open } = this;
    const outside = this.depth;
    for (;;) {
      const byte = bytes[this.at];
      if (byte === QUOTE) this.skipText();
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.enter(byte);
        this.space();
        if (bytes[this.at] === (byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          this.depth--;
          this.at++;
        } else {
          if (byte === OPEN_OBJECT) this.skipKey();
          continue;
        }
      } else this.skipScalar();

      // Behind a value: close what closes here, or go on to the next one.
      for (;;) {
        if (this.depth === outside) return;
        this.space();
        const inObject = open[this.depth] === OPEN_OBJECT;
        const next = bytes[this.at];
        if (next === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          this.depth--;
          this.at++;
          continue;
        }
        if (next !== COMMA) this.fail(`expected "," or "${inObject ? '}' : ']'}"`);
        this.at++;
        this.space();
        if (inObject) this.skipKey();
        break;
      }
    }
  }

  /**
   * The text that stands here, which must be one: null where it has more characters than `longest`, then no string is
   * made of it. Those of `words` are found without making one.
   * @throws JsonSyntaxError
   */
  text(longest: number, words?: Words): string | null {
    const { bytes, at: from } = this;
    this.skipText();
    const end = this.at;
    const word = words?.find(bytes, from + 1, end - 1);
    if (word !== undefined) return word.length > longest ? null : word;
    if (end - from - 2 > longest * LONGEST_ESCAPE) return null;
    const text = hasEscapes(bytes, from, end)
      ? (JsonReader.parse(bytes, from, end, 'a text') as string)
      : bytes.toString('utf8', from + 1, end - 1);
    return text.length > longest ? null : text;
  }

  /** The name of a member, as `members` says where it is; null where it is none of these words. */
  key(from: number, end: number, words: Words): string | null {
    const word = words.find(this.bytes, from + 1, end - 1);
    if (word !== undefined) return word;
    if (end - from - 2 > words.longest * LONGEST_ESCAPE) return null;
    if (!hasEscapes(this.bytes, from, end)) return null;
    // `{"trace\u0049d": …}` is a name as any other.
    const name = JsonReader.parse(this.bytes, from, end, 'a key') as string;
    return words.has(name) ? name : null;
  }

  /** A number, which must be one. @throws JsonSyntaxError */
  number(): number {
    const from = this.at;
    this.skipScalar();
    return Number(this.bytes.toString('latin1', from, this.at));
  }

  /** true or false by the first byte; null for anything else. `skip` checks the rest. */
  flag(): boolean | null {
    const byte = this.bytes[this.at];
    return byte === 0x74 ? true : byte === 0x66 ? false : null;
  }

  /** Reads a value that was passed over before, and goes on where it was. */
  again<T>(at: number, read: () => T): T {
    const { at: back, brackets } = this;
    this.at = at;
    try {
      return read();
    } finally {
      this.at = back;
      this.brackets = brackets;
    }
  }

  isNumber(): boolean {
    const byte = this.bytes[this.at] ?? 0;
    return byte === MINUS || isDigit(byte);
  }

  /** The value, as JSON.parse makes it. @throws JsonSyntaxError where an escape in it is malformed */
  static parse(bytes: Buffer, from: number, end: number, name: string): unknown {
    try {
      return JSON.parse(bytes.toString('utf8', from, end));
    } catch {
      // What JSON.parse says repeats a piece of it.
      throw new JsonSyntaxError(`${name} is malformed`, from);
    }
  }

  private enter(bracket: number): void {
    if (this.depth >= this.options.deepest) throw new JsonSyntaxError('nested too deeply', this.at, 'depth');
    if (++this.brackets > this.options.mostBrackets)
      throw new JsonSyntaxError('too many parts', this.at, 'brackets');
    this.open[++this.depth] = bracket;
    this.at++;
  }

  private skipKey(): void {
    this.skipText();
    this.colon();
  }

  private colon(): void {
    this.space();
    if (this.bytes[this.at] !== COLON) this.fail('expected ":"');
    this.at++;
    this.space();
  }

  private skipText(): void {
    if (this.bytes[this.at] !== QUOTE) this.fail('expected a string');
    this.at = (this.options.checksTexts ? endOfCheckedText : endOfText)(this.bytes, this.at);
  }

  private skipScalar(): void {
    const { bytes } = this;
    const begin = this.at;
    const first = bytes[begin] ?? 0;
    let at = begin;
    if (first === MINUS || isDigit(first)) {
      at = endOfNumber(bytes, begin);
      if (at - begin > this.options.longestNumber) this.fail('a number is too long');
    } else {
      at = endOfName(bytes, begin);
    }
    // `01`, `truest`
    if (at === begin || isWord(bytes[at] ?? 0)) this.fail('expected a value');
    this.at = at;
  }

  private fail(message: string): never {
    throw new JsonSyntaxError(message, this.at);
  }
}

function hasEscapes(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at < end && bytes[at] !== BACKSLASH) at++;
  return at < end;
}
