/**
 * The user's side of a prompt: the only text that is ever classified.
 *
 * The rule: of the newest message of the user that has text of the user's own, its text, the first 1,000 characters.
 * - chat, messages, responses: the last message with role `user`; text parts, joined by line breaks. System and
 *   developer prompts, answers, earlier turns, tool calls and their results, images, files and audio are not looked at.
 *   A message that holds nothing but these (a tool's result, a picture) is passed over for the one before.
 * - responses with `input` as text, completions: that text; of a list of prompts, the first. Tokens are no text.
 * - What a coding assistant puts between the user's words by itself (`<system-reminder>` … and its like) is taken out.
 * - Messages of OpenTelemetry's conventions have `parts` with `content` in place of `content` with `text`.
 * - Embeddings are no prompts.
 */
import type { Dialect } from '../gateway/contract.ts';
import {
  elementsFromEnd,
  elementsOf,
  isArray,
  isString,
  membersOf,
  type Span,
  textOf,
  wholeOf,
} from './json-bytes.ts';

/** Characters of a prompt that are looked at. */
export const MOST_CHARACTERS = 1000;
/** Bytes of a text that are decoded: what is taken out may stand in front. */
const MOST_BYTES = 64 << 10;
/** Messages that are looked at for one with text; an agent's turn may have hundreds of results behind the last word. */
const MOST_MESSAGES = 500;

/** Elements that programs put into the user's message. */
const INJECTED = [
  'system-reminder',
  'environment_details',
  'environment_context',
  'user_instructions',
  'additional_data',
  'local-command-stdout',
  'local-command-stderr',
  'local-command-caveat',
  'command-name',
  'command-message',
  'ide_opened_file',
  'ide_selection',
  'task-notification',
];
const INJECTED_ELEMENT = new RegExp(`<(${INJECTED.join('|')})>[\\s\\S]*?(?:</\\1>|$)`, 'g');

/**
 * @param members where the members of the body are, if that is known already
 * @returns null where there is no text of a user; never throws, whatever the bytes are
 */
export function promptOf(
  dialect: Dialect,
  body: Buffer,
  members?: readonly (Span & { key: string })[],
): string | null {
  const found = members ? new Map(members.map((m) => [m.key, m])) : membersOf(body, wholeOf(body));
  if (dialect === 'embeddings') return null;
  if (dialect === 'completions') return firstText(body, found.get('prompt'));
  const messages = found.get(dialect === 'responses' ? 'input' : 'messages');
  if (!messages) return null;
  if (isString(body, messages)) return dialect === 'responses' ? ownOf(body, messages) : null;
  let looked = 0;
  for (const element of elementsFromEnd(body, messages)) {
    if (++looked > MOST_MESSAGES) return null;
    const text = userText(body, membersOf(body, element));
    if (text !== null) return text;
  }
  return null;
}

/** The first 1,000 characters of a text, in memory of its own; null where nothing is left. */
export function own(text: string | null): string | null {
  if (text === null) return null;
  const plain = (text.includes('<') ? text.replace(INJECTED_ELEMENT, '') : text).trim();
  if (plain === '') return null;
  const last = plain.charCodeAt(MOST_CHARACTERS - 1);
  const cut = plain.slice(0, last >= 0xd800 && last < 0xdc00 ? MOST_CHARACTERS - 1 : MOST_CHARACTERS);
  // A slice would keep the whole text alive.
  return Buffer.from(cut, 'utf16le').toString('utf16le');
}

function firstText(body: Buffer, prompt: Span | undefined): string | null {
  if (!prompt) return null;
  if (!isArray(body, prompt)) return ownOf(body, prompt);
  for (const element of elementsOf(body, prompt)) return ownOf(body, element);
  return null;
}

/** Bytes that hold what is looked at of most texts. */
const USUAL_BYTES = 4 << 10;

/** The same as `own` of the whole text; of a long one no more is decoded than is needed. */
function ownOf(body: Buffer, span: Span): string | null {
  if (span.end - span.start > USUAL_BYTES) {
    const head = textOf(body, span, USUAL_BYTES)?.trimStart() ?? '';
    // What is taken out may be longer than this; behind blanks at the cut more text must be known to follow.
    if (head.length > MOST_CHARACTERS && !head.includes('<') && head.slice(MOST_CHARACTERS).trim() !== '')
      return own(head);
  }
  return own(textOf(body, span, MOST_BYTES));
}

function userText(body: Buffer, message: ReadonlyMap<string, Span>): string | null {
  const role = message.get('role');
  const content = message.get('content') ?? message.get('parts');
  if (!role || !content || textOf(body, role, 20) !== 'user') return null;
  if (!isArray(body, content)) return ownOf(body, content);
  const texts: string[] = [];
  let length = 0;
  for (const element of elementsOf(body, content)) {
    const text = partText(body, element);
    if (text === null) continue;
    texts.push(text);
    length += text.length;
    if (length > MOST_BYTES) break;
  }
  return own(texts.join('\n'));
}

const TEXT_PARTS = new Set(['text', 'input_text']);

function partText(body: Buffer, part: Span): string | null {
  if (isString(body, part)) return textOf(body, part, MOST_BYTES);
  const members = membersOf(body, part);
  const type = members.get('type');
  const text = members.get('text') ?? members.get('content');
  if (!text || !type || !TEXT_PARTS.has(textOf(body, type, 20) ?? '')) return null;
  return textOf(body, text, MOST_BYTES);
}
