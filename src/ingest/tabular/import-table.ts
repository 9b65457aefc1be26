/** Brings one table file into a dataset: checked, typed and stored by the engine, column by column. */
import { rm } from 'node:fs/promises';
import { explain, StateaiError } from '../../generation/errors.ts';
import { type Engine, fileList, literal } from '../../warehouse/engine.ts';
import { uniqueName } from '../../warehouse/files.ts';
import type { Staged } from '../../warehouse/load.ts';
import type { Dataset } from '../../warehouse/warehouse.ts';
import type { Reject } from '../door.ts';
import { countReasons } from '../door-counts.ts';
import type { TableOptions } from '../import-options.ts';
import { type FileOutcome, skippedOutcome } from '../outcome.ts';
import { compileMapping } from './compile.ts';
import { type Mapping, mappingKey } from './mapping.ts';
import { type Prepared, prepare } from './prepare.ts';
import { describeRejects, MOST_REPORTED } from './rejects.ts';
import { openTable, type Table } from './table.ts';
import { snapshot } from './whole-rows.ts';

/**
 * Imports one file in one commit.
 * @throws StateaiError when nothing of the file could be used or `strict` forbids its rejects; the dataset is unchanged then
 */
export async function importTable(
  dataset: Dataset,
  path: string,
  mapping: Mapping,
  options: TableOptions,
): Promise<FileOutcome> {
  const engine = await dataset.engine();
  const staging = await dataset.staging();
  const rejects: Reject[] = [];
  const growing = options.growing ? await snapshot(path, mapping, staging) : null;
  if (growing?.file === null) return skippedOutcome(path);
  const onReject = (reject: Reject) => void rejects.push(reject);
  const prepared = await prepare(path, mapping, staging, onReject, growing?.file ?? path).catch(
    async (error) => {
      await growing?.remove();
      throw error;
    },
  );
  const key = mappingKey(mapping);
  try {
    const known = options.replace ? null : options.ledger.known(prepared.sha256, key);
    if (known === 'same') return skippedOutcome(path);
    if (known === 'other' || (known === 'older' && !options.isOwnMapping))
      throw new StateaiError(
        'other_mapping',
        `${path}: this file was imported before with another mapping`,
        'Use --replace to let the new mapping win, or another --dataset.',
      );
    const format = prepared.format;
    const table = await openTable(engine, prepared.file, path, { ...mapping, format });
    const run = uniqueName().replaceAll('-', '_');
    const rejectsTable = `rejects_${run}`;
    const passedOver = `passed_over_${run}`;
    const compiled = compile(table, mapping, path, passedOver, prepared.mended, options);
    const stop = watchProgress(engine, prepared, options);
    let staged: Staged;
    let ignored = 0;
    try {
      const { relation, filtered } = compiled(table.relation(rejectsTable));
      if (filtered) await engine.run(`CREATE TEMP SEQUENCE ${passedOver}`);
      staged = await dataset.stage(relation);
      if (filtered) ignored = await numbersTaken(engine, passedOver);
    } finally {
      stop();
      await engine.run(`DROP SEQUENCE IF EXISTS ${passedOver}`);
    }
    const unusable = await countRows(engine, staged.rejects);
    const told = await describeRejects(engine, {
      file: prepared.file,
      path,
      format,
      lines: prepared.lines,
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
      daily: mapping.daily === 'auto' ? await onlyDays(engine, staged.files) : mapping.daily,
      rejected,
      replace: options.replace,
      notes: mapping.fields.createdAt?.relative ? ['assumed_start'] : [],
    });
    await rm(staged.directory, { recursive: true, force: true });
    const before = options.ledger.last(path, key);
    const { size, sha256 } = prepared;
    const mtimeMs = growing?.mtimeMs ?? prepared.mtimeMs;
    const rows = load.rows + load.duplicates;
    const entry = { path, size, mtimeMs, sha256, key, rows, ignored, rejects: countReasons(rejects) };
    await options.ledger.record(load.id, [entry]);
    return {
      path,
      skipped: false,
      rows: load.rows,
      duplicates: load.duplicates,
      replaced: load.replaced,
      rejects,
      rejected,
      ignored,
      newest,
      rejectsBefore: before?.rejects ?? [],
      ignoredBefore: before?.ignored ?? 0,
      readAgain: before?.rows ?? 0,
    };
  } catch (error) {
    throw explain(error, `Importing ${path}`);
  } finally {
    await prepared.remove();
    await growing?.remove();
  }
}

function compile(
  table: Table,
  mapping: Mapping,
  path: string,
  passedOver: string,
  mended: boolean,
  options: TableOptions,
) {
  return (relation: string) =>
    compileMapping(mapping, {
      table: relation,
      columns: table.columns,
      reference: table.reference,
      ...(mapping.unknown ? { unknown: mapping.unknown } : {}),
      ...(mapping.decimal ? { decimal: mapping.decimal } : {}),
      pseudonym: options.pseudonymSql,
      file: path,
      passedOver,
      mended,
      now: Date.now(),
    });
}

const numbersTaken = (engine: Engine, sequence: string): Promise<number> =>
  count(engine, `SELECT last_value AS n FROM duckdb_sequences() WHERE sequence_name = ${literal(sequence)}`);

function watchProgress(engine: Engine, prepared: Prepared, options: TableOptions): () => void {
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
  return files.length === 0 ? 0 : count(engine, `SELECT count(*) AS n FROM ${parquet(files)}`);
}

async function count(engine: Engine, sql: string): Promise<number> {
  const [row] = await engine.query<{ n: number }>(sql);
  return row?.n ?? 0;
}

/** Whether all times are days. */
async function onlyDays(engine: Engine, files: readonly string[]): Promise<boolean> {
  if (files.length === 0) return false;
  const other = "created_at <> date_trunc('day', created_at)";
  return (await count(engine, `SELECT count(*) AS n FROM ${parquet(files)} WHERE ${other}`)) === 0;
}

const parquet = (files: readonly string[]): string =>
  `read_parquet(${fileList(files)}, hive_partitioning = false)`;

/** `pseudonym` of the record's ids in SQL, so that accounts match across doors. */
export function pseudonymSql(secret: string): TableOptions['pseudonymSql'] {
  return (kind, expression) => `substr(sha256(${literal(`${secret} ${kind} `)} || ${expression}), 1, 16)`;
}
