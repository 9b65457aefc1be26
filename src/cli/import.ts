/** `stateai import`: progress while it runs, a summary of what came in and what did not. */
import { homedir } from 'node:os';
import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import { StateaiError } from '../generation/errors.ts';
import type { DoorField } from '../ingest/door.ts';
import { findHomeLogs } from '../ingest/home-logs.ts';
import { formatNamed, type ImportSummary, runImport } from '../ingest/import.ts';
import { isSourceUrl } from '../ingest/pull/source-name.ts';
import { FORMATS, type Format } from '../ingest/registry.ts';
import { type Dataset, openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';
import { printable } from './terminal.ts';

interface Options {
  data: string;
  dataset: string;
  mapping?: string;
  accounts?: string;
  watch?: boolean;
  every?: string;
  since?: string;
  strict: boolean;
  replace: boolean;
  yes: boolean;
}

const say = (text: string) => process.stderr.write(`${text}\n`);
const whole = new Intl.NumberFormat('en-GB');

export async function importCommand(
  format: string | undefined,
  paths: string[],
  options: Options,
): Promise<void> {
  if (format === undefined) return offerHomeLogs(options);
  if (paths.length === 0)
    throw new StateaiError(
      'no_files',
      `Which ${format} files?`,
      `stateai import ${format} <file, directory or pattern …>; - reads standard input; a URL is fetched.`,
    );
  const isPull = options.since !== undefined || paths.some(isSourceUrl);
  const url = isPull ? (await import('./pull.ts')).sourceAmong(paths, options) : null;
  if (options.accounts && (options.watch || url !== null)) await joinFirst(options.accounts, options);
  if (options.watch) return (await import('./watch.ts')).watchCommand(format, paths, url, options);
  if (options.every !== undefined)
    throw new StateaiError('bad_watch', '--every is for --watch', 'Give --watch as well.');
  if (url === null) return importInto(format, paths, options);
  const { pullInto } = await import('./pull.ts');
  await pullInto(format, url, options, (summary, seconds) => printSummary(summary, options.dataset, seconds));
}

async function joinFirst(file: string, options: Options): Promise<void> {
  const warehouse = await openWarehouse(options.data);
  try {
    await join(warehouse, warehouse.dataset(options.dataset), file);
  } finally {
    await warehouse.close();
  }
}

async function join(warehouse: Warehouse, dataset: Dataset, file: string): Promise<void> {
  await (await import('./accounts.ts')).joinFile(warehouse, dataset, file);
}

async function importInto(format: string, paths: string[], options: Options): Promise<void> {
  const warehouse = await openWarehouse(options.data);
  const stop = () => {
    // Nothing half-imported is visible; the staging directory is cleared by the next run.
    process.exit(130);
  };
  process.once('SIGINT', stop);
  const bar = process.stderr.isTTY ? (await import('./import-progress.ts')).progressBar() : null;
  try {
    const dataset = warehouse.dataset(options.dataset);
    if (options.accounts) await join(warehouse, dataset, options.accounts);
    const started = Date.now();
    const summary = await runImport(warehouse, dataset, {
      format,
      paths,
      ...(options.mapping ? { mapping: options.mapping } : {}),
      strict: options.strict,
      replace: options.replace,
      ...(bar ? { onStart: bar.start, onProgress: bar.progress, onFile: bar.file } : {}),
    });
    bar?.stop();
    printSummary(summary, options.dataset, (Date.now() - started) / 1000);
    if (summary.rows > 0) say(await coverageLine(format, warehouse.dataDir, dataset, options.mapping));
    if (heldNothing(summary))
      say(
        `Nothing in ${summary.files === 1 ? 'this file' : 'these files'} is a generation as ${format} has them.`,
      );
    if (summary.failures.length > 0 || cameToNothing(summary)) process.exitCode = 1;
  } finally {
    bar?.stop();
    process.removeListener('SIGINT', stop);
    await warehouse.close();
  }
}

/** There were rows, and not one of them could be used: most likely these are not files of the format. */
const cameToNothing = ({ rows, duplicates, replaced, ignored, skipped, rejected }: ImportSummary): boolean =>
  rejected > 0 && rows + duplicates + replaced + ignored + skipped === 0;

/** Files were read to their end, and there was not one row: logs of another format, or exports of a time without use. */
const heldNothing = ({ files, failures, ...counts }: ImportSummary): boolean =>
  files > failures.length &&
  counts.rows + counts.duplicates + counts.replaced + counts.ignored + counts.skipped + counts.rejected === 0;

function printSummary(summary: ImportSummary, dataset: string, seconds: number): void {
  const parts = [`${whole.format(summary.rows)} rows into ${pc.bold(dataset)}`];
  if (summary.duplicates > 0) parts.push(`${whole.format(summary.duplicates)} already there`);
  if (summary.replaced > 0) parts.push(`${whole.format(summary.replaced)} replaced by fuller records`);
  if (summary.ignored > 0) parts.push(`${whole.format(summary.ignored)} that are no generations passed over`);
  if (summary.skipped > 0)
    parts.push(`${summary.skipped} of ${summary.files} files unchanged since the last import`);
  say(`${parts.join(', ')} (${seconds.toFixed(1)} s)`);
  if (summary.rejected > 0) {
    const rows = summary.rejected === 1 ? 'row' : 'rows';
    say(pc.yellow(`${whole.format(summary.rejected)} ${rows} could not be used:`));
    for (const r of summary.firstRejects)
      say(`  ${r.file}${r.row ? `, ${r.row}` : `:${r.line}`}: ${printable(r.reason)}`);
    say(`  All of them: ${summary.rejectsFile}`);
  }
  for (const failure of summary.failures)
    say(`${pc.red('Error:')} ${printable(failure.message)}${failure.next ? `\n  ${failure.next}` : ''}`);
}

/** What a format's data can show by itself, and what it lacks for the rest. */
async function coverageLine(
  format: string,
  dataDir: string,
  dataset: Dataset,
  mapping?: string,
): Promise<string> {
  const { coverageOf, coverageText, fieldsWith } = await import('../server/door-coverage.ts');
  const { exhibitsOf } = await import('../exhibits/registry.ts');
  const joined = fieldsWith((await dataset.manifest()).accounts);
  const exhibits = exhibitsOf(dataDir);
  const has = await fieldsIn(formatNamed(format), mapping);
  return `From ${format} alone can be drawn: ${coverageText(coverageOf(joined(has ?? []), exhibits), exhibits.length)}`;
}

/** What reads mappings is loaded for tables only. */
async function fieldsIn(format: Format, mapping?: string): Promise<readonly DoorField[] | null> {
  if (format.kind === 'log') return format.door.has;
  const { fieldsOf, fieldsOfMapping } = await import('../ingest/door-fields.ts');
  if (!mapping) return fieldsOf(format);
  return fieldsOfMapping((await import('../ingest/tabular/mapping.ts')).readMapping(mapping));
}

async function offerHomeLogs(options: Options): Promise<void> {
  const found = await findHomeLogs(process.env, homedir());
  if (found.length === 0) {
    say('No logs of coding agents were found in your home directory.');
    say('Import something else:');
    const { coverageOf } = await import('../server/door-coverage.ts');
    const exhibits = (await import('../exhibits/registry.ts')).exhibitsOf(options.data);
    for (const f of FORMATS) {
      const has = await fieldsIn(f);
      const drawn = has ? `${coverageOf(has, exhibits).drawn.length} of ${exhibits.length} exhibits` : '';
      say(`  stateai import ${f.format.padEnd(20)} ${f.summary.padEnd(50)} ${drawn}`.trimEnd());
    }
    return;
  }
  say('Found on this machine:');
  for (const f of found)
    say(`  ${f.format}: ${whole.format(f.files)} files, ${(f.bytes / 1e6).toFixed(1)} MB in ${f.path}`);
  if (!options.yes) {
    if (!process.stdin.isTTY) {
      say('Run again with --yes to import all of it.');
      return;
    }
    const question = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await question.question(
      `Import into "${options.dataset}"? Only token counts and the like are kept, never text. [Y/n] `,
    );
    question.close();
    if (/^n/i.test(answer.trim())) return;
  }
  for (const f of found) {
    say(`${f.format}: ${f.path}`);
    await importInto(f.format, [f.path], options);
  }
}
