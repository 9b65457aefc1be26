/** Canaries: tokens that nothing else looks like, each with a name that says where it was put. */
import { randomInt } from 'node:crypto';

const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('');

/** Letters that a canary has for itself. */
const OWN = 6;

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
      const own = letters(OWN);
      names.set(own, name);
      return `${marker}${own} ${marker}${own}`;
    },
    namesIn(text) {
      const found = new Set<string>();
      for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1))
        found.add(text.slice(at + marker.length, at + marker.length + OWN));
      // What is short may be a piece that begins within a canary.
      const isIn = (own: string) => found.has(own) || (text.length < 1000 && text.includes(own));
      return [...names].filter(([own]) => isIn(own)).map(([, name]) => name);
    },
    names: () => [...names.values()],
  };
}
