/** What the makers of sessions give to the writer of files. */
import type { Random } from './random.ts';

export interface Session {
  id: string;
  path: string;
  /** Without end; the writer takes as many as it needs. */
  lines: Iterable<string>;
}

/** How a session goes on from an earlier one: its id, its file and its first lines. */
export interface Earlier {
  id: string;
  path: string;
  lines: readonly string[];
}

/** @param start milliseconds of its first line */
export type MakeSession = (rng: Random, start: number, earlier: Earlier | null) => Session;
