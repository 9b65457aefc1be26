/** Writes spans as OTLP/HTTP bodies, protobuf and JSON: what senders do, for measuring and for tests. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Whole numbers are written as integers, as SDKs do; lists hold texts. */
export type SentValue = string | number | boolean | readonly string[];

export interface SentSpan {
  traceId: string;
  spanId: string;
  parentId?: string;
  name: string;
  /** Milliseconds since 1970, with what is behind the point. */
  start: number;
  end: number;
  attributes: Readonly<Record<string, SentValue>>;
  isError?: boolean;
  statusMessage?: string;
  events?: readonly { name: string; at: number; attributes: Readonly<Record<string, SentValue>> }[];
  links?: readonly { traceId: string; spanId: string; attributes: Readonly<Record<string, SentValue>> }[];
}

export interface SentScope {
  resource: Readonly<Record<string, SentValue>>;
  scope: string;
  scopeAttributes?: Readonly<Record<string, SentValue>>;
  spans: readonly SentSpan[];
}

/** Exact to a tenth of a microsecond, which a number can hold. */
const nanoseconds = (ms: number): bigint => {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e4)) * 100n;
};

export function asJson(scopes: readonly SentScope[]): Buffer {
  const attributes = (values: Readonly<Record<string, SentValue>>) =>
    Object.entries(values).map(([key, value]) => ({ key, value: jsonValue(value) }));
  const resourceSpans = scopes.map(({ resource, scope, scopeAttributes = {}, spans }) => ({
    resource: { attributes: attributes(resource) },
    scopeSpans: [
      {
        scope: { name: scope, attributes: attributes(scopeAttributes) },
        spans: spans.map((span) => ({
          traceId: span.traceId,
          spanId: span.spanId,
          ...(span.parentId ? { parentSpanId: span.parentId } : {}),
          name: span.name,
          kind: 3,
          startTimeUnixNano: String(nanoseconds(span.start)),
          endTimeUnixNano: String(nanoseconds(span.end)),
          attributes: attributes(span.attributes),
          events: (span.events ?? []).map((event) => ({
            name: event.name,
            timeUnixNano: String(nanoseconds(event.at)),
            attributes: attributes(event.attributes),
          })),
          links: (span.links ?? []).map((link) => ({ ...link, attributes: attributes(link.attributes) })),
          status: {
            code: span.isError ? 2 : 0,
            ...(span.statusMessage ? { message: span.statusMessage } : {}),
          },
        })),
      },
    ],
  }));
  return Buffer.from(JSON.stringify({ resourceSpans }));
}

function jsonValue(value: SentValue): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } };
}

export function asProtobuf(scopes: readonly SentScope[]): Buffer {
  const writer = new BinaryWriter();
  for (const { resource, scope, scopeAttributes = {}, spans } of scopes) {
    begin(writer, 1);
    begin(writer, 1);
    writeAttributes(writer, 1, resource);
    writer.join();
    begin(writer, 2);
    begin(writer, 1);
    writeText(writer, 1, scope);
    writeAttributes(writer, 3, scopeAttributes);
    writer.join();
    for (const span of spans) writeSpan(writer, span);
    writer.join();
    writer.join();
  }
  return Buffer.from(writer.finish());
}

const begin = (writer: BinaryWriter, field: number): BinaryWriter =>
  writer.tag(field, WireType.LengthDelimited).fork();
const writeText = (writer: BinaryWriter, field: number, text: string): BinaryWriter =>
  writer.tag(field, WireType.LengthDelimited).string(text);
const writeHex = (writer: BinaryWriter, field: number, hex: string): BinaryWriter =>
  writer.tag(field, WireType.LengthDelimited).bytes(Buffer.from(hex, 'hex'));
const writeTime = (writer: BinaryWriter, field: number, ms: number): BinaryWriter =>
  writer.tag(field, WireType.Bit64).fixed64(nanoseconds(ms));

function writeSpan(writer: BinaryWriter, span: SentSpan): void {
  begin(writer, 2);
  writeHex(writer, 1, span.traceId);
  writeHex(writer, 2, span.spanId);
  if (span.parentId) writeHex(writer, 4, span.parentId);
  writeText(writer, 5, span.name);
  writer.tag(6, WireType.Varint).int32(3);
  writeTime(writer, 7, span.start);
  writeTime(writer, 8, span.end);
  writeAttributes(writer, 9, span.attributes);
  for (const event of span.events ?? []) {
    begin(writer, 11);
    writeTime(writer, 1, event.at);
    writeText(writer, 2, event.name);
    writeAttributes(writer, 3, event.attributes);
    writer.join();
  }
  for (const link of span.links ?? []) {
    begin(writer, 13);
    writeHex(writer, 1, link.traceId);
    writeHex(writer, 2, link.spanId);
    writeAttributes(writer, 4, link.attributes);
    writer.join();
  }
  begin(writer, 15);
  if (span.statusMessage) writeText(writer, 2, span.statusMessage);
  if (span.isError) writer.tag(3, WireType.Varint).int32(2);
  writer.join();
  writer.tag(16, WireType.Bit32).fixed32(257);
  writer.join();
}

function writeAttributes(
  writer: BinaryWriter,
  field: number,
  values: Readonly<Record<string, SentValue>>,
): void {
  for (const [key, value] of Object.entries(values)) {
    begin(writer, field);
    writeText(writer, 1, key);
    begin(writer, 2);
    writeValue(writer, value);
    writer.join();
    writer.join();
  }
}

function writeValue(writer: BinaryWriter, value: SentValue): void {
  if (typeof value === 'string') writeText(writer, 1, value);
  else if (typeof value === 'boolean') writer.tag(2, WireType.Varint).bool(value);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) writer.tag(3, WireType.Varint).int64(value);
    else writer.tag(4, WireType.Bit64).double(value);
  } else {
    begin(writer, 5);
    for (const text of value) {
      begin(writer, 1);
      writeText(writer, 1, text);
      writer.join();
    }
    writer.join();
  }
}
