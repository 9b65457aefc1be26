/**
 * What a dataset consists of, and how many processes change that without a lock: every version is a file of its own,
 * a commit creates the next number or, when somebody else was first, looks again and tries anew.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StateaiError } from '../generation/errors.ts';
import { contentHash } from '../generation/ids.ts';
import { ageOf, createFileOnce, namesIn } from './files.ts';
import type { Layout } from './layout.ts';

/** One Parquet file of records. Files never change; a changed file is a new file. */
export interface LakeFile {
  file: string;
  /** Calendar month (UTC) of all its records, `2025-03`. */
  month: string;
  rows: number;
  bytes: number;
  /** First and last `created_at`, ISO, UTC. */
  from: string;
  to: string;
  /** For each column with unknown values, how many of its rows do not state it. */
  nulls: Record<string, number>;
  /** The times are days: no hour is known. */
  daily: boolean;
  sources: string[];
  /** Sorted by model and time, the result of a compaction. */
  compacted: boolean;
}

/** One Parquet file of a mart, computed from exactly the lake files that it covers. */
export interface MartFile {
  mart: string;
  /** Hash of the mart's SQL: a changed definition rebuilds. */
  definition: string;
  /** The first month of what it covers. */
  month: string;
  file: string;
  rows: number;
  covers: string[];
  /** Columns that it has not, each with the one that is the same in all of its rows. */
  same?: Record<string, string>;
}

/** What one import or one run of the journal brought in. */
export interface Load {
  id: string;
  at: string;
  source: string;
  rows: number;
  duplicates: number;
  replaced: number;
  rejected: number;
}

export interface Manifest {
  format: 1;
  version: number;
  simulated: boolean;
  /** Codes of what a reader must know, for example `assumed_start`: times count from a given start. */
  notes: string[];
  lake: LakeFile[];
  marts: MartFile[];
  /** How many bytes of each journal segment are in the lake. */
  journal: Record<string, number>;
  loads: Load[];
  /** Accounts that have cubes of their own, and the tokens of all records when they were chosen (see `big-accounts.ts`). */
  bigAccounts?: { ids: string[]; tokens: number };
  /** The join file of accounts (see `account-join.ts`). */
  accounts?: JoinedAccounts;
}

/** What a join file states. Its rows lie in a Parquet file of accounts as keyed hashes, with country, class and team. */
export interface JoinedAccounts {
  file: string;
  rows: number;
  /** Version of the countries; null: it states none. */
  countries: string | null;
  classes: string[];
  teams: string[];
  at: string;
}

const EMPTY: Manifest = {
  format: 1,
  version: 0,
  simulated: false,
  notes: [],
  lake: [],
  marts: [],
  journal: {},
  loads: [],
};
const KEEP_VERSIONS = 20;
const KEEP_MS = 15 * 60_000;
/** Old loads are history; only the latest are listed in the manifest. */
const KEEP_LOADS = 200;

const nameOf = (version: number): string => `${String(version).padStart(10, '0')}.json`;

async function latestVersion(layout: Layout): Promise<number> {
  let latest = 0;
  for (const name of await namesIn(layout.manifest)) {
    const match = /^(\d{10})\.json$/.exec(name);
    if (match) latest = Math.max(latest, Number(match[1]));
  }
  return latest;
}

/** The newest version; an empty one for a dataset that does not exist yet. */
export async function readManifest(layout: Layout): Promise<Manifest> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const version = await latestVersion(layout);
    if (version === 0) return structuredClone(EMPTY);
    const path = join(layout.manifest, nameOf(version));
    try {
      const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
      if (manifest.format !== 1)
        throw new StateaiError('newer_format', `${path} was written by a newer StateAI`, 'Update StateAI.');
      return manifest;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      if (error instanceof SyntaxError)
        throw new StateaiError(
          'damaged_manifest',
          `${path} is damaged: ${error.message}`,
          'Restore it from a backup, or delete that one file to go back to the version before it.',
          error,
        );
      throw error;
    }
  }
  throw new StateaiError('busy', `${layout.manifest} keeps changing`, 'Try again.');
}

/**
 * Applies `change` to the newest manifest and publishes the result. `change` may be called several times, each time on
 * a fresh copy; it returns false when there is nothing (any more) to do.
 */
export async function commit(
  layout: Layout,
  change: (manifest: Manifest) => Promise<boolean> | boolean,
): Promise<Manifest | null> {
  await mkdir(layout.manifest, { recursive: true });
  for (let attempt = 0; attempt < 200; attempt++) {
    const manifest = await readManifest(layout);
    if (!(await change(manifest))) return null;
    manifest.version += 1;
    if (manifest.loads.length > KEEP_LOADS) manifest.loads = manifest.loads.slice(-KEEP_LOADS);
    if (await createFileOnce(join(layout.manifest, nameOf(manifest.version)), JSON.stringify(manifest))) {
      await forgetOldVersions(layout, manifest.version);
      return manifest;
    }
    await sleep(Math.random() * Math.min(20 * (attempt + 1), 500));
  }
  throw new StateaiError(
    'busy',
    `${layout.root}: too many processes change this dataset at once`,
    'Try again.',
  );
}

async function forgetOldVersions(layout: Layout, current: number): Promise<void> {
  for (const name of await namesIn(layout.manifest)) {
    const path = join(layout.manifest, name);
    const match = /^(\d{10})\.json$/.exec(name);
    const old = match ? Number(match[1]) <= current - KEEP_VERSIONS : name.startsWith('.tmp-');
    if (old && (await ageOf(path)) > KEEP_MS) await rm(path, { force: true });
  }
}

/** Changes whenever the records, or what is joined to them, change, and only then. */
export function dataVersion(manifest: Manifest): string {
  if (manifest.lake.length === 0) return 'empty';
  const joined = manifest.accounts ? [manifest.accounts.file] : [];
  return contentHash(...manifest.lake.map((f) => f.file).sort(), ...joined);
}

/** Files of the newest version and of every version that was the newest within the last `ms`: readers may hold those. */
export async function filesInUse(layout: Layout, ms: number): Promise<Set<string>> {
  const names = (await namesIn(layout.manifest)).filter((n) => /^\d{10}\.json$/.test(n)).sort();
  const used = new Set<string>();
  let successorAge = 0;
  for (const name of names.reverse()) {
    if (successorAge > ms) break;
    const path = join(layout.manifest, name);
    successorAge = await ageOf(path);
    const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
    for (const f of manifest.lake) used.add(f.file);
    for (const m of manifest.marts) used.add(m.file);
  }
  return used;
}
