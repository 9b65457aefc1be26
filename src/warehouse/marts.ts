/**
 * Building marts. A mart is a sum over lake files, so each mart file is computed from the lake files of one month that
 * no mart file covers yet, and what is there stays: a week of new data costs a week of work. A reader adds the files up.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asJoined, definitionOf, type Joined } from './account-join.ts';
import { chooseBigAccounts } from './big-accounts.ts';
import { type Engine, fileList, literal } from './engine.ts';
import { moveAllFlushed, uniqueName } from './files.ts';
import { dimensionsMissing, givenIn, withGroups } from './groups.ts';
import type { Layout } from './layout.ts';
import {
  commit,
  type JoinedAccounts,
  type LakeFile,
  type Manifest,
  type MartFile,
  readManifest,
} from './manifest.ts';
import {
  ACCOUNT_MONTHS,
  cubeSql,
  LABELLED,
  type MartDefinition,
  martsOf,
  orderOf,
} from './mart-definitions.ts';
import { lakeSource, martQuery, partsOf, uncovered, validMartFiles } from './mart-source.ts';
import { measuredSql } from './measures.ts';

/** More mart files than this for one mart and month are added up into one. */
const MOST_PARTS = 6;
/** So many records are grouped at once (see `weightOf`): few files, and the groups fit into memory. */
const MOST_ROWS = 16e6;

/** Builds what is missing, piece by piece, each in a commit of its own. Answers how many mart files it made. */
export async function buildMarts(engine: Engine, layout: Layout, staging: string): Promise<number> {
  // The accounts come first: who is big among them is a dimension of other marts.
  const context = { engine, layout, staging };
  let made = await buildMissing(context, (mart) => mart === ACCOUNT_MONTHS);
  await chooseBigAccounts(engine, layout);
  made += await buildMissing(context, () => true);
  return made + (await mergeParts(context));
}

/** Whether more records than these are in no file of some mart. */
export function lacksMarts(manifest: Manifest, leaving: number): boolean {
  const files = new Set(martsOf(manifest).flatMap((mart) => uncovered(manifest, mart.name)));
  return [...files].reduce((sum, file) => sum + file.rows, 0) > leaving;
}

interface Context {
  engine: Engine;
  layout: Layout;
  staging: string;
}

/** Lake files of one or more months, and the marts that cover none of them. */
interface Piece {
  files: LakeFile[];
  marts: readonly MartDefinition[];
  accounts: JoinedAccounts | undefined;
}

async function buildMissing(context: Context, wanted: (mart: MartDefinition) => boolean): Promise<number> {
  let made = 0;
  const manifest = await readManifest(context.layout);
  const all = pieces(manifest, martsOf(manifest).filter(wanted));
  for (const piece of all) made += await publishParts(context, await buildParts(context, piece));
  return made;
}

function pieces(manifest: Manifest, marts: readonly MartDefinition[]): Piece[] {
  const lacking = marts.map((mart) => ({ mart, files: new Set(uncovered(manifest, mart.name)) }));
  const lackedBy = (file: LakeFile) => lacking.filter((l) => l.files.has(file)).map((l) => l.mart);
  const { accounts } = manifest;
  const files = manifest.lake.toSorted((a, b) => (a.month < b.month ? -1 : 1));
  // Usually all marts lack the same files.
  const groups = Map.groupBy(files, (file) =>
    lackedBy(file)
      .map((mart) => mart.name)
      .join(),
  );
  return [...groups.values()].flatMap((group) => {
    const lacked = group[0] ? lackedBy(group[0]) : [];
    if (lacked.length === 0) return [];
    const missing = (file: LakeFile) => dimensionsMissing(asJoined(file, accounts));
    return [...Map.groupBy(group, missing).values()].flatMap((alike) =>
      cut(alike).map((part) => ({ files: part, marts: lacked, accounts })),
    );
  });
}

/** Records that state a language count thrice: a group of all origins then has few of them. */
const weightOf = (file: LakeFile): number => 3 * file.rows - 2 * (file.nulls.language ?? 0);

/** Files in groups that can be read at once. */
function cut(files: readonly LakeFile[]): LakeFile[][] {
  const out: LakeFile[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (rows + weightOf(file) > MOST_ROWS) {
      out.push([]);
      rows = 0;
    }
    out.at(-1)?.push(file);
    rows += weightOf(file);
  }
  return out;
}

