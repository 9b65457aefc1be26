/**
 * Reads an ExportTraceServiceRequest as protobuf. Fields that are not wanted are passed over by their length, so text in
 * attributes never becomes a string; a content attribute is remembered as a place in the body.
 *
 * Field numbers: opentelemetry-proto, `collector/trace/v1`, `trace/v1`, `common/v1`.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { StateaiError } from '../../generation/errors.ts';
import type { Words } from '../../json/word-set.ts';
import {
  CHOICE_EVENT,
  CHOICE_REASON,
  FIRST_TOKEN_EVENTS,
  KEYS,
  LONGEST_EVENT_NAME,
  LONGEST_KEY,
  LONGEST_NAME,
  longestOf,
  MOST_CONTENT,
  MOST_IN_LIST,
  MOST_SPANS,
  meaningOf,
} from './attributes.ts';
import { tooMany } from './refusals.ts';
import { type AttributeValue, emptySink, NO_ATTRIBUTES, type Sink, type Span } from './span.ts';
import { sinceStart, timesOf } from './times.ts';

/** @throws `bad_otlp` */
export function decodeProtobuf(body: Buffer): Span[] {
  const decoder = new Decoder(body);
  try {
    return decoder.request();
  } catch (error) {
    // What the reader says may name bytes of the body.
    if (error instanceof StateaiError) throw error;
    throw broken(decoder.at());
  }
}

const broken = (at: number): StateaiError =>
  new StateaiError(
    'bad_otlp',
    `The body is no ExportTraceServiceRequest as protobuf: broken at byte ${at}`,
    'Send OTLP/HTTP with Content-Type application/x-protobuf, or application/json for JSON.',
  );

class Decoder {
  private readonly reader: BinaryReader;
  private readonly body: Buffer;
  private readonly spans: Span[] = [];

  constructor(body: Buffer) {
    this.body = body;
    this.reader = new BinaryReader(body);
  }

  at(): number {
    return this.reader.pos;
  }

  request(): Span[] {
    this.message(this.body.length, (field, wire) => {
      if (field !== 1) return false;
      this.resourceSpans(this.endOf(wire));
      return true;
    });
    return this.spans;
  }

  private resourceSpans(end: number): void {
    const resource: Sink = emptySink();
    const from = this.spans.length;
    this.message(end, (field, wire) => {
      if (field === 1) this.resource(this.endOf(wire), resource);
      else if (field === 2) this.scopeSpans(this.endOf(wire));
      else return false;
      return true;
    });
    // The resource may stand behind its spans.
    for (let i = from; i < this.spans.length; i++) {
      const span = this.spans[i];
      if (span) span.resource = resource.attributes;
    }
  }

  private resource(end: number, sink: Sink): void {
    this.message(end, (field, wire) => {
      if (field !== 1) return false;
      this.attribute(this.endOf(wire), sink);
      return true;
    });
  }

  private scopeSpans(end: number): void {
    let scope: string | null = null;
    const from = this.spans.length;
    this.message(end, (field, wire) => {
      if (field === 1) {
        this.message(this.endOf(wire), (inner, innerWire) => {
          if (inner !== 1) return false;
          scope = this.text(innerWire, LONGEST_NAME);
          return true;
        });
      } else if (field === 2) this.span(this.endOf(wire));
      else return false;
      return true;
    });
    for (let i = from; i < this.spans.length; i++) {
      const span = this.spans[i];
      if (span) span.scope = scope;
    }
  }

  private span(end: number): void {
    const sink: Sink = emptySink();
    let traceId: string | null = null;
    let spanId: string | null = null;
    let parentId: string | null = null;
    let name: string | null = null;
    let start = 0n;
    let stop = 0n;
    let firstToken = 0n;
    let choice: string | null = null;
    let hasError = false;
    this.message(end, (field, wire) => {
      if (field === 1) traceId = this.id(wire, 16);
      else if (field === 2) spanId = this.id(wire, 8);
      else if (field === 4) parentId = this.id(wire, 8);
      else if (field === 5) name = this.text(wire, LONGEST_NAME);
      else if (field === 7) start = this.time(wire);
      else if (field === 8) stop = this.time(wire);
      else if (field === 9) this.attribute(this.endOf(wire), sink);
      else if (field === 11) {
        const { at, reason } = this.event(this.endOf(wire));
        choice ??= reason;
        if (at > 0n && (firstToken === 0n || at < firstToken)) firstToken = at;
      } else if (field === 15) hasError = this.isError(this.endOf(wire));
      else return false;
      return true;
    });
    if (this.spans.length >= MOST_SPANS) throw tooMany();
    this.spans.push({
      traceId,
      spanId,
      parentId,
      name,
      scope: null,
      ...timesOf(start, stop),
      firstToken: sinceStart(start, firstToken),
      choice,
      hasError,
      hasTools: sink.hasTools,
      attributes: sink.attributes,
      resource: NO_ATTRIBUTES,
      content: sink.content,
    });
  }

  /** The time of an event that tells of a first token, 0 for any other; why an answer ended, of one that tells of it. */
  private event(end: number): { at: bigint; reason: string | null } {
    let at = 0n;
    let name: string | null = null;
    let reason: string | null = null;
    this.message(end, (field, wire) => {
      if (field === 1) at = this.time(wire);
      else if (field === 2) name = this.text(wire, LONGEST_EVENT_NAME);
      else if (field === 3) reason = this.reason(this.endOf(wire)) ?? reason;
      else return false;
      return true;
    });
    const isFirst = name !== null && FIRST_TOKEN_EVENTS.has(name);
    return { at: isFirst ? at : 0n, reason: name === CHOICE_EVENT ? reason : null };
  }

