/**
 * The text of the user's last message, in the ways that conventions write it. Only for generations that the sample chose;
 * the rules of what counts as the user's own text are those of `classify/input.ts`.
 */
import { own, promptOf } from '../../../classify/input.ts';
import type { Content } from '../span.ts';

/** A conversation longer than this is not looked at. */
const MOST_CHARACTERS = 4 << 20;

const textOf = (content: readonly Content[], ...keys: string[]): string | null => {
  for (const key of keys) {
    const text = content.find((c) => c.key === key)?.text() ?? null;
    if (text !== null && text !== '' && text.length <= MOST_CHARACTERS) return text;
  }
  return null;
};

/**
 * Messages as JSON: a list of them, or a request's body that has one; anything else is taken for the prompt itself.
 */
function userTextIn(text: string | null): string | null {
  if (text === null) return null;
  const begin = text.trimStart()[0];
  if (begin === '[') return lastUserText(text);
  if (begin !== '{') return own(text);
  const body = Buffer.from(text);
  return promptOf('chat', body) ?? promptOf('responses', body) ?? promptOf('completions', body);
}

function lastUserText(messages: string): string | null {
  const body = Buffer.from(messages);
  return promptOf('chat', body, [{ key: 'messages', start: firstByte(body), end: body.length }]);
}

function firstByte(body: Buffer): number {
  let at = 0;
  while (at < body.length && (body[at] ?? 0) <= 0x20) at++;
  return at;
}

export const genAiUserText = (content: readonly Content[]): string | null =>
  userTextIn(textOf(content, 'gen_ai.input.messages', 'gen_ai.prompt')) ??
  flattened(content, /^gen_ai\.prompt\.(\d+)\.(role|content)$/);

export const vercelAiUserText = (content: readonly Content[]): string | null =>
  userTextIn(textOf(content, 'ai.prompt.messages', 'gen_ai.input.messages'));

export const langfuseUserText = (content: readonly Content[]): string | null =>
  userTextIn(textOf(content, 'langfuse.observation.input'));

export const openRouterUserText = (content: readonly Content[]): string | null =>
  userTextIn(textOf(content, 'gen_ai.prompt', 'span.input', 'trace.input', 'gen_ai.input.messages'));

export const openInferenceUserText = (content: readonly Content[]): string | null =>
  flattened(
    content,
    /^llm\.input_messages\.(\d+)\.message\.(role|content|contents\.\d+\.message_content\.text)$/,
  ) ?? userTextIn(textOf(content, 'input.value'));

/** Messages that were written one attribute a member: of the last one of the user, its texts. */
function flattened(content: readonly Content[], pattern: RegExp): string | null {
  const users = new Set<number>();
  const texts = new Map<number, Content[]>();
  for (const item of content) {
    const [, index, member] = pattern.exec(item.key) ?? [];
    if (index === undefined) continue;
    if (member !== 'role') {
      const parts = texts.get(Number(index));
      if (parts) parts.push(item);
      else texts.set(Number(index), [item]);
    } else if (item.text() === 'user') users.add(Number(index));
  }
  for (const index of [...users].sort((a, b) => b - a)) {
    const parts = (texts.get(index) ?? []).map((item) => item.text() ?? '');
    const text = parts.length === 1 ? userContent(parts[0] ?? '') : own(parts.join('\n'));
    if (text !== null) return text;
  }
  return null;
}

/** A message's content: text, or its parts as JSON. */
function userContent(text: string): string | null {
  if (text.length > MOST_CHARACTERS) return null;
  if (!text.startsWith('[{')) return own(text);
  return lastUserText(`[{"role":"user","content":${text}}]`) ?? null;
}
