/**
 * Reads an ExportTraceServiceRequest as JSON (OTLP's mapping: hex ids, lowerCamelCase, 64-bit integers as text or number,
 * unknown fields ignored) from its bytes. Strings are made of what is wanted alone; a content attribute is remembered as a
 * place in the body. What is not as it should be in one span leaves out that value, never the others. Of a member that is
 * there twice the last one counts.
 */
import { StateaiError } from '../../generation/errors.ts';
import { JsonSyntaxError } from '../../json/syntax-error.ts';
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
  MOST_SPANS,
  meaningOf,
  type Use,
} from './attributes.ts';
import { DEEPEST, JsonValues } from './json-values.ts';
import { tooMany } from './refusals.ts';
import { type AttributeValue, emptySink, NO_ATTRIBUTES, type Sink, type Span } from './span.ts';
import { sinceStart, timesOf } from './times.ts';

/** @throws `bad_otlp`, `too_large` */
export function decodeJson(body: Buffer): Span[] {
  const { spans, count, wrong } = checked(() => new Decoder(body).request());
  if (wrong !== null) throw bad(wrong, 'Send an ExportTraceServiceRequest.');
  if (count > MOST_SPANS) throw tooMany();
  return spans;
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    if (error.limit === 'brackets') throw tooMany();
    if (error.limit === 'depth')
      throw bad(`The body is nested deeper than ${DEEPEST} levels`, 'Send an ExportTraceServiceRequest.');
    throw bad('The body is not JSON', 'Send an ExportTraceServiceRequest as JSON, in UTF-8.');
  }
}

const bad = (message: string, next: string): StateaiError => new StateaiError('bad_otlp', message, next);

/** The spans of a list. They are wrong as a whole where something else stands in its place: nothing in it would be seen. */
interface Found {
  spans: Span[];
  /** With those over the limit, which are not kept. */
  count: number;
  /** What is wrong first; known when all is read, for what is no JSON is called so. */
  wrong: string | null;
}

const none = (wrong: string | null = null): Found => ({ spans: [], count: 0, wrong });

function add(all: Found, more: Found): void {
  all.count += more.count;
  all.wrong ??= more.wrong;
  if (all.count <= MOST_SPANS) for (const span of more.spans) all.spans.push(span);
}

interface Events {
  firstToken: bigint;
  choice: string | null;
}

const NO_EVENTS: Events = { firstToken: 0n, choice: null };

class Decoder extends JsonValues {
  request(): Found {
    const { reader } = this;
    let found: Found | null = null;
    reader.space();
    const isObject = reader.isObject();
    this.members((field) => {
      if (field !== 'resourceSpans') return false;
      found = this.list(field, (all) => add(all, this.resourceSpans()));
      return true;
    });
    reader.end();
    return isObject ? (found ?? none()) : none('The body is no JSON object');
  }

  private resourceSpans(): Found {
    let resource = NO_ATTRIBUTES;
    let scopes: Found | null = null;
    // The older name of scopes.
    let libraries: Found | null = null;
    this.members((field) => {
      if (field === 'resource') resource = this.resource();
      else if (field === 'scopeSpans') scopes = this.list(field, (all) => add(all, this.scopeSpans()));
      else if (field === 'instrumentationLibrarySpans')
        libraries = this.list('scopeSpans', (all) => add(all, this.scopeSpans()));
      else return false;
      return true;
    });
    const found: Found = scopes ?? libraries ?? none();
    for (const span of found.spans) span.resource = resource;
    return found;
  }

  private resource(): Span['resource'] {
    let attributes = NO_ATTRIBUTES;
    this.members((field) => {
      if (field !== 'attributes') return false;
      attributes = this.attributes().attributes;
      return true;
    });
    return attributes;
  }

  private scopeSpans(): Found {
    // undefined: it is not there, or null.
    let scope: string | null | undefined;
    let library: string | null | undefined;
    let found: Found | null = null;
    this.members((field) => {
      if (field === 'scope') scope = this.scope();
      else if (field === 'instrumentationLibrary') library = this.scope();
      else if (field === 'spans')
        found = this.list(field, (all) => {
          const span = this.span();
          if (all.count++ < MOST_SPANS) all.spans.push(span);
        });
      else return false;
      return true;
    });
    const name = (scope === undefined ? library : scope) ?? null;
    const all: Found = found ?? none();
    for (const span of all.spans) span.scope = name;
    return all;
  }

  private scope(): string | null | undefined {
    if (this.isNull()) return undefined;
    let name: string | null = null;
    this.members((field) => {
      if (field !== 'name') return false;
      name = this.text(LONGEST_NAME);
      return true;
    });
    return name;
  }

