/**
 * For tests: an ExportTraceServiceRequest as JSON, read from what JSON.parse makes of the whole body. What is read from bytes
 * must be the same.
 */
import { StateaiError } from '../../generation/errors.ts';
import { asObject, type Fields } from '../../json/read.ts';

import {
  FIRST_TOKEN_EVENTS,
  LONGEST_KEY,
  LONGEST_NAME,
  longestOf,
  MOST_CONTENT,
  MOST_IN_LIST,
  MOST_SPANS,
  meaningOf,
} from './attributes.ts';
import { tooMany } from './refusals.ts';
import type { AttributeValue, Content, Span } from './span.ts';
import { asNumber } from './span.ts';
import { sinceStart, timesOf } from './times.ts';

/** A request has about fifteen levels; attributes may nest a little more. */
const DEEPEST = 100;
/** As many as 64 MiB of short attributes have. */
const MOST_OBJECTS = 4e6;

/** @throws `bad_otlp` */
export function decodeParsedJson(body: Buffer): Span[] {
  const { depth, objects } = shapeOf(body);
  if (depth > DEEPEST)
    throw bad(`The body is nested deeper than ${DEEPEST} levels`, 'Send an ExportTraceServiceRequest.');
  if (objects > MOST_OBJECTS) throw tooMany();
  let request: Fields | null;
  try {
    request = asObject(JSON.parse(body.toString()));
  } catch {
    // What JSON.parse says repeats a piece of the body.
    throw bad('The body is not JSON', 'Send an ExportTraceServiceRequest as JSON, in UTF-8.');
  }
  if (!request) throw bad('The body is no JSON object', 'Send an ExportTraceServiceRequest.');
  const spans = list(request.resourceSpans, 'resourceSpans').flatMap((entry) => resourceSpans(entry));
  if (spans.length > MOST_SPANS) throw tooMany();
  return spans;
}

const bad = (message: string, next: string): StateaiError => new StateaiError('bad_otlp', message, next);

const objectOf = (value: unknown): Fields => asObject(value) ?? {};

/** @throws where something else stands in place of a list: then nothing in it would be seen */
function list(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw bad(`${name} is no list`, 'Send an ExportTraceServiceRequest.');
}

const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d,
];

/** How deep brackets nest outside of texts, and how many there are. */
function shapeOf(body: Buffer): { depth: number; objects: number } {
  let depth = 0;
  let deepest = 0;
  let objects = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) at = endOfText(body, at);
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      objects++;
      if (++depth > deepest) deepest = depth;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
  }
  return { depth: deepest, objects };
}

/** The closing quotation mark, or the end of the body. */
function endOfText(body: Buffer, begin: number): number {
  for (let at = begin + 1; at < body.length; at++) {
    const byte = body[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at;
  }
  return body.length;
}

function resourceSpans(entry: unknown): Span[] {
  const { resource, scopeSpans, instrumentationLibrarySpans } = objectOf(entry);
  const sink = attributesOf(objectOf(resource).attributes);
  // The older name of scopes.
  return list(scopeSpans ?? instrumentationLibrarySpans, 'scopeSpans').flatMap((scoped) => {
    const { scope, instrumentationLibrary, spans } = objectOf(scoped);
    const name = shortText(objectOf(scope ?? instrumentationLibrary).name);
    return list(spans, 'spans').map((span) => spanOf(objectOf(span), name, sink.attributes));
  });
}

function spanOf(span: Fields, scope: string | null, resource: Span['resource']): Span {
  const sink = attributesOf(span.attributes);
  const start = nanoseconds(span.startTimeUnixNano);
  return {
    traceId: idOf(span.traceId),
    spanId: idOf(span.spanId),
    parentId: idOf(span.parentSpanId),
    name: shortText(span.name),
    scope,
    ...timesOf(start, nanoseconds(span.endTimeUnixNano)),
    firstToken: sinceStart(start, firstToken(span.events)),
    choice: choiceIn(span.events),
    hasError: isError(objectOf(span.status).code),
    ...sink,
    resource,
  };
}

const isError = (code: unknown): boolean => code === 2 || code === '2' || code === 'STATUS_CODE_ERROR';

function firstToken(events: unknown): bigint {
  let first = 0n;
  for (const event of Array.isArray(events) ? events : []) {
    const { name, timeUnixNano } = objectOf(event);
    if (typeof name !== 'string' || !FIRST_TOKEN_EVENTS.has(name)) continue;
    const at = nanoseconds(timeUnixNano);
    if (at > 0n && (first === 0n || at < first)) first = at;
  }
  return first;
}

function choiceIn(events: unknown): string | null {
  for (const event of Array.isArray(events) ? events : []) {
    const { name, attributes } = objectOf(event);
    if (name !== 'gen_ai.choice') continue;
    let reason: string | null = null;
    for (const attribute of Array.isArray(attributes) ? attributes : [])
      if (objectOf(attribute).key === 'finish_reason')
        reason = shortText(stringIn(objectOf(attribute).value));
    if (reason !== null) return reason;
  }
  return null;
}

function attributesOf(attributes: unknown): Pick<Span, 'content' | 'hasTools'> & {
  attributes: Map<string, AttributeValue>;
} {
  const sink = { attributes: new Map<string, AttributeValue>(), content: [] as Content[], hasTools: false };
  for (const attribute of Array.isArray(attributes) ? attributes : []) {
    const { key, value } = objectOf(attribute);
    if (typeof key !== 'string' || key.length > LONGEST_KEY) continue;
    const use = meaningOf(key);
    if (use === 'tools') sink.hasTools = true;
    else if (use === 'content') {
      if (sink.content.length < MOST_CONTENT) sink.content.push({ key, text: () => stringIn(value) });
    } else if (use === 'value') {
      const read = readValue(objectOf(value), longestOf(key));
      if (read !== null) sink.attributes.set(key, read);
    }
  }
  return sink;
}

function stringIn(value: unknown): string | null {
  const { stringValue } = objectOf(value);
  return typeof stringValue === 'string' ? stringValue : null;
}

function readValue(value: Fields, longest: number): AttributeValue | null {
  const { stringValue, intValue, doubleValue, boolValue, arrayValue } = value;
  if (typeof stringValue === 'string') return stringValue.length > longest ? null : stringValue;
  if (intValue !== undefined) return asNumber(intValue);
  if (doubleValue !== undefined) return asNumber(doubleValue);
  if (typeof boolValue === 'boolean') return boolValue;
  const { values } = objectOf(arrayValue);
  if (!Array.isArray(values)) return null;
  return values
    .slice(0, MOST_IN_LIST)
    .map(stringIn)
    .filter((text) => text !== null && text.length <= longest) as string[];
}

const shortText = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= LONGEST_NAME ? value : null;

/** Hex as OTLP wants it; some senders write other short ids. */
function idOf(value: unknown): string | null {
  if (typeof value !== 'string' || !/^[\w+/=-]{1,64}$/.test(value) || /^0*$/.test(value)) return null;
  return /^[0-9a-f]+$/i.test(value) ? value.toLowerCase() : value;
}

function nanoseconds(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e19)
    return BigInt(Math.round(value));
  return 0n;
}
