/**
 * One run of a source: its rows are fetched page by page, cut down to what the format's mapping reads, staged as NDJSON
 * and imported in parts. After each part the place is noted, so that a run that breaks off loses little and the next one
 * continues. Rows that come twice are known by their id.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { explain, StateaiError } from '../../generation/errors.ts';
import type { Dataset, Warehouse } from '../../warehouse/warehouse.ts';
import { formatNamed, type ImportSummary, runImport } from '../import.ts';
import type { FileOutcome } from '../outcome.ts';
import { type Mapping, mappedPaths, mappingKey, readMapping } from '../tabular/mapping.ts';
import { projection } from './project.ts';
import { openSeenRows } from './seen-rows.ts';
import { parseSince } from './since.ts';
import type { PullSource, Runtime } from './source.ts';
import { sourceName } from './source-name.ts';
import { sourceNamed } from './sources.ts';
import { stageRows } from './staged-rows.ts';
import { extendState, readSourceState, sourceStatePath, writeSourceState } from './state.ts';
import { newsOf } from './told.ts';

export interface PullRequest {
  format: string;
  /** Where the source is. A password in it is used and goes no further. */
  url: string;
  /** A date, a time or a duration; without it the run continues where the last one stopped. */
  since?: string;
  strict?: boolean;
  replace?: boolean;
  /** Bring the marts up to date afterwards; default true. */
  settle?: boolean;
  /** Ends the run early; what was fetched is kept. */
  signal?: AbortSignal;
  onProgress?(progress: PullProgress): void;
  /** Rows that are imported at a time; default 200,000. */
  rowsAPart?: number;
  /** Default: the process's own environment, clock and timers. */
  runtime?: Partial<Pick<Runtime, 'env' | 'now' | 'sleep'>>;
}

export interface PullProgress {
  /** Rows fetched so far. */
  rows: number;
  /** The source has been read up to this time, milliseconds; null: it cannot be said. */
  reached: number | null;
  /** While it waits before another try: how long, and why. */
  waiting: { ms: number; why: string } | null;
}

export interface PullSummary extends ImportSummary {
  /** The source's URL without secrets. */
  source: string;
  /** Read from, milliseconds; null: from the oldest row. */
  from: number | null;
  /** Read to, milliseconds; null: nothing for certain. */
  reached: number | null;
  fetched: number;
  /** False: the run broke off (see `failures`) or was ended by its signal. The next one continues. */
  complete: boolean;
}

/** A part is imported when it has so many rows or bytes, or is so old: a crash loses no more than one part. */
const ROWS_A_PART = 200_000;
const BYTES_A_PART = 64 << 20;
const MS_A_PART = 120_000;

/**
 * Runs a source once. What goes wrong on the way is in the summary's `failures`; what was fetched before it is kept.
 * @throws StateaiError for bad use: `unknown_source`, `bad_source`, `no_key`, `bad_since`, `dataset_in_use`
 */
export async function pull(
  warehouse: Warehouse,
  dataset: Dataset,
  request: PullRequest,
): Promise<PullSummary> {
  const source = sourceNamed(request.format);
  const url = sourceUrl(source, request.url);
  const name = sourceName(url);
  const progress: PullProgress = { rows: 0, reached: null, waiting: null };
  const tell = (change: Partial<PullProgress>) =>
    request.onProgress?.(Object.assign(progress, { waiting: null }, change));
  const runtime = makeRuntime(request, tell);
  const key = source.credentials(runtime.env, url);
  const until = runtime.now();
  const asked = request.since === undefined ? undefined : parseSince(request.since, until);
  await dataset.takesRecords();
  const statePath = sourceStatePath(dataset.layout, warehouse.secret, {
    format: source.format,
    name,
    identity: source.identity?.(runtime.env, url) ?? key,
  });
  const known = await readSourceState(statePath);
  const since = asked ?? firstTime(source, known?.reached ?? null, until);
  const from = source.keeps === null ? since : Math.max(since ?? 0, until - source.keeps);
  const format = source.rowsAs ?? source.format;
  const mapping = formatMapping(format);
  const columns = mappedPaths(mapping);
  const project = projection(columns);
  const seen = openSeenRows(known?.seen, warehouse.secret, mappingKey(mapping));
  // Who asks for a time again wants all of it; rows that are told apart by their rank go together.
  const continues = asked === undefined && !request.replace;
  const isAgain = (line: string) => continues && seen.isKnown(line);
  const isRanked = mapping.fields.id?.numbered === true;
  const summary = emptySummary(name, from);
  const directory = await dataset.staging();
  let part = stageRows(directory);
  let begun = until;
  /** Rows of the part that came before, just as they are. */
  let again = 0;
  const isFull = () =>
    part.rows >= (request.rowsAPart ?? ROWS_A_PART) ||
    part.bytes >= BYTES_A_PART ||
    (part.rows > 0 && runtime.now() - begun >= MS_A_PART);

  const land = async (reached: number | null) => {
    await part.close();
    if (part.rows > again) {
      const staged = part;
      const toldOf = (outcome: FileOutcome) => newsOf(outcome, staged, { name, mapping, isAgain, again });
      const imported = await runImport(warehouse, dataset, {
        format,
        paths: [part.path],
        fetched: { mapping, toldOf },
        strict: request.strict ?? false,
        replace: request.replace ?? false,
        settle: false,
      });
      addUp(summary, imported, part.path, name);
    }
    await part.remove();
    if (summary.failures.length > 0) return false;
    if (reached !== null) {
      const covered = extendState(known, { from: since, reached }, until);
      await writeSourceState(statePath, {
        format: source.format,
        source: name,
        ...covered,
        at: runtime.now(),
        seen: seen.stored(),
      });
      summary.reached = reached;
    }
    return true;
  };

  let reached: number | null = null;
  try {
    const pages = source.fetch({ url, key, since: from, until, columns, runtime });
    let landed = true;
    for await (const page of pages) {
      const lines: string[] = [];
      for (const row of page.rows) {
        const line = JSON.stringify(project(row));
        const isKnown = isAgain(line);
        if (isKnown && isRanked) again++;
        if (!isKnown || isRanked) lines.push(line);
        seen.add(line);
      }
      await part.write(lines);
      summary.fetched += page.rows.length;
      reached = page.reached ?? reached;
      tell({ rows: summary.fetched, reached });
      if (isFull()) {
        landed = await land(reached);
        if (!landed) break;
        part = stageRows(directory);
        again = 0;
        begun = runtime.now();
      }
    }
    summary.complete = landed && (await land(reached));
  } catch (error) {
    if (summary.failures.length === 0)
      await land(reached).catch((e) => summary.failures.push(failure(e, name)));
    const told = failure(error, name);
    const isTold = summary.failures.some((f) => f.code === told.code);
    if (!request.signal?.aborted && !isTold) summary.failures.push(told);
  } finally {
    await part.remove();
  }
  if ((request.settle ?? true) && summary.rows + summary.replaced > 0) await dataset.settle();
  return summary;
}

