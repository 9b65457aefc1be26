/** An import: files of one format into one dataset. What cannot be used is reported, what can be used is kept. */
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explain, StateaiError } from '../generation/errors.ts';
import { uniqueName } from '../warehouse/files.ts';
import type { Dataset, Warehouse } from '../warehouse/warehouse.ts';
import type { Reject } from './door.ts';
import { importLogs } from './import-logs.ts';
import { findFiles } from './inputs.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { FORMATS, type Format } from './registry.ts';
import { importTable, mappingKey, pseudonymSql } from './tabular/import-table.ts';
import { type Mapping, readMapping } from './tabular/mapping.ts';

export interface Progress {
  /** Bytes of the current file read so far. */
  bytes: number;
  rows?: number;
  fileDone?: boolean;
}

export interface ImportOptions {
  strict: boolean;
  replace: boolean;
  ledger: Ledger;
  pseudonymSql(kind: 'account' | 'session', expression: string): string;
  onProgress?(progress: Progress): void;
}

export interface FileOutcome {
  path: string;
  /** Imported before, unchanged. */
  skipped: boolean;
  rows: number;
  duplicates: number;
  replaced: number;
  rejects: Reject[];
  rejected: number;
}

export interface ImportRequest {
  format: string;
  paths: readonly string[];
  mapping?: string;
  strict?: boolean;
  replace?: boolean;
  /** Bring the marts up to date afterwards; default true. */
  settle?: boolean;
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
  const mapping = mappingFor(format, request.mapping);
  await dataset.takesRecords();
  const found = await findFiles(
    request.paths,
    format.endings,
    format.kind === 'log' ? format.door.isLog : undefined,
  );
  request.onStart?.(found.files.length, await totalSize(found.files));
  const summary: ImportSummary = {
    files: found.files.length,
    skipped: 0,
    rows: 0,
    duplicates: 0,
    replaced: 0,
    rejected: 0,
    rejectsFile: null,
    firstRejects: [],
    failures: found.failures,
  };
  const options: ImportOptions = {
    strict: request.strict ?? false,
    replace: request.replace ?? false,
    ledger: await openLedger(dataset),
    pseudonymSql: pseudonymSql(warehouse.secret),
    onProgress: request.onProgress,
  };
  const report = rejectsReport(dataset);
  const settle = (outcome: FileOutcome) => {
    summary.rows += outcome.rows;
    summary.duplicates += outcome.duplicates;
    summary.replaced += outcome.replaced;
    summary.rejected += outcome.rejected;
    if (outcome.skipped) summary.skipped++;
    summary.firstRejects.push(...outcome.rejects.slice(0, Math.max(0, 5 - summary.firstRejects.length)));
    request.onFile?.(outcome);
    return report.write(outcome.rejects);
  };
  if (format.kind === 'log') {
    for await (const outcome of importLogs(dataset, found.files, format.door, warehouse, options)) {
      if ('error' in outcome) summary.failures.push(outcome.error);
      else await settle(outcome);
    }
  } else if (mapping) {
    for (const path of found.files) {
      try {
        if (!options.replace && (await options.ledger.unchanged(path, mappingKey(mapping))))
          await settle({
            path,
            skipped: true,
            rows: 0,
            duplicates: 0,
            replaced: 0,
            rejects: [],
            rejected: 0,
          });
        else await settle(await importTable(dataset, path, mapping, options));
      } catch (error) {
        summary.failures.push(explain(error, `Importing ${path}`));
        if ((error as { code?: string }).code === 'disk_full') break;
      }
      request.onProgress?.({ bytes: 0, fileDone: true });
    }
  }
  summary.rejectsFile = await report.close();
  if ((request.settle ?? true) && (await dataset.exists())) await dataset.settle();
  return summary;
}

function mappingFor(format: Format, path: string | undefined): Mapping | null {
  if (format.kind === 'log') return null;
  if (format.kind === 'table') return format.mapping();
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
