/** An import: files of one format into one dataset. What cannot be used is reported, what can be used is kept. */
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { explain, StateaiError } from '../generation/errors.ts';
import { uniqueName } from '../warehouse/files.ts';
import type { Dataset, Warehouse } from '../warehouse/warehouse.ts';
import type { Reject } from './door.ts';
import { type DoorLog, openDoorLog } from './door-log.ts';
import { type FoundFiles, findFiles } from './find-files.ts';
import type { Following } from './following.ts';
import { importLogs } from './import-logs.ts';
import type { ImportOptions, Progress } from './import-options.ts';
import { NO_LEDGER, openLedger } from './ledger.ts';
import { type FileOutcome, newOnly, noteOf, skippedOutcome } from './outcome.ts';
import { FORMATS, type Format } from './registry.ts';
import type { Mapping } from './tabular/mapping.ts';

/** So many records of logs may be without marts. */
const WITHOUT_MARTS = 10_000;

export interface ImportRequest {
  format: string;
  paths: readonly string[];
  mapping?: string;
  strict?: boolean;
  replace?: boolean;
  /** Bring the marts up to date afterwards; default true. */
  settle?: boolean;
  /** Where what comes in is counted; by default a log of this import's own. */
  doors?: DoorLog;
  /**
   * One run of several over paths that go on changing: files that are being written are read as far as they are whole,
   * one that fails is left alone for a while, and of files that have grown only what is new is reported.
   */
  following?: Following;
  /** Ends the import early, after a file. */
  signal?: AbortSignal;
  /** The paths are copies of what a source answered, and are soon gone. */
  fetched?: {
    /** The format's mapping as it reads the copies. */
    mapping: Mapping;
    /** The outcome in the source's own words, without what an earlier run has told. */
    toldOf(outcome: FileOutcome): Promise<FileOutcome>;
  };
  onStart?(files: number, bytes: number): void;
  onProgress?(progress: Progress): void;
  onFile?(outcome: FileOutcome): void;
}

export interface ImportSummary {
  files: number;
  skipped: number;
  rows: number;
  duplicates: number;
  replaced: number;
  rejected: number;
  /** Rows that are no generations: the format's other events. */
  ignored: number;
  /** One JSON line a rejected row: file, line, reason. null when there is none. */
  rejectsFile: string | null;
  firstRejects: Reject[];
  failures: StateaiError[];
}

export function formatNamed(name: string): Format {
  const format = FORMATS.find((f) => f.format === name);
  if (format) return format;
  throw new StateaiError(
    'unknown_format',
    `"${name}" is not a format`,
    `Formats: ${FORMATS.map((f) => f.format).join(', ')}.`,
  );
}

