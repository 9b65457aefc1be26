/**
 * The files behind a door's counts: one a process while it counts, folded into one total when they rest. A total is a
 * numbered file that names what it contains; who lists them counts each part once, whatever happens in between.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ageOf, createFileOnce, namesIn } from '../warehouse/files.ts';
import { addCounts, blank, type DoorCounts } from './door-counts.ts';

/** A part that nobody wrote to for so long is final: whoever made it begins another one (see `REST_MS`). */
const FINAL_MS = 10 * 60_000;
/** A process that counted nothing for so long begins a new part. */
export const REST_MS = 5 * 60_000;
/** From so many parts on, the final ones are folded. */
const MOST_PARTS = 16;
/** Older totals stay so long, for readers that are on their way. */
const KEEP_MS = 15 * 60_000;
const TOTAL = /^total-(\d{10})\.json$/;

/** What the parts named in `folded` counted, and all parts before them. */
interface Total {
  counts: DoorCounts;
  /** Names whose files may still be there. */
  folded: string[];
}

interface Listing {
  number: number;
  total: Total;
  /** Parts that the total does not contain. */
  parts: string[];
  /** Parts that it contains and whose files are still there. */
  leftovers: string[];
  totals: string[];
}

/** What came through a door, over all processes that ever counted. */
export async function readDoor(directory: string, door: string): Promise<DoorCounts> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const listing = await list(directory, door);
    const sum = listing ? await addParts(listing, directory) : null;
    if (sum) return sum;
    // A part has gone into a newer total meanwhile.
  }
  return blank(door);
}

/**
 * Folds parts that are final into a new total. Several processes may try: the total's number is a compare-and-swap.
 * @param finalMs how long a part must have rested
 */
export async function foldParts(directory: string, door: string, finalMs = FINAL_MS): Promise<void> {
  const listing = await list(directory, door);
  if (!listing || listing.parts.length < MOST_PARTS) return;
  const final: string[] = [];
  for (const name of listing.parts) {
    const age = await ageOf(join(directory, name));
    if (Number.isFinite(age) && age >= finalMs) final.push(name);
  }
  if (final.length === 0) return;
  const counts = await addParts({ ...listing, parts: final }, directory);
  if (!counts) return;
  const total: Total = { counts, folded: [...listing.leftovers, ...final] };
  const name = `total-${String(listing.number + 1).padStart(10, '0')}.json`;
  if (!(await createFileOnce(join(directory, name), JSON.stringify(total)))) return;
  for (const part of total.folded) await rm(join(directory, part), { force: true });
  // Numbers are never used twice: the newest total stays, and the ones before it long enough.
  for (const old of listing.totals)
    if ((await ageOf(join(directory, old))) > KEEP_MS && old !== listing.totals.at(-1))
      await rm(join(directory, old), { force: true });
}

async function list(directory: string, door: string): Promise<Listing | null> {
  const names = await namesIn(directory);
  const totals = names.filter((n) => TOTAL.test(n)).sort();
  const newest = totals.at(-1);
  const total = newest ? await readJson<Total>(join(directory, newest)) : { counts: blank(door), folded: [] };
  if (!total) return null;
  const files = names.filter((n) => n.endsWith('.json') && !n.startsWith('.') && !TOTAL.test(n));
  return {
    number: Number(TOTAL.exec(newest ?? '')?.[1] ?? 0),
    total,
    parts: files.filter((n) => !total.folded.includes(n)),
    leftovers: files.filter((n) => total.folded.includes(n)),
    totals,
  };
}

/** null: one of the parts is gone. */
async function addParts({ total, parts }: Listing, directory: string): Promise<DoorCounts | null> {
  const sum = structuredClone(total.counts);
  for (const name of parts) {
    const part = await readJson<DoorCounts>(join(directory, name));
    if (!part) return null;
    addCounts(sum, part);
  }
  return sum;
}

async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
