/** Canaries: tokens that nothing else looks like, each with a name that says where it was put. */
import { randomInt } from 'node:crypto';

const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('');

export interface Canaries {
  /** What all of them have in common. */
  marker: string;
  /** A new one. It holds the marker twice, so that a cut through it leaves one. */
  next(name: string): string;
  /** Which ones a text around a find may belong to. */
  namesIn(text: string): string[];
  names(): string[];
}

export function createCanaries(): Canaries {
  const marker = letters(14);
  const names = new Map<string, string>();
  return {
    marker,
    next(name) {
      const own = letters(6);
      names.set(own, name);
      return `${marker}${own} ${marker}${own}`;
    },
    namesIn: (text) => [...names].filter(([own]) => text.includes(own)).map(([, name]) => name),
    names: () => [...names.values()],
  };
}
