/**
 * A chat answer as a sequence of parts, one after the other: reasoning, text, refusal, tool calls. Chat chunks mix them
 * freely; messages and responses want each begun, filled and closed. Pieces of a tool call that come while another is
 * unfinished wait until that one is.
 */
import { numberOf, objectOf, objectsOf, parseObject, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { detailsOfMessage, detailText, interleave } from './reasoning.ts';
import { toolIndexes } from './tool-indexes.ts';

/** What a part is. `reasoning` keeps its detail without the text; `encrypted` is a detail that is whole at once. */
export type PartHead =
  | { kind: 'text' }
  | { kind: 'refusal' }
  | { kind: 'reasoning'; detail: JsonObject }
  | { kind: 'encrypted'; detail: JsonObject }
  | { kind: 'tool'; id: string; name: string; custom: boolean };

export type PartEvent =
  | { do: 'open'; head: PartHead }
  | { do: 'append'; text: string }
  /** What became known of a reasoning detail behind its text: its signature. */
  | { do: 'detail'; detail: JsonObject }
  | { do: 'close' };

export interface WholePart {
  head: PartHead;
  text: string;
}

interface Waiting {
  id: string;
  name: string;
  custom: boolean;
  text: string;
}

/** The parts of a stream's deltas (`choices[0].delta`), in order. */
export function partsOfStream(): { push(delta: JsonObject): PartEvent[]; end(): PartEvent[]; tools: number } {
  let open: PartHead | null = null;
  let openTool: number | null = null;
  let openText = '';
  const waiting = new Map<number, Waiting>();
  const closed = new Set<number>();
  const indexOf = toolIndexes();
  const out: PartEvent[] = [];
  const state = { push, end, tools: 0 };

  function close(): void {
    if (open === null) return;
    out.push({ do: 'close' });
    if (openTool !== null) closed.add(openTool);
    open = null;
    openTool = null;
    openText = '';
  }

  function begin(head: PartHead): void {
    close();
    open = head;
    out.push({ do: 'open', head });
  }

  function append(text: string): void {
    if (text === '') return;
    if (openTool !== null) openText += text;
    out.push({ do: 'append', text });
  }

  function beginTool(index: number, { id, name, custom, text }: Waiting): void {
    state.tools++;
    begin({ kind: 'tool', id, name, custom });
    openTool = index;
    append(text);
  }

  /** The open call is complete as far as one can tell: its arguments are a whole object. */
  const openToolIsWhole = (): boolean => openTool === null || parseObject(openText) !== null;

  function tool(call: JsonObject): void {
    const index = indexOf(call);
    const fn = objectOf(call.function ?? call.custom);
    const text = stringOf(fn.arguments) ?? stringOf(fn.input) ?? '';
    if (index === openTool) append(text);
    if (index === openTool || closed.has(index)) return;
    const known = waiting.get(index);
    if (known) {
      known.text += text;
      known.name ||= stringOf(fn.name) ?? '';
    } else
      waiting.set(index, {
        id: stringOf(call.id) || `call_${index}`,
        name: stringOf(fn.name) ?? '',
        custom: call.type === 'custom',
        text,
      });
    if (openToolIsWhole()) releaseOne();
  }

  function releaseOne(): void {
    const next = waiting.entries().next().value;
    if (!next) return;
    waiting.delete(next[0]);
    beginTool(next[0], next[1]);
  }

  function releaseAll(): void {
    while (waiting.size > 0) releaseOne();
  }

  function reasoning(detail: JsonObject): void {
    const text = detailText(detail);
    if (text === null) {
      begin({ kind: 'encrypted', detail });
      close();
      return;
    }
    const { text: _text, summary: _summary, ...rest } = detail;
    if (open?.kind !== 'reasoning' || !continues(open.detail, rest)) {
      begin({ kind: 'reasoning', detail: rest });
      append(text);
      return;
    }
    append(text);
    const before = open.detail;
    const news = Object.entries(rest).filter(([key, value]) => value !== null && value !== before[key]);
    if (news.length === 0) return;
    open.detail = { ...before, ...Object.fromEntries(news) };
    out.push({ do: 'detail', detail: open.detail });
  }

  function words(kind: 'text' | 'refusal', text: string | null): void {
    if (!text) return;
    if (open?.kind !== kind) {
      releaseAll();
      begin({ kind });
    }
    append(text);
  }

  const take = (): PartEvent[] => out.splice(0);

  function push(delta: JsonObject): PartEvent[] {
    for (const detail of detailsOfMessage(delta)) reasoning(detail);
    for (const text of textsOf(delta.content)) words('text', text);
    words('refusal', stringOf(delta.refusal));
    for (const call of objectsOf(delta.tool_calls)) tool(call);
    return take();
  }

  function end(): PartEvent[] {
    releaseAll();
    close();
    return take();
  }

  return state;
}

/** Two pieces belong to one detail: same kind, same id, same index where both say it, and no signature in between. */
function continues(before: JsonObject, after: JsonObject): boolean {
  if (before.type !== after.type || before.signature) return false;
  if (before.id && after.id && before.id !== after.id) return false;
  const [a, b] = [numberOf(before.index), numberOf(after.index)];
  return a === null || b === null || a === b;
}

const textsOf = (content: JsonObject[string] | undefined): (string | null)[] =>
  typeof content === 'string'
    ? [content]
    : objectsOf(content).map((part) => (part.type === 'text' ? stringOf(part.text) : null));

/** The parts of a whole message (`choices[0].message`), in order; reasoning with an `index` stands where it stood. */
export function partsOfMessage(message: JsonObject): WholePart[] {
  const thinking = detailsOfMessage(message).map((detail) => {
    const text = detailText(detail);
    const { text: _text, summary: _summary, ...rest } = detail;
    const head: PartHead =
      text === null ? { kind: 'encrypted', detail } : { kind: 'reasoning', detail: rest };
    return { block: { head, text: text ?? '' }, index: numberOf(detail.index) };
  });
  const others: WholePart[] = [];
  for (const text of textsOf(message.content)) if (text) others.push({ head: { kind: 'text' }, text });
  const refusal = stringOf(message.refusal);
  if (refusal) others.push({ head: { kind: 'refusal' }, text: refusal });
  objectsOf(message.tool_calls).forEach((call, i) => {
    const fn = objectOf(call.function ?? call.custom);
    others.push({
      head: {
        kind: 'tool',
        id: stringOf(call.id) || `call_${i}`,
        name: stringOf(fn.name) ?? '',
        custom: call.type === 'custom',
      },
      text: stringOf(fn.arguments) ?? stringOf(fn.input) ?? '',
    });
  });
  return interleave(thinking, others);
}
