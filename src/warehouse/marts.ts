/**
 * Building marts. A mart is a sum over lake files, so each mart file is computed from the lake files of one month that
 * no mart file covers yet, and what is there stays: a week of new data costs a week of work. A reader adds the files up.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseBigAccounts } from './big-accounts.ts';
import { type Engine, fileList, identifier, literal } from './engine.ts';
import { uniqueName } from './files.ts';
import type { Layout } from './layout.ts';
import { moveFlushed } from './load.ts';
import { commit, type MartFile, readManifest } from './manifest.ts';
import { cubeSql, type MartDefinition, martsOf } from './mart-definitions.ts';
import { martQuery, uncovered, validMartFiles } from './mart-source.ts';

/** More mart files than this for one mart and month are added up into one. */
const MOST_PARTS = 6;

/** Builds what is missing, month by month, each in a commit of its own. Answers how many mart files it made. */
export async function buildMarts(
  engine: Engine,
  layout: Layout,
  staging: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<number> {
  let made = await buildMissing(engine, layout, staging, onProgress);
  await chooseBigAccounts(engine, layout);
  made += await buildMissing(engine, layout, staging, onProgress);
  return made + (await mergeParts(engine, layout, staging));
}

async function buildMissing(
  engine: Engine,
  layout: Layout,
  staging: string,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  let made = 0;
  const manifest = await readManifest(layout);
  const marts = martsOf(manifest);
  const months = [...new Set(marts.flatMap((m) => [...uncovered(manifest, m.name).keys()]))].sort();
  for (const [i, month] of months.entries()) {
    onProgress(i, months.length);
    const parts: MartFile[] = [];
    for (const mart of marts) {
      const files = uncovered(manifest, mart.name).get(month);
      if (!files) continue;
      parts.push(await buildPart(engine, layout, staging, mart, month, files, parts));
    }
    made += await publishParts(layout, parts);
  }
  onProgress(months.length, months.length);
  return made;
}

async function buildPart(
  engine: Engine,
  layout: Layout,
  staging: string,
  mart: MartDefinition,
  month: string,
  covers: string[],
  parts: readonly MartFile[],
): Promise<MartFile> {
  const base = parts.find((p) => p.mart === mart.reads && sameSet(p.covers, covers));
  const query = base
    ? `WITH ${identifier(base.mart)} AS (FROM read_parquet(${literal(join(layout.marts, base.file))})) ${mart.sql}`
    : martQuery(
        mart,
        covers.map((f) => join(layout.lake, f)),
      );
  return writePart(engine, layout, staging, { mart: mart.name, definition: mart.hash, month, covers }, query);
}

async function writePart(
  engine: Engine,
  layout: Layout,
  staging: string,
  part: Omit<MartFile, 'file' | 'rows'>,
  query: string,
): Promise<MartFile> {
  const file = `${part.mart.replaceAll('_', '-')}-${part.month}-${uniqueName()}.parquet`;
  const temporary = join(staging, file);
  await mkdir(staging, { recursive: true });
  await mkdir(layout.marts, { recursive: true });
  const [result] = await engine.query<{ Count: number }>(
    `COPY (${query}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 40960)`,
  );
  await moveFlushed(temporary, join(layout.marts, file));
  return { ...part, file, rows: result?.Count ?? 0 };
}

/** Adds parts to the manifest, except those that somebody else has made meanwhile or whose lake files are gone. */
async function publishParts(
  layout: Layout,
  parts: readonly MartFile[],
  replacing: readonly string[] = [],
): Promise<number> {
  let added: MartFile[] = [];
  await commit(layout, (manifest) => {
    const lake = new Set(manifest.lake.map((f) => f.file));
    const present = new Set(manifest.marts.map((m) => m.file));
    if (replacing.some((file) => !present.has(file))) return false;
    const valid = validMartFiles(manifest).filter((m) => !replacing.includes(m.file));
    const covered = new Set(valid.flatMap((m) => m.covers.map((f) => `${m.mart}/${f}`)));
    added = parts.filter((p) => p.covers.every((f) => lake.has(f) && !covered.has(`${p.mart}/${f}`)));
    if (added.length === 0) return false;
    manifest.marts = [...valid, ...added];
    return true;
  });
  for (const part of parts)
    if (!added.includes(part)) await rm(join(layout.marts, part.file), { force: true });
  return added.length;
}

async function mergeParts(engine: Engine, layout: Layout, staging: string): Promise<number> {
  let made = 0;
  const manifest = await readManifest(layout);
  const valid = validMartFiles(manifest);
  for (const group of Map.groupBy(valid, (m) => `${m.mart} ${m.month}`).values()) {
    const mart = martsOf(manifest).find((m) => m.name === group[0]?.mart);
    if (group.length <= MOST_PARTS || !mart) continue;
    const files = group.map((m) => join(layout.marts, m.file));
    const parts = `read_parquet(${fileList(files)})`;
    const order = mart.sql.slice(mart.sql.lastIndexOf('ORDER BY'));
    // Sums are added up; rows stay what they are.
    const all = mart.dimensions.length > 0 ? cubeSql(mart.dimensions, mart.measures, parts) : `FROM ${parts}`;
    const query = `${all} ${order}`;
    const covers = group.flatMap((m) => m.covers);
    const part = { mart: mart.name, definition: mart.hash, month: group[0]?.month ?? '', covers };
    const merged = await writePart(engine, layout, staging, part, query);
    made += await publishParts(
      layout,
      [merged],
      group.map((m) => m.file),
    );
  }
  return made;
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((x) => b.includes(x));