  /** Why an answer ended, if this attribute of an event says it. Nothing else of it is read. */
  private reason(end: number): string | null {
    let key: string | null = null;
    let value = -1;
    let valueEnd = -1;
    this.message(end, (field, wire) => {
      if (field === 1) key = this.text(wire, LONGEST_NAME);
      else if (field === 2) {
        valueEnd = this.endOf(wire);
        value = this.reader.pos;
        this.reader.pos = valueEnd;
      } else return false;
      return true;
    });
    if (key !== CHOICE_REASON || value < 0) return null;
    const read = this.value(value, valueEnd, LONGEST_NAME);
    this.reader.pos = end;
    return typeof read === 'string' ? read : null;
  }

  private isError(end: number): boolean {
    let code = 0;
    this.message(end, (field, wire) => {
      if (field !== 3 || wire !== WireType.Varint) return false;
      code = this.reader.int32();
      return true;
    });
    return code === 2;
  }

  private attribute(end: number, sink: Sink): void {
    let key: string | null = null;
    let value = -1;
    let valueEnd = -1;
    this.message(end, (field, wire) => {
      if (field === 1) key = this.text(wire, LONGEST_KEY, KEYS);
      else if (field === 2) {
        valueEnd = this.endOf(wire);
        value = this.reader.pos;
        this.reader.pos = valueEnd;
      } else return false;
      return true;
    });
    const use = key === null ? null : meaningOf(key);
    if (key === null || use === null || value < 0) return;
    if (use === 'tools') sink.hasTools = true;
    else if (use === 'content') {
      if (sink.content.length >= MOST_CONTENT) return;
      const [at, to, name] = [value, valueEnd, key as string];
      sink.content.push({ key: name, text: () => this.stringIn(at, to) });
    } else {
      const read = this.value(value, valueEnd, longestOf(key));
      if (read !== null) sink.attributes.set(key, read);
    }
    this.reader.pos = end;
  }

  /** An AnyValue's string, however long. */
  private stringIn(begin: number, end: number): string | null {
    try {
      const read = this.value(begin, end, end - begin);
      return typeof read === 'string' ? read : null;
    } catch {
      return null;
    }
  }

  private value(begin: number, end: number, longest: number): AttributeValue | null {
    this.reader.pos = begin;
    let value: AttributeValue | null = null;
    this.message(end, (field, wire) => {
      if (field === 1) value = this.text(wire, longest);
      else if (field === 2 && wire === WireType.Varint) value = this.reader.bool();
      else if (field === 3 && wire === WireType.Varint) value = Number(this.reader.int64());
      else if (field === 4 && wire === WireType.Bit64) value = this.reader.double();
      else if (field === 5) value = this.list(this.endOf(wire), longest);
      else return false;
      return true;
    });
    return value;
  }

  /** The texts of an ArrayValue, as far as a few are needed. */
  private list(end: number, longest: number): string[] {
    const texts: string[] = [];
    this.message(end, (field, wire) => {
      if (field !== 1 || texts.length >= MOST_IN_LIST) return false;
      this.message(this.endOf(wire), (inner, innerWire) => {
        if (inner !== 1) return false;
        const text = this.text(innerWire, longest);
        if (text !== null) texts.push(text);
        return true;
      });
      return true;
    });
    return texts;
  }

  /** Calls back for each field until `end`; what is not taken (false) is passed over. */
  private message(end: number, take: (field: number, wire: number) => boolean): void {
    const { reader } = this;
    while (reader.pos < end) {
      const tag = reader.uint32();
      const field = tag >>> 3;
      if (field === 0) throw broken(reader.pos);
      if (!take(field, tag & 7)) this.skip(field, tag & 7);
    }
    if (reader.pos !== end) throw broken(reader.pos);
  }

  private skip(field: number, wire: number): void {
    if (wire === WireType.LengthDelimited) this.reader.pos = this.endOf(wire);
    else this.reader.skip(wire, field);
  }

  /** Where a length-delimited field ends. */
  private endOf(wire: number): number {
    if (wire !== WireType.LengthDelimited) throw broken(this.reader.pos);
    const length = this.reader.uint32();
    const end = this.reader.pos + length;
    if (end > this.body.length) throw broken(this.reader.pos);
    return end;
  }

  /** null where it is longer. Those of `words` are found without making a string. */
  private text(wire: number, longest: number, words?: Words): string | null {
    const end = this.endOf(wire);
    const begin = this.reader.pos;
    this.reader.pos = end;
    if (end - begin > longest) return null;
    return words?.find(this.body, begin, end) ?? this.body.toString('utf8', begin, end);
  }

  private id(wire: number, bytes: number): string | null {
    const end = this.endOf(wire);
    const begin = this.reader.pos;
    this.reader.pos = end;
    if (end - begin !== bytes) return null;
    const hex = this.body.toString('hex', begin, end);
    return /^0+$/.test(hex) ? null : hex;
  }

  private time(wire: number): bigint {
    if (wire !== WireType.Bit64) throw broken(this.reader.pos);
    const at = this.reader.pos;
    if (at + 8 > this.body.length) throw broken(at);
    this.reader.pos = at + 8;
    return this.body.readBigUInt64LE(at);
  }
}