/** Imports, then builds the marts. Failures of single files are collected; the others are imported. */
export async function runImport(
  warehouse: Warehouse,
  dataset: Dataset,
  request: ImportRequest,
): Promise<ImportSummary> {
  const format = formatNamed(request.format);
  const mapping = request.fetched?.mapping ?? (await mappingFor(format, request.mapping));
  await dataset.takesRecords();
  const { following } = request;
  const found = await filesOf(request, format);
  request.onStart?.(found.files.length, await totalSize(found.files));
  const summary: ImportSummary = {
    files: found.files.length,
    skipped: 0,
    rows: 0,
    duplicates: 0,
    replaced: 0,
    rejected: 0,
    ignored: 0,
    rejectsFile: null,
    firstRejects: [],
    failures: found.failures,
  };
  const options: ImportOptions = {
    strict: request.strict ?? false,
    replace: request.replace ?? false,
    ledger: request.fetched ? NO_LEDGER : (following?.ledger ?? (await openLedger(dataset))),
    growing: following !== undefined,
    signal: request.signal,
    onProgress: request.onProgress,
  };
  const report = rejectsReport(dataset);
  const doors = request.doors ?? openDoorLog(dataset.layout);
  const settle = async (given: FileOutcome) => {
    const settled = (await request.fetched?.toldOf(given)) ?? given;
    const note = noteOf(settled);
    if (note) {
      const listed = (note.rejects?.length ?? 0) > 0 ? { rejectsFile: report.name } : {};
      doors.note(format.format, { ...note, ...listed });
    }
    following?.forget(settled.path);
    const outcome = following ? newOnly(settled) : settled;
    summary.rows += outcome.rows;
    summary.duplicates += outcome.duplicates;
    summary.replaced += outcome.replaced;
    summary.rejected += outcome.rejected;
    summary.ignored += outcome.ignored ?? 0;
    if (outcome.skipped) summary.skipped++;
    summary.firstRejects.push(...outcome.rejects.slice(0, Math.max(0, 5 - summary.firstRejects.length)));
    request.onFile?.(outcome);
    return report.write(outcome.rejects);
  };
  const fail = async (path: string, thrown: unknown) => {
    const error = explain(thrown, `Importing ${path}`);
    if (!following || (await following.failed(path, error))) summary.failures.push(error);
  };
  if (format.kind === 'log') {
    for await (const outcome of importLogs(dataset, found.files, format.door, warehouse, options)) {
      if ('error' in outcome) await fail(outcome.path, outcome.error);
      else await settle(outcome);
    }
  } else if (mapping) {
    const { importTable, pseudonymSql } = await import('./tabular/import-table.ts');
    const { mappingKey } = await import('./tabular/mapping.ts');
    const isOwnMapping = format.kind === 'table';
    const tableOptions = { ...options, isOwnMapping, pseudonymSql: pseudonymSql(warehouse.secret) };
    for (const path of found.files) {
      if (request.signal?.aborted) break;
      try {
        if (!options.replace && (await options.ledger.unchanged(path, mappingKey(mapping))))
          await settle(skippedOutcome(path));
        else await settle(await importTable(dataset, path, mapping, tableOptions));
      } catch (error) {
        await fail(path, error);
        if ((error as { code?: string }).code === 'disk_full') break;
      }
      request.onProgress?.({ bytes: 0, fileDone: true });
    }
  }
  summary.rejectsFile = await report.close();
  await doors.flush();
  // Of a log that has grown little is new: reading that from the lake costs a report less than marts cost each import.
  const leaving = format.kind === 'log' ? WITHOUT_MARTS : 0;
  if ((request.settle ?? true) && (await dataset.exists())) await dataset.settle(leaving);
  return summary;
}

/** Of paths that are followed, those files that are wanted now; there may be none yet. */
async function filesOf({ paths, following }: ImportRequest, format: Format): Promise<FoundFiles> {
  const find = () => findFiles(paths, format.endings, format.kind === 'log' ? format.door.isLog : undefined);
  if (!following) return find();
  await following.ledger.refresh();
  const found = await find().catch((error) => {
    if ((error as StateaiError).code === 'no_files') return { files: [], failures: [] };
    throw error;
  });
  const files: string[] = [];
  for (const path of found.files) if (await following.wanted(path)) files.push(path);
  const [first] = found.failures;
  if (first && files.length === 0) throw first;
  return { files, failures: following.news(found.failures) };
}

async function mappingFor(format: Format, path: string | undefined): Promise<Mapping | null> {
  if (format.kind === 'log') return null;
  const { readMapping } = await import('./tabular/mapping.ts');
  if (format.kind === 'table') return readMapping(format.mapping);
  if (!path)
    throw new StateaiError(
      'no_mapping',
      `${format.format} needs a mapping file that says which column is which field`,
      'Give --mapping <file.yaml>; examples lie in examples/mappings/.',
    );
  const mapping = readMapping(path);
  return { ...mapping, format: format.format };
}

async function totalSize(files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const file of files) if (file !== '-') bytes += (await stat(file).catch(() => null))?.size ?? 0;
  return bytes;
}

function rejectsReport(dataset: Dataset) {
  const path = join(dataset.layout.rejects, `${uniqueName()}.ndjson`);
  let out: ReturnType<typeof createWriteStream> | null = null;
  return {
    name: basename(path),
    async write(rejects: readonly Reject[]) {
      if (rejects.length === 0) return;
      if (!out) await mkdir(dataset.layout.rejects, { recursive: true });
      out ??= createWriteStream(path, { mode: 0o600 });
      out.write(rejects.map((r) => `${JSON.stringify(r)}\n`).join(''));
    },
    async close(): Promise<string | null> {
      if (!out) return null;
      const stream = out;
      await new Promise<void>((resolve, reject) => stream.on('error', reject).end(resolve));
      return path;
    },
  };
}
