/**
 * Loading: a relation of records becomes Parquet files by month, duplicates are settled by generation id, and one
 * commit makes all of it visible. Until that commit the dataset is as it was; after it nothing is half there.
 */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StateaiError } from '../generation/errors.ts';
import { COLUMN_LIST, lakeRelation } from './columns.ts';
import { findLosers, type Losers } from './duplicates.ts';
import { type Engine, fileList, literal } from './engine.ts';
import { syncPath, touch, uniqueName } from './files.ts';
import { describeParquet, doorsIn } from './lake.ts';
import type { Layout } from './layout.ts';
import { commit, type LakeFile, type Load, type Manifest, readManifest } from './manifest.ts';

/** The source of a load that takes up the journal: its records tell which live door each came in at. */
export const JOURNAL = 'journal';

export interface LoadInfo {
  source: string;
  /** The relation's times are days. */
  daily?: boolean;
  simulated?: boolean;
  notes?: string[];
  /** New rows win over rows of the same id that are already there. */
  replace?: boolean;
  /** No id occurs twice, neither here nor in the dataset: nothing to settle. */
  unique?: boolean;
  rejected?: number;
  /** Further changes that belong to the same commit; false when the load has become pointless. */
  alsoCommit?(manifest: Manifest): boolean;
}

export interface Staged {
  directory: string;
  files: string[];
  /** Files that hold the relation's rejected rows. */
  rejects: string[];
}

/** The default level costs an import up to a tenth more processor time and saves 3 % of the bytes. */
const QUICK_ZSTD = 'COMPRESSION zstd, COMPRESSION_LEVEL 1';

/**
 * Writes a relation (the lake's columns and `reject`) into a staging directory, partitioned by month.
 * Reject rows are set apart; who made the relation explains them.
 */
export async function stage(engine: Engine, directory: string, relation: string): Promise<Staged> {
  const target = join(directory, `staged-${uniqueName()}`);
  await mkdir(target, { recursive: true });
  await engine.run(`COPY (
      SELECT ${COLUMN_LIST}, CASE WHEN reject THEN 0 ELSE year(created_at) * 100 + month(created_at) END AS month
      FROM (${relation})
    ) TO ${literal(target)} (FORMAT parquet, ${QUICK_ZSTD}, PARTITION_BY (month), OVERWRITE_OR_IGNORE)`);
  const staged: Staged = { directory: target, files: [], rejects: [] };
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.parquet')) continue;
    const path = join(entry.parentPath, entry.name);
    (entry.parentPath.endsWith('month=0') ? staged.rejects : staged.files).push(path);
  }
  staged.files.sort();
  return staged;
}

/** The same for records of one month that need no check: they are written as they come. */
export async function stageMonth(engine: Engine, directory: string, relation: string): Promise<Staged> {
  const path = join(directory, `${uniqueName()}.parquet`);
  await engine.run(
    `COPY (SELECT ${COLUMN_LIST} FROM (${relation})) TO ${literal(path)} (FORMAT parquet, ${QUICK_ZSTD})`,
  );
  return { directory, files: [path], rejects: [] };
}

/**
 * Publishes staged files. Of several records with one id the fullest is kept (most completion tokens, then most tokens,
 * then a fixed order), so that the order of files and loads does not matter.
 */
