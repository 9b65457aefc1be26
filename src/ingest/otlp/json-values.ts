/** Values of OTLP's JSON, read from bytes: what is not wanted is passed over, what is no such value is null. */
import { JsonReader } from '../../json/reader.ts';
import { Words } from '../../json/word-set.ts';
import { LONGEST_VALUE, MOST_IN_LIST } from './attributes.ts';
import { type AttributeValue, asNumber } from './span.ts';

/** A request has about fifteen levels; attributes may nest a little more. */
export const DEEPEST = 100;
/** As many as 64 MiB of short attributes have. */
const MOST_OBJECTS = 4e6;
const LIMITS = { deepest: DEEPEST, mostBrackets: MOST_OBJECTS, checksTexts: true };

const FIELDS = new Words([
  'resourceSpans',
  'resource',
  'attributes',
  'scopeSpans',
  'instrumentationLibrarySpans',
  'scope',
  'instrumentationLibrary',
  'spans',
  'name',
  'traceId',
  'spanId',
  'parentSpanId',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'events',
  'timeUnixNano',
  'status',
  'code',
  'key',
  'value',
  'stringValue',
  'intValue',
  'doubleValue',
  'boolValue',
  'arrayValue',
  'values',
]);

export class JsonValues {
  protected readonly body: Buffer;
  protected readonly reader: JsonReader;

  constructor(body: Buffer) {
    this.body = body;
    this.reader = new JsonReader(body, LIMITS);
  }

  /** Calls back for each member of an object that is known here; what is not taken (false) is passed over. */
  protected members(take: (field: string) => boolean): void {
    const { reader } = this;
    reader.members((from, end) => {
      const field = reader.key(from, end, FIELDS);
      if (field === null || !take(field)) reader.skip();
    });
  }

  /** Passes over it if so. */
  protected isNull(): boolean {
    if (!this.reader.isNull()) return false;
    this.reader.skip();
    return true;
  }

  /** null: it is no text, or longer. */
  protected text(longest: number, words?: Words): string | null {
    const { reader } = this;
    if (reader.isText()) return reader.text(longest, words);
    reader.skip();
    return null;
  }

  protected textOrNumber(longest: number): string | number | null {
    return this.reader.isNumber() ? this.reader.number() : this.text(longest);
  }

  /** Hex as OTLP wants it; some senders write other short ids. */
  protected id(): string | null {
    const id = this.text(LONGEST_ID);
    if (id === null || !/^[\w+/=-]{1,64}$/.test(id) || /^0*$/.test(id)) return null;
    return /^[0-9a-f]+$/i.test(id) ? id.toLowerCase() : id;
  }

  protected time(): bigint {
    const value = this.textOrNumber(LONGEST_TIME);
    if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return BigInt(value);
    if (typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e19)
      return BigInt(Math.round(value));
    return 0n;
  }

  /** An AnyValue's string, however long. */
  stringIn(at: number): string | null {
    this.reader.at = at;
    return this.stringValue(Number.POSITIVE_INFINITY);
  }

  protected stringValue(longest: number): string | null {
    let text: string | null = null;
    this.members((field) => {
      if (field !== 'stringValue') return false;
      text = this.text(longest);
      return true;
    });
    return text;
  }

  protected value(longest: number): AttributeValue | null {
    const { reader } = this;
    let isText = false;
    let text: string | null = null;
    // undefined: not there.
    let int: number | null | undefined;
    let double: number | null | undefined;
    let flag: boolean | null = null;
    let list: string[] | null = null;
    this.members((field) => {
      if (field === 'stringValue') {
        isText = reader.isText();
        text = this.text(longest);
      } else if (field === 'intValue') int = asNumber(this.textOrNumber(LONGEST_VALUE));
      else if (field === 'doubleValue') double = asNumber(this.textOrNumber(LONGEST_VALUE));
      else if (field === 'boolValue') {
        flag = reader.flag();
        reader.skip();
      } else if (field === 'arrayValue') list = this.texts(longest);
      else return false;
      return true;
    });
    if (isText) return text;
    if (int !== undefined) return int;
    if (double !== undefined) return double;
    return flag ?? list;
  }

  /** The texts of an ArrayValue, as far as a few are needed; null where it has no list. */
  private texts(longest: number): string[] | null {
    let texts: string[] | null = null;
    this.members((field) => {
      if (field !== 'values') return false;
      texts = this.reader.isArray() ? this.textsIn(longest) : null;
      if (texts === null) this.reader.skip();
      return true;
    });
    return texts;
  }

  private textsIn(longest: number): string[] {
    const texts: string[] = [];
    let count = 0;
    this.reader.elements(() => {
      if (count++ < MOST_IN_LIST) {
        const text = this.stringValue(longest);
        if (text !== null) texts.push(text);
      } else this.reader.skip();
    });
    return texts;
  }
}

const LONGEST_ID = 64;
const LONGEST_TIME = 19;
