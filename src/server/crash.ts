/** What a process says when it dies of an error that nobody expected: where, and of what kind. */

/** Name, code and the places it came through. Its message may hold a piece of the text that was worked on: it is left out. */
export function lastWords(error: unknown): string {
  const { name, code, message, stack } = (error ?? {}) as Record<string, unknown>;
  const after = typeof stack === 'string' ? stack.replace(String(message), '') : '';
  const places = after.split('\n').filter((line) => /^\s+at /.test(line));
  const kind = [name, code].filter((word) => typeof word === 'string' && /^\w{1,60}$/.test(word));
  return `${[`Unexpected ${kind.join(' ') || 'error'}`, ...places].join('\n')}\n`;
}
