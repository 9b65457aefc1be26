/** Which files a dataset has already read, so that a second import of the same file costs nothing. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { namesIn, writeFileAtomic } from '../warehouse/files.ts';
import type { Dataset } from '../warehouse/warehouse.ts';

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
}

export interface Ledger {
  /** Same path, size and time, same key: not even opened again. */
  unchanged(path: string, key: string): Promise<boolean>;
  /** How this path was read last under this key. */
  last(path: string, key: string): LedgerEntry | null;
  /** Same content: `same` under this key, `other` under another key only. */
  known(sha256: string, key: string): 'same' | 'other' | null;
  /** Call after the load is committed. */
  record(loadId: string, entries: readonly LedgerEntry[]): Promise<void>;
}

export async function openLedger(dataset: Dataset): Promise<Ledger> {
  const entries: LedgerEntry[] = [];
  for (const name of await namesIn(dataset.layout.loads)) {
    if (!name.endsWith('.json')) continue;
    const text = await readFile(join(dataset.layout.loads, name), 'utf8');
    entries.push(...(JSON.parse(text) as { files: LedgerEntry[] }).files);
  }
  const byPath = new Map(entries.map((e) => [`${e.key} ${e.path}`, e]));
  const keysByContent = Map.groupBy(entries, (e) => e.sha256);
  return {
    async unchanged(path, key) {
      const entry = byPath.get(`${key} ${resolve(path)}`);
      const now = entry && path !== '-' ? await stat(path) : null;
      return now !== null && entry?.size === now.size && entry.mtimeMs === now.mtimeMs;
    },
    last: (path, key) => byPath.get(`${key} ${resolve(path)}`) ?? null,
    known(sha256, key) {
      const keys = keysByContent.get(sha256)?.map((e) => e.key) ?? [];
      if (keys.length === 0) return null;
      return keys.includes(key) ? 'same' : 'other';
    },
    async record(loadId, files) {
      const absolute = files.map((f) => ({ ...f, path: f.path === '-' ? '-' : resolve(f.path) }));
      for (const f of absolute) {
        byPath.set(`${f.key} ${f.path}`, f);
        keysByContent.set(f.sha256, [...(keysByContent.get(f.sha256) ?? []), f]);
      }
      await writeFileAtomic(
        join(dataset.layout.loads, `${loadId}.json`),
        JSON.stringify({ files: absolute }),
      );
    },
  };
}
