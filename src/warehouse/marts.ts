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
import { commit, type Manifest, type MartFile, readManifest } from './manifest.ts';
import { ACCOUNT_MONTHS, cubeSql, type MartDefinition, martsOf, orderOf } from './mart-definitions.ts';
import { cubeOver, martQuery, statedColumns, uncovered, validMartFiles } from './mart-source.ts';
import { MOST_ROWS, withPrepared, worthPreparing } from './prepared.ts';

/** More mart files than this for one mart and month are added up into one. */
const MOST_PARTS = 6;

/** Builds what is missing, month by month, each in a commit of its own. Answers how many mart files it made. */
export async function buildMarts(
  engine: Engine,
  layout: Layout,
  staging: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<number> {
  // The accounts come first: who is big among them is a dimension of other marts.
  const context = { engine, layout, staging };
  let made = await buildMissing(context, [ACCOUNT_MONTHS.name], () => undefined);
  await chooseBigAccounts(engine, layout);
  made += await buildMissing(context, null, onProgress);
  return made + (await mergeParts(engine, layout, staging));
}

interface Context {
  engine: Engine;
  layout: Layout;
  staging: string;
}

/** @param names only these marts; null for all */
async function buildMissing(
  context: Context,
  names: readonly string[] | null,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  let made = 0;
  const manifest = await readManifest(context.layout);
  const marts = martsOf(manifest).filter((m) => !names || names.includes(m.name));
  const missing = new Map(marts.map((m) => [m, uncovered(manifest, m.name)]));
  const months = [...new Set([...missing.values()].flatMap((m) => [...m.keys()]))].sort();
  for (const [i, month] of months.entries()) {
    onProgress(i, months.length);
    const wanted = marts.filter((mart) => missing.get(mart)?.has(month));
    // Usually all marts lack the same files; each set of files is read for all of its marts together.
    const sets = Map.groupBy(wanted, (mart) => missing.get(mart)?.get(month)?.toSorted().join());
    for (const group of sets.values())
      for (const covers of pieces(manifest, missing.get(group[0] as MartDefinition)?.get(month) ?? []))
        made += await publishParts(context.layout, await buildParts(context, manifest, group, month, covers));
  }
  onProgress(months.length, months.length);
  return made;
}

/** Files in groups that can be prepared at once. */
function pieces(manifest: Manifest, files: readonly string[]): string[][] {
  const out: string[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const more = rowsOf(manifest, [file]);
    if (rows + more > MOST_ROWS) {
      out.push([]);
      rows = 0;
    }
    out.at(-1)?.push(file);
    rows += more;
  }
  return out;
}

const rowsOf = (manifest: Manifest, files: readonly string[]): number =>
  manifest.lake.filter((f) => files.includes(f.file)).reduce((sum, f) => sum + f.rows, 0);

async function buildParts(
  context: Context,
  manifest: Manifest,
  marts: readonly MartDefinition[],
  month: string,
  covers: string[],
): Promise<MartFile[]> {
  const parts: MartFile[] = [];
  const stated = statedColumns(manifest, covers);
  const cubes = marts.filter((m) => m.reads === 'measured' && m !== ACCOUNT_MONTHS);
  const build = async (relation: string | null) => {
    for (const mart of marts) {
      const prepared = relation && cubes.includes(mart) ? relation : null;
      parts.push(await buildPart(context, mart, month, covers, parts, { prepared, stated }));
    }
  };
  if (!worthPreparing(rowsOf(manifest, covers), cubes.length)) await build(null);
  else {
    const paths = covers.map((f) => join(context.layout.lake, f));
    const bigAccounts = manifest.bigAccounts?.ids ?? null;
    await withPrepared(context.engine, paths, { bigAccounts, stated }, build);
  }
  return parts;
}

/**
 * @param how `prepared`: a relation to read as `measured`; `stated`: columns that every record states
 */
async function buildPart(
  { engine, layout, staging }: Context,
  mart: MartDefinition,
  month: string,
  covers: string[],
  parts: readonly MartFile[],
  { prepared, stated }: { prepared: string | null; stated: ReadonlySet<string> },
): Promise<MartFile> {
  const base = parts.find((p) => p.mart === mart.reads && sameSet(p.covers, covers));
  const lake = covers.map((f) => join(layout.lake, f));
  let query = martQuery(mart, lake, stated);
  if (base)
    query = `WITH ${identifier(base.mart)} AS (FROM read_parquet(${literal(join(layout.marts, base.file))})) ${mart.sql}`;
  else if (prepared) query = cubeOver(prepared, mart, stated);
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
    // Sums are added up; rows stay what they are.
    const isCube = mart.dimensions.length > 0;
    const query = isCube
      ? `${cubeSql(mart.dimensions, mart.measures, parts)} ${orderOf(mart.dimensions)}`
      : `FROM ${parts} ORDER BY "day", model`;
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
