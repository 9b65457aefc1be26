/** `stateai import <format> <url>`: a source is fetched; progress while it runs, and a summary. */
import pc from 'picocolors';
import { StateaiError } from '../generation/errors.ts';
import { type PullProgress, type PullSummary, pull } from '../ingest/pull/pull.ts';
import { isSourceUrl } from '../ingest/pull/source-name.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';

export interface PullOptions {
  data: string;
  dataset: string;
  since?: string;
  mapping?: string;
  strict: boolean;
  replace: boolean;
}

const say = (text: string) => process.stderr.write(`${text}\n`);
const whole = new Intl.NumberFormat('en-GB');

/**
 * The URL among an import's paths, null where they are files.
 * @throws `bad_source` for a URL beside other paths or with a mapping, `bad_since` for files with `--since`
 */
export function sourceAmong(
  paths: readonly string[],
  options: Pick<PullOptions, 'since' | 'mapping'>,
): string | null {
  const url = paths.find(isSourceUrl);
  if (url === undefined) {
    if (options.since !== undefined)
      throw new StateaiError(
        'bad_since',
        '--since is for sources that are fetched from a URL',
        'Files are read whole; what was imported before is counted once.',
      );
    return null;
  }
  if (paths.length > 1)
    throw new StateaiError('bad_source', 'A source is fetched alone', 'Give one URL and no other path.');
  if (options.mapping !== undefined)
    throw new StateaiError('bad_source', '--mapping is for files', 'A source brings its own mapping.');
  return url;
}

export async function pullInto(
  format: string,
  url: string,
  options: PullOptions,
  summarise: (summary: PullSummary, seconds: number) => void,
): Promise<void> {
  const warehouse = await openWarehouse(options.data);
  const stopping = new AbortController();
  // The first time what was fetched is kept; the second time the process ends at once.
  const stop = () => (stopping.signal.aborted ? process.exit(130) : stopping.abort());
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const line = progressLine();
  try {
    const started = Date.now();
    const summary = await pull(warehouse, warehouse.dataset(options.dataset), {
      format,
      url,
      ...(options.since === undefined ? {} : { since: options.since }),
      strict: options.strict,
      replace: options.replace,
      signal: stopping.signal,
      onProgress: line.show,
    });
    line.clear();
    say(`${summary.source}: ${whole.format(summary.fetched)} rows fetched${reach(summary)}`);
    summarise(summary, (Date.now() - started) / 1000);
    if (!summary.complete) {
      say(
        pc.yellow(
          summary.fetched > 0
            ? 'The source was not read to its end. What was fetched is kept; run the command again to continue.'
            : 'The source was not read to its end.',
        ),
      );
      process.exitCode = stopping.signal.aborted ? 130 : 1;
    }
  } finally {
    line.clear();
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
    await warehouse.close();
  }
}

function reach({ from, reached }: Pick<PullSummary, 'from' | 'reached'>): string {
  const begin = from === null ? '' : `, from ${time(from)}`;
  return `${begin}${reached === null ? '' : `, complete up to ${time(reached)}`}`;
}

const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** One line that is written over, on a terminal only. */
function progressLine() {
  let shown = 0;
  let width = 0;
  return {
    show(progress: PullProgress) {
      if (!process.stderr.isTTY || (progress.waiting === null && Date.now() - shown < 200)) return;
      shown = Date.now();
      const wait = progress.waiting
        ? `, waiting ${Math.ceil(progress.waiting.ms / 1000)} s: ${progress.waiting.why}`
        : '';
      const reached = progress.reached === null ? '' : `, up to ${time(progress.reached)}`;
      const text = `Fetching: ${whole.format(progress.rows)} rows${reached}${wait}`.slice(
        0,
        (process.stderr.columns || 80) - 1,
      );
      process.stderr.write(`\r${text.padEnd(width)}`);
      width = text.length;
    },
    clear() {
      if (width > 0) process.stderr.write(`\r${' '.repeat(width)}\r`);
      width = 0;
    },
  };
}
