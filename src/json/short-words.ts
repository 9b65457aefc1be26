/** Short words out of JSON that are kept longer than what they were cut from. */

/**
 * The same text in memory of its own. A slice, or a join of slices, keeps the whole string alive that it was cut from:
 * whatever outlives its request goes through here, or the request's text would live on with it.
 */
export const copied = (text: string): string => Buffer.from(text).toString();

/** A name or an id; null for anything empty, too long or not a string. */
export const nameOf = (value: unknown, longest = 200): string | null =>
  typeof value === 'string' && value !== '' && value.length <= longest ? copied(value) : null;

/** A word of a provider's vocabulary, such as its reason to end: without blanks, so that no text passes for one. */
export const termOf = (value: unknown): string | null =>
  typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value) ? copied(value) : null;

/** An id, as providers make them. */
export const identifierOf = (value: unknown): string | null =>
  typeof value === 'string' && /^[\w.:/+=-]{1,200}$/.test(value) ? copied(value) : null;
