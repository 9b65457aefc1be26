/** Strings that are kept longer than what they were cut from. */

/**
 * The same text in memory of its own. A slice, or a join of slices, keeps the whole string alive that it was cut from:
 * whatever outlives its request goes through here, or the request's text would live on with it.
 */
export const copied = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
