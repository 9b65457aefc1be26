/**
 * The newest rows that a source has given, as keyed hashes: a run that continues reads some of them again, and what has
 * not changed since is neither imported nor told of again.
 */
import { createHmac } from 'node:crypto';

/** More than most sources give within the time that is read twice. Of older ones, ids alone see to it that they count once. */
const MOST = 50_000;
const BYTES = 8;

export interface SeenRows {
  /** It came in an earlier run, just as it is now. */
  isKnown(line: string): boolean;
  add(line: string): void;
  /** As text for the next run. */
  stored(): string;
}

/**
 * @param stored what an earlier run left; anything else is taken for nothing
 * @param secret of the workspace. @param reading names how rows are read: read otherwise, they are new
 */
export function openSeenRows(stored: unknown, secret: string, reading: string): SeenRows {
  const hashOf = (line: string) =>
    createHmac('sha256', `${secret} row ${reading}`).update(line).digest().subarray(0, BYTES).toString('hex');
  const known = new Set(hashesIn(stored));
  // In the order in which they came last.
  const all = new Set(known);
  const trim = (most: number) => {
    for (const hash of all) {
      if (all.size <= most) break;
      all.delete(hash);
    }
  };
  return {
    isKnown: (line) => known.size > 0 && known.has(hashOf(line)),
    add(line) {
      const hash = hashOf(line);
      all.delete(hash);
      all.add(hash);
      if (all.size > 2 * MOST) trim(MOST);
    },
    stored() {
      trim(MOST);
      return Buffer.from([...all].join(''), 'hex').toString('base64');
    },
  };
}

function hashesIn(stored: unknown): string[] {
  if (typeof stored !== 'string') return [];
  const hex = Buffer.from(stored, 'base64').toString('hex');
  return hex.match(new RegExp(`.{${2 * BYTES}}`, 'g')) ?? [];
}
