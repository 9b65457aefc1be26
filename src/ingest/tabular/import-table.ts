/** Brings one table file into a dataset: checked, typed and stored by the engine, column by column. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explain, StateaiError } from '../../generation/errors.ts';
import { contentHash } from '../../generation/ids.ts';
import { type Engine, fileList, literal } from '../../warehouse/engine.ts';
import { uniqueName } from '../../warehouse/files.ts';
import type { Dataset } from '../../warehouse/warehouse.ts';
import type { Reject } from '../door.ts';
import { countReasons } from '../door-counts.ts';
import type { FileOutcome, ImportOptions } from '../import.ts';
import { compressionOf, inspect, spool } from '../inputs.ts';
import { compileMapping } from './compile.ts';
import type { Mapping } from './mapping.ts';
import { describeRejects, MOST_REPORTED } from './rejects.ts';
import { LONGEST_ROW, openTable, type Table } from './table.ts';

/** Names a mapping in the ledger. */
export const mappingKey = (mapping: Mapping): string =>
  `${mapping.name}@${contentHash(JSON.stringify(mapping))}`;

/**
 * Imports one file in one commit.
 * @throws StateaiError when nothing of the file could be used or `strict` forbids its rejects; the dataset is unchanged then
 */
export async function importTable(
  dataset: Dataset,
  path: string,
  mapping: Mapping,
  options: ImportOptions,
): Promise<FileOutcome> {
  const engine = await dataset.engine();
  const staging = await dataset.staging();
  const rejects: Reject[] = [];
  const prepared = await prepare(path, mapping, staging, (r) => rejects.push(r));
  const key = mappingKey(mapping);
  try {
    const known = options.replace ? null : options.ledger.known(prepared.sha256, key);
    if (known === 'same')
      return { path, skipped: true, rows: 0, duplicates: 0, replaced: 0, rejects: [], rejected: 0 };
    if (known === 'other' && Object.keys(mapping.fields).length > 0)
      throw new StateaiError(
        'other_mapping',
        `${path}: this file was imported before with another mapping`,
        'Use --replace to let the new mapping win, or another --dataset.',
      );
    const table = await openTable(engine, prepared.file, path, mapping);
    const compiled = compile(table, mapping, path, options);
    const rejectsTable = `rejects_${uniqueName().replaceAll('-', '_')}`;
    const stop = watchProgress(engine, prepared, options);
    let staged: Awaited<ReturnType<Dataset['stage']>>;
    try {
      staged = await dataset.stage(compiled(table.relation(rejectsTable)).relation);
    } finally {
      stop();
    }
    const unusable = await countRows(engine, staged.rejects);
    const told = await describeRejects(engine, {
      file: prepared.file,
      path,
      mapping,
      table,
      rejectsTable,
      rejectsOf: unusable > 0 ? (relation) => compiled(relation).rejects : null,
    });
    rejects.push(...told.rejects);
    const rejected =
      rejects.length > MOST_REPORTED ? unusable + told.unreadable : Math.max(rejects.length, unusable);
    rejects.sort((a, b) => a.line - b.line);
    if (options.strict && rejected > 0)
      throw new StateaiError(
        'rejected',
        `${path}:${rejects[0]?.line}: ${rejects[0]?.reason} (${rejected} rejected rows; nothing of this file was imported)`,
        'Mend the file, or import without --strict to leave those rows out.',
      );
    const newest = await newestOf(engine, staged.files);
    const load = await dataset.publish(staged, {
      source: mapping.name,
      daily: mapping.daily,
      rejected,
      replace: options.replace,
      notes: mapping.fields.createdAt?.relative ? ['assumed_start'] : [],
    });
    await rm(staged.directory, { recursive: true, force: true });
    const before = options.ledger.last(path, key);
    const { size, mtimeMs, sha256 } = prepared;
    const rows = load.rows + load.duplicates;
    const entry = { path, size, mtimeMs, sha256, key, rows, rejects: countReasons(rejects) };
    await options.ledger.record(load.id, [entry]);
    return {
      path,
      skipped: false,
      rows: load.rows,
      duplicates: load.duplicates,
      replaced: load.replaced,
      rejects,
      rejected,
      newest,
      rejectsBefore: before?.rejects ?? [],
      readAgain: before?.rows ?? 0,
    };
  } catch (error) {
    throw explain(error, `Importing ${path}`);
  } finally {
    if (prepared.temporary) await rm(prepared.file, { force: true });
  }
}

interface Prepared {
  /** A plain file for the engine. */
  file: string;
  temporary: boolean;
  sha256: string;
  size: number;
  mtimeMs: number;
}

/** Plain files are read where they lie; what is compressed, piped, of another encoding or has endless lines is copied. */
async function prepare(
  path: string,
  mapping: Mapping,
  staging: string,
  onReject: (r: Reject) => void,
): Promise<Prepared> {
  const compressed = path !== '-' && (await compressionOf(path)) !== 'none';
  const looked = path !== '-' ? await inspect(path) : null;
  const longLines = mapping.format !== 'parquet' && (looked?.longestLine ?? 0) > LONGEST_ROW;
  const same = { sha256: looked?.sha256 ?? '', size: looked?.size ?? 0, mtimeMs: looked?.mtimeMs ?? 0 };
  if (looked?.size === 0)
    throw new StateaiError('empty_file', `${path}: the file is empty`, 'Check the export.');
  if (looked && !compressed && !longLines && !looked.utf16) return { file: path, temporary: false, ...same };
  const file = join(staging, `input-${uniqueName()}.${mapping.format}`);
  try {
    const mostLine = mapping.format === 'parquet' ? Number.POSITIVE_INFINITY : LONGEST_ROW;
    const written = await spool(path, file, { mostLine, utf16: looked?.utf16 ?? false, onReject });
    return { file, temporary: true, ...(looked ? same : { ...written, mtimeMs: 0 }) };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

function compile(table: Table, mapping: Mapping, path: string, options: ImportOptions) {
  return (relation: string) =>
    compileMapping(mapping, {
      table: relation,
      columns: table.columns,
      reference: table.reference,
      pseudonym: options.pseudonymSql,
      file: path,
      now: Date.now(),
    });
}

function watchProgress(engine: Engine, prepared: Prepared, options: ImportOptions): () => void {
  const timer = setInterval(() => {
    const fraction = engine.progress();
    if (fraction !== null) options.onProgress?.({ bytes: fraction * prepared.size });
  }, 200);
  return () => clearInterval(timer);
}

/** The newest time of staged records, milliseconds; null = there is no record. */
async function newestOf(engine: Engine, files: readonly string[]): Promise<number | null> {
  if (files.length === 0) return null;
  const [found] = await engine.query<{ newest: number | null }>(
    `SELECT epoch_ms(max(created_at)) AS newest FROM read_parquet(${fileList(files)}, hive_partitioning = false)`,
  );
  return found?.newest ?? null;
}

async function countRows(engine: Engine, files: readonly string[]): Promise<number> {
  if (files.length === 0) return 0;
  const [count] = await engine.query<{ n: number }>(
    `SELECT count(*) AS n FROM read_parquet(${fileList(files)}, hive_partitioning = false)`,
  );
  return count?.n ?? 0;
}

/** `pseudonym` of the record's ids in SQL, so that accounts match across doors. */
export function pseudonymSql(secret: string): ImportOptions['pseudonymSql'] {
  return (kind, expression) => `substr(sha256(${literal(`${secret} ${kind} `)} || ${expression}), 1, 16)`;
}
