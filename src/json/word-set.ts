/** A closed set of words, found in bytes without making strings of them. All are ASCII. */

interface Word {
  word: string;
  bytes: Buffer;
}

/** Twice the words that any set of ours has, a power of two. */
const SLOTS = 1024;

export class Words {
  /** Bytes of the longest one. */
  readonly longest: number;
  private readonly slots: (Word[] | undefined)[] = new Array(SLOTS).fill(undefined);
  private readonly all: ReadonlySet<string>;

  constructor(words: Iterable<string>) {
    this.all = new Set(words);
    let longest = 0;
    for (const word of this.all) {
      const bytes = Buffer.from(word);
      longest = Math.max(longest, bytes.length);
      const slot = slotOf(bytes, 0, bytes.length);
      const there = this.slots[slot];
      if (there) there.push({ word, bytes });
      else this.slots[slot] = [{ word, bytes }];
    }
    this.longest = longest;
  }

  has(word: string): boolean {
    return this.all.has(word);
  }

  /** undefined: these bytes are none of the words. */
  find(bytes: Buffer, begin: number, end: number): string | undefined {
    const length = end - begin;
    if (length === 0 || length > this.longest) return undefined;
    const words = this.slots[slotOf(bytes, begin, end)];
    if (words === undefined) return undefined;
    next: for (const known of words) {
      if (known.bytes.length !== length) continue;
      for (let i = 0; i < length; i++) if (known.bytes[i] !== bytes[begin + i]) continue next;
      return known.word;
    }
    return undefined;
  }
}

/** By the length and a few letters, of which the last ones differ most. */
function slotOf(bytes: Buffer, begin: number, end: number): number {
  const last = bytes[end - 1] ?? 0;
  const middle = bytes[(begin + end) >> 1] ?? 0;
  const near = bytes[end - ((end - begin) >> 2) - 1] ?? 0;
  return (end - begin + last * 31 + middle * 113 + near * 419) & (SLOTS - 1);
}
