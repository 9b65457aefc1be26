/** A span as far as it is read: ids, times, whether it failed, and those attributes that some convention names. */
import { arrayOf, objectOf } from '../../json/read.ts';
import { copied } from '../../json/short-words.ts';

/** Lists keep their texts; nothing deeper is read. */
export type AttributeValue = string | number | boolean | readonly string[];

/** An attribute that holds text of people. It stays as it came; only for the sample is it read. */
export interface Content {
  key: string;
  /** The text, made now. null: it is no text. */
  text(): string | null;
}

export interface Span {
  /** Hex, lower case; null where it is missing or no id. */
  traceId: string | null;
  spanId: string | null;
  parentId: string | null;
  /** For names that mean something; null where it is long. */
  name: string | null;
  /** The instrumentation's name; null where it is long. */
  scope: string | null;
  /** Milliseconds since 1970 UTC. */
  start: number | null;
  /** Milliseconds from start to end. */
  duration: number | null;
  /** Milliseconds from start to the first event that tells of a first token. */
  firstToken: number | null;
  /** Why the answer ended, as the first event that tells of a choice says it; short. */
  choice: string | null;
  hasError: boolean;
  /** The request offered tools. */
  hasTools: boolean;
  attributes: ReadonlyMap<string, AttributeValue>;
  /** Of what sent it; the span's own come first. */
  resource: ReadonlyMap<string, AttributeValue>;
  content: Content[];
}

/** What is read of a list of attributes. */
export interface Sink {
  attributes: Map<string, AttributeValue>;
  content: Content[];
  hasTools: boolean;
}

export const emptySink = (): Sink => ({ attributes: new Map(), content: [], hasTools: false });

export const NO_ATTRIBUTES: Span['resource'] = new Map();

const attributeOf = ({ attributes, resource }: Span, key: string): AttributeValue | undefined =>
  attributes.get(key) ?? (resource.size > 0 ? resource.get(key) : undefined);

/** The first of the attributes that is a text which is not empty. */
export function textAt(span: Span, ...keys: string[]): string | null {
  for (const key of keys) {
    const value = attributeOf(span, key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** The first that is a number, or a text that is one: whole doubles arrive as integers, some senders write texts. */
export function numberAt(span: Span, ...keys: string[]): number | null {
  for (const key of keys) {
    const number = asNumber(attributeOf(span, key));
    if (number !== null) return number;
  }
  return null;
}

export function flagAt(span: Span, ...keys: string[]): boolean | null {
  for (const key of keys) {
    const value = attributeOf(span, key);
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'True') return true;
    if (value === 'false' || value === 'False') return false;
  }
  return null;
}

/** The first of a list, also of one that was written as JSON or with commas; a single text stands for itself. */
export function firstWordAt(span: Span, ...keys: string[]): string | null {
  for (const key of keys) {
    const value = attributeOf(span, key);
    if (Array.isArray(value) && typeof value[0] === 'string') return value[0];
    if (typeof value !== 'string' || value === '') continue;
    if (!value.includes(',') && !value.startsWith('[')) return value;
    // A slice would keep the whole text alive.
    if (!value.startsWith('[')) return copied(value.split(',', 1)[0]?.trim() ?? '') || null;
    const [first] = arrayOf(parsed(value));
    if (typeof first === 'string') return first;
  }
  return null;
}

/** An object written as JSON; empty where it is none. */
export function objectAt(span: Span, key: string): Record<string, unknown> {
  return objectOf(parsed(textAt(span, key) ?? ''));
}

/** A list written as JSON; empty where it is none. */
export const listAt = (span: Span, key: string): unknown[] => arrayOf(parsed(textAt(span, key) ?? ''));

export function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
