/** `stateai import … --watch`: one line for each run that brought something, until it is told to stop. */
import { existsSync } from 'node:fs';
import pc from 'picocolors';
import { StateaiError } from '../generation/errors.ts';
import { formatNamed } from '../ingest/import.ts';
import { sourceName } from '../ingest/pull/source-name.ts';
import { sourceNamed } from '../ingest/pull/sources.ts';
import { type WatchRun, watch } from '../ingest/watch.ts';
import { fileRuns, pullRuns } from '../ingest/watch-runs.ts';
import { startHeartbeat } from '../ingest/watch-state.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';

export interface WatchCommandOptions {
  data: string;
  dataset: string;
  mapping?: string;
  since?: string;
  every?: string;
  strict: boolean;
  replace: boolean;
}

const say = (text: string) => process.stderr.write(`${text}\n`);
const whole = new Intl.NumberFormat('en-GB');
/** How long a run under way may take to come to its end when the watch is to stop. */
const LAST_MS = 10_000;
const FILES_EVERY_MS = 10_000;
const SOURCE_EVERY_MS = 5 * 60_000;

/** @param url the source among the paths; null where they are files */
export async function watchCommand(
  format: string,
  paths: readonly string[],
  url: string | null,
  options: WatchCommandOptions,
): Promise<void> {
  formatNamed(format);
  refuse(paths, options);
  const everyMs = everyOf(options.every) ?? (url === null ? FILES_EVERY_MS : SOURCE_EVERY_MS);
  const warehouse = await openWarehouse(options.data);
  const dataset = warehouse.dataset(options.dataset);
  const stopping = stopOnSignals();
  const { signal } = stopping;
  const name = url === null ? paths.join(' ') : URL.canParse(url) ? sourceName(new URL(url)) : 'the source';
  const source = url === null ? null : sourceNamed(format);
  const heartbeat = startHeartbeat(dataset.layout, {
    door: source?.rowsAs ?? format,
    paths: url === null ? [...paths] : [name],
    everyMs,
  });
  try {
    const mapping = options.mapping ? { mapping: options.mapping } : {};
    const request = { format, strict: options.strict, signal };
    const run =
      url === null
        ? await fileRuns(warehouse, dataset, { ...request, ...mapping, paths })
        : pullRuns(warehouse, dataset, {
            ...request,
            url,
            ...(options.since === undefined ? {} : { since: options.since }),
          });
    say(`Watching ${name} for ${pc.bold(dataset.name)}; Ctrl-C ends it.`);
    const watching = watch({
      everyMs,
      signal,
      heartbeat,
      run,
      settle: () => dataset.settle(),
      tell: (result) => tell(format, result),
      hints: url === null ? paths.filter((path) => existsSync(path)) : [],
      isBadUse: ({ code }) => code.startsWith('bad_') || MENDED_BY_USER.includes(code),
    });
    const isWhole = await Promise.race([watching.then(() => true), stopping.lastMoment.then(() => false)]);
    await heartbeat.end();
    say('The watch has ended.');
    // Of a run that is cut off nothing is visible; what it left behind is cleared by the next settling.
    if (!isWhole) process.exit(0);
  } finally {
    await heartbeat.end();
    stopping.release();
    await warehouse.close();
  }
}

const MENDED_BY_USER = ['unknown_source', 'unknown_format', 'no_mapping', 'no_key', 'dataset_in_use'];

function refuse(paths: readonly string[], options: WatchCommandOptions): void {
  if (paths.includes('-'))
    throw new StateaiError('bad_watch', 'Standard input cannot be watched', 'Give files or directories.');
  if (options.replace)
    throw new StateaiError(
      'bad_watch',
      '--replace reads every file again, so it cannot go with --watch',
      'Import once with --replace, then watch.',
    );
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 };

/** @throws `bad_duration` */
function everyOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, number, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (ms >= 1000 && ms <= 7 * 86_400_000) return ms;
  throw new StateaiError('bad_duration', '--every is no duration', 'Use 10s, 5m or 1h; from 1s to 168h.');
}

/** The first Ctrl-C lets the run under way come to its end; the second one does not. */
function stopOnSignals() {
  const controller = new AbortController();
  let cut: () => void = () => undefined;
  const lastMoment = new Promise<void>((resolve) => {
    cut = resolve;
  });
  const stop = () => {
    if (controller.signal.aborted) return cut();
    controller.abort();
    setTimeout(cut, LAST_MS).unref();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    lastMoment,
    release: () => void process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop),
  };
}

function tell(format: string, run: WatchRun): void {
  const parts = [`${whole.format(run.rows)} rows`];
  if (run.replaced > 0) parts.push(`${whole.format(run.replaced)} replaced by fuller records`);
  if (run.rejected > 0) parts.push(pc.yellow(`${whole.format(run.rejected)} rejected (${run.rejectsFile})`));
  const time = new Date().toTimeString().slice(0, 8);
  if (run.rows + run.replaced + run.rejected > 0) say(`${time} ${format}: ${parts.join(', ')}`);
  for (const failure of run.failures)
    say(`${time} ${pc.red('Error:')} ${failure.message}${failure.next ? `\n  ${failure.next}` : ''}`);
  if (run.failed && run.trouble) say(`${time} ${pc.red('Error:')} ${run.trouble}\n  It is tried again.`);
}
