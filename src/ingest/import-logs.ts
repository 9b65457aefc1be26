/** Brings line logs (JSONL of agents) into a dataset, many small files in one commit. */

import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explain, StateaiError } from '../generation/errors.ts';
import { dropImpossibleParts } from '../generation/validate.ts';
import { journalRelation } from '../warehouse/columns.ts';
import { uniqueName } from '../warehouse/files.ts';
import type { Dataset } from '../warehouse/warehouse.ts';
import type { DoorContext, LogDoor, Reject } from './door.ts';
import { countReasons, latest } from './door-counts.ts';
import type { FileOutcome, ImportOptions } from './import.ts';
import type { LedgerEntry } from './ledger.ts';
import { LONGEST_LINE, openLines } from './lines.ts';

/** So many records go into one commit. */
const RECORDS_A_LOAD = 500_000;

/** Yields one outcome a file. Files that fail are left out whole; the others go on. */
export async function* importLogs(
  dataset: Dataset,
  files: readonly string[],
  door: LogDoor,
  context: DoorContext,
  options: ImportOptions,
): AsyncGenerator<FileOutcome | { path: string; error: StateaiError }> {
  const batch = await newBatch(dataset);
  const key = `${door.format}@1`;
  for (const path of files) {
    if (options.signal?.aborted) break;
    try {
      if (!options.replace && (await options.ledger.unchanged(path, key))) {
        yield { path, skipped: true, rows: 0, duplicates: 0, replaced: 0, rejects: [], rejected: 0 };
        continue;
      }
      await readInto(batch, path, key, door, context, options);
    } catch (error) {
      yield { path, error: explain(error, `Importing ${path}`) };
    }
    if (batch.records >= RECORDS_A_LOAD) yield* await flush(dataset, batch, door, options);
  }
  yield* await flush(dataset, batch, door, options);
  await closeBatch(batch);
}

interface Batch {
  directory: string;
  file: string;
  out: WriteStream;
  records: number;
  outcomes: FileOutcome[];
  entries: LedgerEntry[];
}

async function newBatch(dataset: Dataset): Promise<Batch> {
  const directory = await dataset.staging();
  const file = join(directory, `records-${uniqueName()}.ndjson`);
  return {
    directory,
    file,
    out: createWriteStream(file, { mode: 0o600 }),
    records: 0,
    outcomes: [],
    entries: [],
  };
}

async function closeBatch(batch: Batch): Promise<void> {
  if (!batch.out.closed) {
    batch.out.end();
    await once(batch.out, 'close');
  }
  await rm(batch.file, { force: true });
}

async function readInto(
  batch: Batch,
  path: string,
  key: string,
  door: LogDoor,
  context: DoorContext,
  options: ImportOptions,
): Promise<void> {
  const info = path === '-' ? { size: 0, mtimeMs: 0 } : await stat(path);
  const source = await openLines(path);
  const rejects: Reject[] = [];
  const records: string[] = [];
  let newest: number | null = null;
  const shortLines = (async function* () {
    for await (const line of source.lines) {
      if (line.tooLong)
        rejects.push({
          file: path,
          line: line.line,
          reason: `the line is longer than ${LONGEST_LINE >> 20} MiB`,
        });
      else yield line;
    }
  })();
  for await (const item of door.read(path, shortLines, context)) {
    if ('reject' in item) rejects.push(item.reject);
    else {
      dropImpossibleParts(item.generation);
      newest = latest(newest, item.generation.createdAt);
      records.push(JSON.stringify(item.generation));
    }
  }
  if (options.strict && rejects.length > 0) {
    const [first] = rejects;
    throw new StateaiError(
      'rejected',
      `${path}:${first?.line}: ${first?.reason} (${rejects.length} rejected; nothing of this file was imported)`,
      'Import without --strict to leave those lines out.',
    );
  }
  if (records.length > 0 && !batch.out.write(`${records.join('\n')}\n`)) await once(batch.out, 'drain');
  batch.records += records.length;
  const before = options.ledger.last(path, key);
  batch.outcomes.push({
    path,
    skipped: false,
    rows: records.length,
    duplicates: 0,
    replaced: 0,
    rejects,
    rejected: rejects.length,
    newest,
    rejectsBefore: before?.rejects ?? [],
    readAgain: before?.rows ?? 0,
  });
  batch.entries.push({
    path,
    size: info.size,
    mtimeMs: info.mtimeMs,
    sha256: source.sha256(),
    key,
    rows: records.length,
    rejects: countReasons(rejects),
  });
  options.onProgress?.({ bytes: info.size, fileDone: true, rows: records.length });
}

/** Commits what the batch holds; the first outcome carries the duplicates of all, as they cannot be told apart by file. */
async function flush(
  dataset: Dataset,
  batch: Batch,
  door: LogDoor,
  options: ImportOptions,
): Promise<FileOutcome[]> {
  if (batch.entries.length === 0) return [];
  batch.out.end();
  await once(batch.out, 'close');
  const outcomes = batch.outcomes;
  const rejected = outcomes.reduce((sum, o) => sum + o.rejected, 0);
  if (batch.records > 0) {
    const staged = await dataset.stage(journalRelation([batch.file]));
    const load = await dataset.publish(staged, { source: door.format, rejected, replace: options.replace });
    await rm(staged.directory, { recursive: true, force: true });
    await options.ledger.record(load.id, batch.entries);
    const first = outcomes[0];
    if (first) {
      first.duplicates = load.duplicates;
      first.replaced = load.replaced;
      first.rows += load.rows - batch.records;
      first.readAgain = outcomes.reduce((sum, o) => sum + (o.readAgain ?? 0), 0);
    }
  } else await options.ledger.record(uniqueName(), batch.entries);
  await rm(batch.file, { force: true });
  Object.assign(batch, await newBatch(dataset));
  return outcomes;
}
