/** Housekeeping: many small lake files of a month become one, sorted; what no version refers to is deleted. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { COLUMN_LIST, lakeRelation } from './columns.ts';
import { type Engine, literal } from './engine.ts';
import { ageOf, namesIn, processIsAlive, uniqueName } from './files.ts';
import { describeParquet } from './lake.ts';
import type { Layout } from './layout.ts';
import { moveFlushed } from './load.ts';
import { commit, filesInUse, type LakeFile, type Manifest, readManifest } from './manifest.ts';

/** A month with more files than this is compacted. */
const MOST_FILES = 8;
const MOST_ROWS = 20e6;
const KEEP_MS = 15 * 60_000;

/** Compacts months with many files. Marts that cover all of the merged files carry over to the new one. */
export async function compact(
  engine: Engine,
  layout: Layout,
  staging: string,
  most = MOST_FILES,
): Promise<number> {
  let merged = 0;
  for (const files of manySmallFiles(await readManifest(layout), most)) {
    const target = await merge(engine, layout, staging, files);
    const names = new Set(files.map((f) => f.file));
    const done = await commit(layout, (current) => {
      const present = new Set(current.lake.map((f) => f.file));
      if ([...names].some((n) => !present.has(n))) return false;
      current.lake = [...current.lake.filter((f) => !names.has(f.file)), target];
      current.marts = current.marts.flatMap((mart) => {
        const inside = mart.covers.filter((f) => names.has(f));
        if (inside.length === 0) return [mart];
        if (inside.length < names.size) return [];
        return [{ ...mart, covers: [...mart.covers.filter((f) => !names.has(f)), target.file] }];
      });
      return true;
    });
    if (done) merged += files.length;
    else await rm(join(layout.lake, target.file), { force: true });
  }
  return merged;
}

/** Whether there is something to compact. */
export const hasSmallFiles = (manifest: Manifest): boolean => manySmallFiles(manifest, MOST_FILES).length > 0;

function manySmallFiles(manifest: Manifest, most: number): LakeFile[][] {
  const groups = Map.groupBy(manifest.lake, (f) => `${f.month} ${f.daily}`);
  return [...groups.values()].map(smallFiles).filter((files) => files.length > most);
}

function smallFiles(group: readonly LakeFile[]): LakeFile[] {
  const out: LakeFile[] = [];
  let rows = 0;
  for (const file of [...group].sort((a, b) => a.rows - b.rows)) {
    rows += file.rows;
    if (rows > MOST_ROWS) break;
    out.push(file);
  }
  return out;
}

async function merge(
  engine: Engine,
  layout: Layout,
  staging: string,
  files: readonly LakeFile[],
): Promise<LakeFile> {
  const temporary = join(staging, `${uniqueName()}.parquet`);
  const paths = files.map((f) => join(layout.lake, f.file));
  await engine.run(`COPY (
      SELECT ${COLUMN_LIST} FROM ${lakeRelation(paths)} ORDER BY model, created_at
    ) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd)`);
  const [facts] = await describeParquet(engine, [temporary]);
  if (!facts) throw new Error(`nothing in ${temporary}`);
  const file = `${facts.month}/${uniqueName()}.parquet`;
  await moveFlushed(temporary, join(layout.lake, file));
  return {
    ...facts,
    file,
    bytes: (await stat(join(layout.lake, file))).size,
    daily: files[0]?.daily ?? false,
    sources: [...new Set(files.flatMap((f) => f.sources))].sort(),
    compacted: true,
  };
}

/** Deletes files that no version needs, and the staging directories of processes that are gone. */
export async function collectGarbage(layout: Layout): Promise<void> {
  for (const name of await namesIn(layout.staging)) {
    const path = join(layout.staging, name);
    if (!processIsAlive(Number(name.split('-', 1)[0]))) await rm(path, { recursive: true, force: true });
  }
  const needed = await filesInUse(layout, KEEP_MS);
  for (const month of await namesIn(layout.lake))
    for (const name of await namesIn(join(layout.lake, month)))
      await forget(join(layout.lake, month, name), needed.has(`${month}/${name}`));
  for (const name of await namesIn(layout.marts))
    if (name.endsWith('.parquet')) await forget(join(layout.marts, name), needed.has(name));
}

async function forget(path: string, needed: boolean): Promise<void> {
  if (!needed && (await ageOf(path)) > KEEP_MS) await rm(path, { force: true });
}
