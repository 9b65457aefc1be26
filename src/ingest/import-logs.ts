/** Brings line logs (JSONL of agents) into a dataset, many small files in one commit. */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StateaiError } from '../generation/errors.ts';
import { journalRelation } from '../warehouse/columns.ts';
import { uniqueName } from '../warehouse/files.ts';
import type { Dataset } from '../warehouse/warehouse.ts';
import type { DoorContext, LogDoor } from './door.ts';
import { countReasons } from './door-counts.ts';
import type { ImportOptions } from './import-options.ts';
import type { LedgerEntry } from './ledger.ts';
import { type FileOutcome, skippedOutcome } from './outcome.ts';
import type { ReadLog } from './read-log.ts';
import { type LogFile, readLogs } from './read-logs.ts';

/** So many records go into one commit. */
const RECORDS_A_LOAD = 500_000;

/** More than this is sure to hold something new; of less that is found out before the engine could be open. */
const WORTH_OPENING = 8 << 20;

/** While others read; whoever needs it first learns why it could not be opened. */
function openEngine(dataset: Dataset): void {
  dataset.engine().catch(() => undefined);
}

/** Yields one outcome a file. Files that fail are left out whole; the others go on. */
export async function* importLogs(
  dataset: Dataset,
  files: readonly string[],
  door: LogDoor,
  workspace: DoorContext & { secret: string },
  options: ImportOptions,
): AsyncGenerator<FileOutcome | { path: string; error: StateaiError }> {
  const batch = await newBatch(dataset);
  const key = `${door.format}@1`;
  const toRead: LogFile[] = [];
  const info = new Map<string, { size: number; mtimeMs: number }>();
  for (const path of files) {
    if (options.signal?.aborted) break;
    if (!options.replace && (await options.ledger.unchanged(path, key))) {
      yield skippedOutcome(path);
      continue;
    }
    // Before it is read: what is appended meanwhile is then read the next time.
    const now = path === '-' ? null : await stat(path).catch(() => null);
    info.set(path, { size: now?.size ?? 0, mtimeMs: now?.mtimeMs ?? 0 });
    const place = options.replace ? null : (options.ledger.last(path, key)?.place ?? null);
    toRead.push({ path, size: Math.max(0, (now?.size ?? 0) - (place?.bytes ?? 0)), place });
  }
  const bytes = toRead.reduce((sum, { size }) => sum + size, 0);
  if (bytes > WORTH_OPENING) openEngine(dataset);
  for await (const result of readLogs(door, toRead, workspace, workspace.secret)) {
    if (options.signal?.aborted) break;
    const { path } = result;
    const error = 'error' in result ? result.error : options.strict ? refused(path, result.log) : null;
    if (error) yield { path, error };
    else if ('log' in result) {
      const { size, mtimeMs } = info.get(path) ?? { size: 0, mtimeMs: 0 };
      // A file that has no lines may change without a trace in its size and time: it is read each time.
      const entry = result.log.hasLines ? { path, size, mtimeMs, sha256: '', key } : null;
      if (result.log.count > 0) openEngine(dataset);
      await add(batch, path, result.log, entry, options.ledger.last(path, key));
      options.onProgress?.({ bytes: size, fileDone: true, rows: result.log.count });
    }
    if (batch.records >= RECORDS_A_LOAD) yield* await flush(dataset, batch, door, options);
  }
  yield* await flush(dataset, batch, door, options);
  await closeBatch(batch);
}

function refused(path: string, { rejects }: ReadLog): StateaiError | null {
  const [first] = rejects;
  if (!first) return null;
  return new StateaiError(
    'rejected',
    `${path}:${first.line}: ${first.reason} (${rejects.length} rejected; nothing of this file was imported)`,
    'Import without --strict to leave those lines out.',
  );
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

async function add(
  batch: Batch,
  path: string,
  log: ReadLog,
  entry: LedgerEntry | null,
  before: LedgerEntry | null,
): Promise<void> {
  if (log.count > 0 && !batch.out.write(log.records)) await once(batch.out, 'drain');
  batch.records += log.count;
  batch.outcomes.push({
    path,
    skipped: false,
    rows: log.count,
    duplicates: 0,
    replaced: 0,
    rejects: log.rejects,
    rejected: log.rejects.length,
    newest: log.newest,
    rejectsBefore: log.wentOn ? [] : (before?.rejects ?? []),
    readAgain: log.wentOn ? 0 : (before?.rows ?? 0),
  });
  if (!entry) return;
  const earlier = log.wentOn ? before : undefined;
  const rows = (earlier?.rows ?? 0) + log.count;
  const rejects = countReasons([...(earlier?.rejects ?? []), ...log.rejects]);
  batch.entries.push({ ...entry, rows, rejects, place: log.place });
}

/** Commits what the batch holds; the first outcome carries the duplicates of all, as they cannot be told apart by file. */
async function flush(
  dataset: Dataset,
  batch: Batch,
  door: LogDoor,
  options: ImportOptions,
): Promise<FileOutcome[]> {
  if (batch.outcomes.length === 0) return [];
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
  } else if (batch.entries.length > 0) await options.ledger.record(uniqueName(), batch.entries);
  await rm(batch.file, { force: true });
  Object.assign(batch, await newBatch(dataset));
  return outcomes;
}
