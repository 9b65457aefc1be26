/** `catalog refresh`: newer facts from models.dev or OpenRouter's `/models`, kept in the workspace. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explain, StateaiError } from '../generation/errors.ts';
import { loadCatalog, type NamedCatalog } from './catalog.ts';
import type { ResolvedModel } from './contract.ts';
import type { ModelFacts } from './facts.ts';
import { type Listed, readListing } from './listings.ts';
import { underCanonicalAuthor, withoutSnapshotDate } from './slug.ts';

export interface RefreshSummary {
  /** Models that the source lists and that were kept. */
  read: number;
  added: number;
  changed: number;
  /** What was left out, each with the reason. */
  skipped: string[];
}

const TIMEOUT_MS = 15_000;
const WANTED = 'Give models.dev’s api.json or OpenRouter’s /models, as a file or an address.';

/**
 * Reads a public list of models and writes `<dataDir>/catalog/refreshed.json` in place of the one before.
 * Only what the list states is written, so nothing that we know is lost where the list is silent.
 * @param source file or http(s) URL
 * @throws `bad_catalog` (not JSON, other shape, empty) · `bad_source` (HTTP error, no answer) · `not_found`
 */
export async function refreshCatalog(
  source: string,
  dataDir: string,
  fetcher: typeof fetch = globalThis.fetch,
): Promise<RefreshSummary> {
  const text = /^https?:\/\//.test(source) ? await download(source, fetcher) : await readText(source);
  const date = new Date().toISOString().slice(0, 10);
  const listing = readListing(parseJson(text, source), `${nameOf(source)}, ${date}`);
  const before = await loadCatalog({ dataDir });
  const kept = new Map<string, ModelFacts>();
  const skipped = [...listing.skipped];
  // What is listed under our own name for it goes before what is listed under another.
  const byName = [...listing.models].sort(
    (a, b) => Number(before.sameAs(b.slug) === b.slug) - Number(before.sameAs(a.slug) === a.slug),
  );
  for (const model of byName) {
    const reason = keep(model, before, kept);
    if (reason) skipped.push(reason);
  }
  if (kept.size === 0) throw new StateaiError('bad_catalog', `${source}: no models in it`, WANTED);
  const path = join(dataDir, 'catalog', 'refreshed.json');
  await write(
    path,
    `${JSON.stringify({ source: nameOf(source), date, models: Object.fromEntries(kept) }, null, 1)}\n`,
  );
  const after = await loadCatalog({ dataDir });
  let added = 0;
  let changed = 0;
  for (const slug of kept.keys()) {
    const old = before.resolve(slug);
    if (!old.known) added++;
    else if (differ(old, after.resolve(slug))) changed++;
  }
  return { read: kept.size, added, changed, skipped };
}

/** Answers why a model is not kept, or null. */
function keep({ slug, facts }: Listed, known: NamedCatalog, kept: Map<string, ModelFacts>): string | null {
  const same = known.sameAs(slug);
  if (same !== slug && withoutSnapshotDate(slug)) {
    const model = known.resolve(slug);
    if (model.known) return `${slug}: a dated snapshot of ${model.model}`;
  }
  // A name that only resembles a known one (another month, another packaging) is a model of its own.
  const target = same ?? underCanonicalAuthor(slug);
  if (kept.has(target)) return `${slug}: ${target} is listed under its own name too`;
  kept.set(target, facts);
  return null;
}

function differ(a: ResolvedModel, b: ResolvedModel): boolean {
  const facts = ({ sources: _, ...rest }: ResolvedModel) => JSON.stringify(rest);
  return facts(a) !== facts(b);
}

const nameOf = (source: string): string =>
  source
    .replace(/[?#].*$/, '')
    .split('/')
    .at(-1) || source;

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StateaiError('bad_catalog', `${source}: this is no JSON`, WANTED, error);
  }
}

async function download(url: string, fetcher: typeof fetch): Promise<string> {
  const next = 'Check the address, or download the file and give its path.';
  try {
    const response = await fetcher(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new StateaiError('bad_source', `${url} answered ${response.status}`, next);
    return await response.text();
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (error instanceof StateaiError) throw error;
    if (name === 'TimeoutError' || name === 'AbortError')
      throw new StateaiError(
        'bad_source',
        `${url} did not answer within ${TIMEOUT_MS / 1000} s`,
        next,
        error,
      );
    const why = cause instanceof Error ? cause.message : message;
    throw new StateaiError('bad_source', `${url} could not be reached: ${why}`, next, error);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw explain(error, `Reading ${path}`);
  }
}

/** All or nothing: a reader sees the old file or the new one. */
async function write(path: string, content: string): Promise<void> {
  const temporary = join(path, '..', `.refreshed-${randomUUID()}.json`);
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw explain(error, `Writing ${path}`);
  }
}
