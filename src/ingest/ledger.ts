/** Which files a dataset has already read, so that a second import of the same file costs nothing. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { namesIn, uniqueName, writeFileAtomic } from '../warehouse/files.ts';
import type { Dataset } from '../warehouse/warehouse.ts';
import type { Place } from './read-log.ts';

export interface LedgerEntry {
  path: string;
  size: number;
  mtimeMs: number;
  sha256: string;
  /** Format and mapping that the file was read with. */
  key: string;
  /** What its last reading gave, for who reads it again when it has grown. */
  rows?: number;
  ignored?: number;
  rejects?: { reason: string; count: number }[];
  /** Where its reading stopped. */
  place?: Place | null;
}

export interface Ledger {
  /** Same path, size and time, same key: not even opened again. */
  unchanged(path: string, key: string): Promise<boolean>;
  /** How this path was read last under this key. */
  last(path: string, key: string): LedgerEntry | null;
  /**
   * Same content: `same` under this key; where it gave rows under others only, `older` if one of them has the same name
   * (what stands before the `@`), else `other`.
   */
  known(sha256: string, key: string): 'same' | 'older' | 'other' | null;
  /** Takes over what other processes have read since. */
  refresh(): Promise<void>;
  /** Call after the load is committed. */
  record(loadId: string, entries: readonly LedgerEntry[]): Promise<void>;
}

/** For copies that are soon gone: nothing is known of them, and nothing is noted. */
export const NO_LEDGER: Ledger = {
  unchanged: async () => false,
  last: () => null,
  known: () => null,
  refresh: async () => undefined,
  record: async () => undefined,
};

/** So many of the own files of a ledger that stays open are put together into one. */
const MOST_OWN = 50;

/** @param options.isLong it stays open: its own files are kept few */
export async function openLedger(dataset: Dataset, options: { isLong?: boolean } = {}): Promise<Ledger> {
  const { loads } = dataset.layout;
  const seen = new Set<string>();
  const byPath = new Map<string, LedgerEntry>();
  const byContent = new Map<string, LedgerEntry[]>();
  const take = (entries: readonly LedgerEntry[]) => {
    for (const entry of entries) {
      byPath.set(`${entry.key} ${entry.path}`, entry);
      byContent.set(entry.sha256, [...(byContent.get(entry.sha256) ?? []), entry]);
    }
  };
  const refresh = async () => {
    // Names begin with their time: what was read last counts.
    for (const name of (await namesIn(loads)).sort()) {
      if (!name.endsWith('.json') || seen.has(name)) continue;
      const entries = await entriesIn(join(loads, name));
      seen.add(name);
      take(entries);
    }
  };
  await refresh();
  let own: { name: string; entries: readonly LedgerEntry[] }[] = [];
  const write = async (name: string, entries: readonly LedgerEntry[]) => {
    seen.add(name);
    await writeFileAtomic(join(loads, name), JSON.stringify({ files: entries }));
    own.push({ name, entries });
  };
  /** A file that grows is read many times: its last reading is enough. */
  const putTogether = async () => {
    const old = own;
    const last = new Map(old.flatMap((o) => o.entries.map((e) => [`${e.key} ${e.path}`, e])));
    own = [];
    await write(`${uniqueName()}.json`, [...last.values()]);
    for (const { name } of old) await rm(join(loads, name), { force: true });
  };
  return {
    refresh,
    async unchanged(path, key) {
      const entry = byPath.get(`${key} ${resolve(path)}`);
      const now = entry && path !== '-' ? await stat(path) : null;
      return now !== null && entry?.size === now.size && entry.mtimeMs === now.mtimeMs;
    },
    last: (path, key) => byPath.get(`${key} ${resolve(path)}`) ?? null,
    known(sha256, key) {
      const entries = byContent.get(sha256) ?? [];
      if (entries.some((e) => e.key === key)) return 'same';
      const others = entries.filter((e) => e.rows !== 0);
      if (others.length === 0) return null;
      return others.some((e) => nameOf(e.key) === nameOf(key)) ? 'older' : 'other';
    },
    async record(loadId, files) {
      const absolute = files.map((f) => ({ ...f, path: f.path === '-' ? '-' : resolve(f.path) }));
      take(absolute);
      await write(`${loadId}.json`, absolute);
      if (options.isLong && own.length > MOST_OWN) await putTogether();
    },
  };
}

const nameOf = (key: string): string => key.slice(0, key.lastIndexOf('@'));

/** None where the file has gone into another one meanwhile: what it named is read once more, and counts once. */
async function entriesIn(path: string): Promise<LedgerEntry[]> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { files: LedgerEntry[] }).files;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