function makeRuntime(request: PullRequest, tell: (change: Partial<PullProgress>) => void): Runtime {
  const signal = request.signal ?? new AbortController().signal;
  return {
    env: process.env,
    now: Date.now,
    sleep: (ms) => sleep(ms, undefined, { signal }),
    ...request.runtime,
    signal,
    onWait: (ms, why) => tell({ waiting: { ms, why } }),
  };
}

/** Without `since`: where the last run stopped, less the overlap. */
function firstTime(source: PullSource, reached: number | null, now: number): number | null {
  if (reached !== null) return Math.min(reached, now) - source.overlap;
  return source.firstRun === null ? null : now - source.firstRun;
}

function sourceUrl(source: PullSource, text: string): URL {
  const bad = (why: string) =>
    new StateaiError(
      'bad_source',
      `The URL for ${source.format} ${why}`,
      `Example: stateai import ${source.format} ${source.example}`,
    );
  // What is wrong is never repeated: it may hold a password.
  if (!URL.canParse(text)) throw bad('cannot be read');
  const url = new URL(text);
  if (/%(?![0-9a-f]{2})/i.test(url.href)) throw bad('has a % that must be written %25');
  if (!source.protocols.includes(url.protocol))
    throw bad(`begins with ${url.protocol}//, which this source does not speak`);
  if (url.protocol.startsWith('http') && (url.username || url.password || url.search))
    throw bad('holds a user, a password or a query; keys are read from the environment');
  return url;
}

function formatMapping(format: string): Mapping {
  const known = formatNamed(format);
  if (known.kind === 'table') {
    // Rows are staged one a line, out of whatever they came in.
    const { rows: _, ...mapping } = readMapping(known.mapping);
    return { ...mapping, format: 'ndjson' };
  }
  throw new StateaiError('unknown_source', `${format} has no mapping for rows that are fetched`, '');
}

function emptySummary(source: string, from: number | null): PullSummary {
  return {
    source,
    from,
    reached: null,
    fetched: 0,
    complete: false,
    files: 0,
    skipped: 0,
    rows: 0,
    duplicates: 0,
    replaced: 0,
    ignored: 0,
    rejected: 0,
    rejectsFile: null,
    firstRejects: [],
    failures: [],
  };
}

/** The staged file's path means nothing to anybody: messages name the source. */
function addUp(summary: PullSummary, part: ImportSummary, path: string, name: string): void {
  summary.files += part.files;
  summary.skipped += part.skipped;
  summary.rows += part.rows;
  summary.duplicates += part.duplicates;
  summary.replaced += part.replaced;
  summary.ignored += part.ignored;
  summary.rejected += part.rejected;
  summary.rejectsFile ??= part.rejectsFile;
  summary.firstRejects.push(...part.firstRejects.slice(0, 5 - summary.firstRejects.length));
  for (const f of part.failures)
    summary.failures.push(new StateaiError(f.code, f.message.replaceAll(path, name), f.next, f));
}

const failure = (error: unknown, name: string): StateaiError => explain(error, `Reading ${name}`);