async function buildParts(context: Context, { files, marts, accounts }: Piece): Promise<MartFile[]> {
  const parts: MartFile[] = [];
  const { engine, layout } = context;
  const paths = files.map((f) => join(layout.lake, f.file));
  const covers = files.map((f) => f.file);
  const joined = { layout, manifest: { accounts } };
  const build = async (mart: MartDefinition, query: string, same?: Record<string, string>) => {
    const definition = definitionOf(mart, accounts);
    const part = await writePart(context, { mart, definition }, files[0]?.month ?? '', covers, query);
    parts.push(same ? { ...part, same } : part);
  };
  for (const mart of marts) {
    if (mart === ACCOUNT_MONTHS) await build(mart, monthByMonth(joined, mart, files));
    if (mart === LABELLED) await build(mart, martQuery(mart, labelledPaths(layout, files), joined));
  }
  const cubes = marts.filter((m) => m.reads === 'measured' && m !== ACCOUNT_MONTHS);
  if (cubes.length === 0) return parts;
  const given = await givenIn(
    engine,
    files.map((f) => asJoined(f, accounts)),
    paths,
  );
  await withGroups(engine, lakeSource(paths, joined), cubes, given, async (queryOf) => {
    for (const cube of cubes) {
      const { query, same } = queryOf(cube);
      await build(cube, query, same);
    }
  });
  return parts;
}

/** Files that may have labels; of files without any one, for the columns. */
function labelledPaths(layout: Layout, files: readonly LakeFile[]): string[] {
  const labelled = files.filter((f) => f.nulls.labels !== f.rows);
  return (labelled.length > 0 ? labelled : files.slice(0, 1)).map((f) => join(layout.lake, f.file));
}

/** A cube by month as one query for each: within a month it is no dimension. */
function monthByMonth(joined: Joined, mart: MartDefinition, files: readonly LakeFile[]): string {
  return [...Map.groupBy(files, (f) => f.month)]
    .map(([month, list]) => {
      const paths = list.map((f) => join(joined.layout.lake, f.file));
      const records = lakeSource(paths, joined);
      const cube = cubeSql(mart.dimensions, mart.measures);
      return `FROM (WITH lake AS (${records}), measured AS (${measuredSql(undefined, month)}) ${cube})`;
    })
    .join('\nUNION ALL\n');
}

/** Writes a part into staging; it is published together with others. */
async function writePart(
  { engine, staging }: Context,
  { mart, definition }: { mart: MartDefinition; definition: string },
  month: string,
  covers: string[],
  query: string,
): Promise<MartFile> {
  const file = `${mart.name.replaceAll('_', '-')}-${month}-${uniqueName()}.parquet`;
  const [result] = await engine.query<{ Count: number }>(
    `COPY (${query}) TO ${literal(join(staging, file))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1000, ROW_GROUP_SIZE 40960)`,
  );
  return { mart: mart.name, definition, month, file, rows: result?.Count ?? 0, covers };
}

/** Moves parts to the marts and adds them to the manifest, except those that somebody else has made meanwhile or whose lake files are gone. */
async function publishParts(
  { layout, staging }: Context,
  parts: readonly MartFile[],
  replacing: readonly string[] = [],
): Promise<number> {
  let added: MartFile[] = [];
  await moveAllFlushed(
    staging,
    layout.marts,
    parts.map((p) => p.file),
  );
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

async function mergeParts(context: Context): Promise<number> {
  let made = 0;
  const { layout } = context;
  const manifest = await readManifest(layout);
  const valid = validMartFiles(manifest);
  for (const group of Map.groupBy(valid, (m) => `${m.mart} ${m.month}`).values()) {
    const mart = martsOf(manifest).find((m) => m.name === group[0]?.mart);
    if (group.length <= MOST_PARTS || !mart) continue;
    // Sums are added up; rows stay what they are.
    const isCube = mart.dimensions.length > 0;
    const columns = [...mart.dimensions, ...mart.measures];
    const parts = isCube
      ? `(${partsOf(layout, group, columns).join(' UNION ALL ')})`
      : `read_parquet(${fileList(group.map((m) => join(layout.marts, m.file)))})`;
    const query = isCube
      ? `${cubeSql(mart.dimensions, mart.measures, parts)} ${orderOf(mart.dimensions)}`
      : `FROM ${parts} ORDER BY "day", model`;
    const covers = group.flatMap((m) => m.covers);
    const definition = definitionOf(mart, manifest.accounts);
    const merged = await writePart(context, { mart, definition }, group[0]?.month ?? '', covers, query);
    made += await publishParts(
      context,
      [merged],
      group.map((m) => m.file),
    );
  }
  return made;
}