  private span(): Span {
    let traceId: string | null = null;
    let spanId: string | null = null;
    let parentId: string | null = null;
    let name: string | null = null;
    let start = 0n;
    let stop = 0n;
    let events: Events = NO_EVENTS;
    let hasError = false;
    let read: Sink | null = null;
    this.members((field) => {
      if (field === 'traceId') traceId = this.id();
      else if (field === 'spanId') spanId = this.id();
      else if (field === 'parentSpanId') parentId = this.id();
      else if (field === 'name') name = this.text(LONGEST_NAME);
      else if (field === 'startTimeUnixNano') start = this.time();
      else if (field === 'endTimeUnixNano') stop = this.time();
      else if (field === 'attributes') read = this.attributes();
      else if (field === 'events') events = this.events();
      else if (field === 'status') hasError = this.isError();
      else return false;
      return true;
    });
    const { attributes, content, hasTools }: Sink = read ?? emptySink();
    return {
      traceId,
      spanId,
      parentId,
      name,
      scope: null,
      ...timesOf(start, stop),
      firstToken: sinceStart(start, events.firstToken),
      choice: events.choice,
      hasError,
      hasTools,
      attributes,
      resource: NO_ATTRIBUTES,
      content,
    };
  }

  private isError(): boolean {
    let isError = false;
    this.members((field) => {
      if (field !== 'code') return false;
      const code = this.textOrNumber(LONGEST_NAME);
      isError = code === 2 || code === '2' || code === 'STATUS_CODE_ERROR';
      return true;
    });
    return isError;
  }

  private events(): Events {
    let firstToken = 0n;
    let choice: string | null = null;
    this.reader.elements(() => {
      let at = 0n;
      let name: string | null = null;
      let reason: string | null = null;
      this.members((field) => {
        if (field === 'name') name = this.text(LONGEST_EVENT_NAME);
        else if (field === 'timeUnixNano') at = this.time();
        else if (field === 'attributes') reason = this.reason();
        else return false;
        return true;
      });
      if (name === CHOICE_EVENT) choice ??= reason;
      const isFirst = name !== null && FIRST_TOKEN_EVENTS.has(name);
      if (isFirst && at > 0n && (firstToken === 0n || at < firstToken)) firstToken = at;
    });
    return { firstToken, choice };
  }

  /** Why an answer ended; of an event's attributes nothing else is read. */
  private reason(): string | null {
    const { reader } = this;
    let reason: string | null = null;
    reader.elements(() => {
      let key: string | null = null;
      let value = -1;
      this.members((field) => {
        if (field === 'key') key = this.text(LONGEST_NAME);
        else if (field === 'value') {
          value = reader.at;
          reader.skip();
        } else return false;
        return true;
      });
      if (key === CHOICE_REASON && value >= 0)
        reason = reader.again(value, () => this.stringValue(LONGEST_NAME));
    });
    return reason;
  }

  private attributes(): Sink {
    const into = emptySink();
    this.reader.elements(() => this.attribute(into));
    return into;
  }

  private attribute(into: Sink): void {
    const { reader } = this;
    let key: string | null = null;
    let use: Use | null = null;
    let value = -1;
    let read: AttributeValue | null = null;
    /** The key that the value was read for: it stands in front, as a rule. */
    let readFor: string | null = null;
    this.members((field) => {
      if (field === 'key') {
        key = this.text(LONGEST_KEY, KEYS);
        use = key === null ? null : meaningOf(key);
      } else if (field === 'value') {
        value = reader.at;
        readFor = use === 'value' ? key : null;
        if (readFor === null) reader.skip();
        else read = this.value(longestOf(readFor));
      } else return false;
      return true;
    });
    if (key === null || use === null) return;
    const name: string = key;
    if (use === 'tools') into.hasTools = true;
    else if (use === 'content') {
      const { body } = this;
      const text = () => (value < 0 ? null : new JsonValues(body).stringIn(value));
      if (into.content.length < MOST_CONTENT) into.content.push({ key: name, text });
    } else if (value >= 0) {
      if (readFor !== name) read = reader.again(value, () => this.value(longestOf(name)));
      if (read !== null) into.attributes.set(name, read);
    }
  }

  /** null: the list is not there. */
  private list(name: string, read: (all: Found) => void): Found | null {
    const { reader } = this;
    if (this.isNull()) return null;
    if (!reader.isArray()) {
      reader.skip();
      return none(`${name} is no list`);
    }
    const all = none();
    reader.elements(() => read(all));
    return all;
  }
}