export async function publish(engine: Engine, layout: Layout, staged: Staged, info: LoadInfo): Promise<Load> {
  const load: Load = {
    id: uniqueName(),
    at: new Date().toISOString(),
    source: info.source,
    rows: 0,
    duplicates: 0,
    replaced: 0,
    rejected: info.rejected ?? 0,
  };
  let fresh = staged.files;
  const checked = new Set<string>();
  const replacements = new Map<string, string | null>();
  let pointless = false;
  for (let round = 0; round < 50; round++) {
    const base = await readManifest(layout);
    const present = new Set(base.lake.map((f) => f.file));
    for (const file of replacements.keys()) if (!present.has(file)) replacements.delete(file);
    const added = [...present].filter((f) => !checked.has(f));
    const losers = await findLosers(
      engine,
      fresh,
      info.unique ? [] : added.map((f) => join(layout.lake, f)),
      {
        within: round === 0 && !info.unique,
        replace: info.replace ?? false,
      },
    );
    load.duplicates += losers.fresh;
    fresh = await withoutLosers(engine, staged.directory, fresh, losers);
    for (const file of added) {
      checked.add(file);
      const path = join(layout.lake, file);
      const dropped = losers.rowsOf(path);
      if (dropped === 0) continue;
      load.replaced += dropped;
      replacements.set(file, await rewrite(engine, staged.directory, path, losers));
    }
    const files = await moveIntoLake(engine, layout, fresh, info);
    fresh = files.map((f) => join(layout.lake, f.file));
    for (const f of files) checked.add(f.file);
    const rewritten = await rewrittenFiles(engine, layout, base, replacements);
    load.rows = files.reduce((sum, f) => sum + f.rows, 0);
    let raced = false;
    await commit(layout, (manifest) => {
      const names = manifest.lake.map((f) => f.file);
      raced = names.some((f) => !checked.has(f)) || [...replacements.keys()].some((f) => !names.includes(f));
      if (raced) return false;
      if (info.alsoCommit && !info.alsoCommit(manifest)) {
        pointless = true;
        return false;
      }
      manifest.lake = [...manifest.lake.filter((f) => !replacements.has(f.file)), ...rewritten, ...files];
      manifest.marts = manifest.marts.filter((m) => !m.covers.some((f) => replacements.has(f)));
      if (info.simulated) manifest.simulated = true;
      manifest.notes = [...new Set([...manifest.notes, ...(info.notes ?? [])])].sort();
      manifest.loads.push(load);
      return true;
    });
    if (!raced) {
      if (pointless) for (const path of fresh) await rm(path, { force: true });
      return load;
    }
  }
  throw new StateaiError(
    'busy',
    `${layout.root}: too many processes load into this dataset at once`,
    'Try again.',
  );
}

async function withoutLosers(
  engine: Engine,
  directory: string,
  files: string[],
  losers: Losers,
): Promise<string[]> {
  const kept: string[] = [];
  for (const path of files) {
    if (losers.rowsOf(path) === 0) kept.push(path);
    else {
      const clean = await rewrite(engine, directory, path, losers);
      if (clean) kept.push(clean);
      await rm(path, { force: true });
    }
  }
  return kept;
}

/** Copies a file without its losing rows; null when none is left. */
async function rewrite(
  engine: Engine,
  directory: string,
  path: string,
  losers: Losers,
): Promise<string | null> {
  const target = join(directory, `${uniqueName()}.parquet`);
  await engine.run(`COPY (
      SELECT ${COLUMN_LIST} FROM ${lakeRelation([path], ['file_row_number = true'])}
      WHERE file_row_number NOT IN (${losers.rowNumbersOf(path)})
    ) TO ${literal(target)} (FORMAT parquet, COMPRESSION zstd)`);
  const [count] = await engine.query<{ n: number }>(
    `SELECT count(*) AS n FROM read_parquet(${fileList([target])})`,
  );
  if (count?.n) return target;
  await rm(target, { force: true });
  return null;
}

/** Renames files into the lake, flushed, and describes them. Files that are there already are only described. */
async function moveIntoLake(
  engine: Engine,
  layout: Layout,
  paths: string[],
  info: LoadInfo,
): Promise<LakeFile[]> {
  const described = await describeParquet(engine, paths);
  const doors = info.source === JOURNAL ? await doorsIn(engine, paths) : null;
  const files: LakeFile[] = [];
  for (const [i, path] of paths.entries()) {
    const facts = described[i];
    if (!facts || facts.rows === 0) continue;
    const file = path.startsWith(layout.lake)
      ? path.slice(layout.lake.length + 1)
      : `${facts.month}/${uniqueName()}.parquet`;
    const target = join(layout.lake, file);
    if (target === path) await touch(path);
    else await moveFlushed(path, target);
    files.push({
      ...facts,
      file,
      bytes: (await stat(target)).size,
      daily: info.daily ?? false,
      sources: doors?.[i] ?? [info.source],
      compacted: false,
    });
  }
  return files;
}

export async function moveFlushed(from: string, to: string): Promise<void> {
  const directory = join(to, '..');
  await mkdir(directory, { recursive: true });
  await touch(from);
  await syncPath(from);
  await rename(from, to);
  await syncPath(directory);
}

async function rewrittenFiles(
  engine: Engine,
  layout: Layout,
  base: Manifest,
  replacements: Map<string, string | null>,
): Promise<LakeFile[]> {
  const out: LakeFile[] = [];
  for (const [file, path] of replacements) {
    const old = base.lake.find((f) => f.file === file);
    if (!path || !old) continue;
    const [facts] = await describeParquet(engine, [path]);
    if (!facts) continue;
    const name = `${facts.month}/${uniqueName()}.parquet`;
    const target = join(layout.lake, name);
    await moveFlushed(path, target);
    replacements.set(file, target);
    out.push({ ...old, ...facts, file: name, bytes: (await stat(target)).size, compacted: old.compacted });
  }
  return out;
}
