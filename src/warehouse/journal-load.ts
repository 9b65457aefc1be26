/** Takes acknowledged records from the journal into the lake. Where it stopped is part of the commit. */
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { journalRelation } from './columns.ts';
import type { Engine } from './engine.ts';
import { ageOf, namesIn, processIsAlive, uniqueName } from './files.ts';
import { doorsIn } from './lake.ts';
import type { Layout } from './layout.ts';
import { JOURNAL, publish, stage } from './load.ts';
import { commit, readManifest } from './manifest.ts';
import { RESTED_MS, segmentOwner } from './segment.ts';

/** As much of the journal as one load takes. */
const LOAD_BYTES = 512 << 20;

/**
 * Takes in what stands in the journal when it is called, and not what comes meanwhile: under a steady stream it would
 * never end. Answers how many records came into the lake.
 */
export async function loadJournal(engine: Engine, layout: Layout, staging: string): Promise<number> {
  let rows = 0;
  const sizes = await segmentSizes(layout);
  await nameDoors(engine, layout);
  for (;;) {
    const manifest = await readManifest(layout);
    const slices = await pendingSlices(layout, staging, sizes, manifest.journal);
    if (slices.length === 0) break;
    const staged = await stage(engine, staging, journalRelation(slices.map((s) => s.copy)));
    const load = await publish(engine, layout, staged, {
      source: JOURNAL,
      alsoCommit(current) {
        if (slices.some((s) => (current.journal[s.segment] ?? 0) !== s.from)) return false;
        for (const s of slices) current.journal[s.segment] = s.to;
        return true;
      },
    });
    rows += load.rows;
    for (const s of slices) await rm(s.copy, { force: true });
    await rm(staged.directory, { recursive: true, force: true });
  }
  await forgetSegments(layout);
  return rows;
}

/** Files of earlier versions say of their records only that they came from the journal. */
async function nameDoors(engine: Engine, layout: Layout): Promise<void> {
  const files = (await readManifest(layout)).lake.filter((f) => f.sources.includes(JOURNAL));
  if (files.length === 0) return;
  const doors = await doorsIn(
    engine,
    files.map((f) => join(layout.lake, f.file)),
  );
  const doorsOf = new Map(files.map((f, i) => [f.file, named(f.sources, doors[i] ?? [])]));
  await commit(layout, (manifest) => {
    manifest.lake = manifest.lake.map((f) => ({ ...f, sources: doorsOf.get(f.file) ?? f.sources }));
    return true;
  });
}

/** In a merged file the records of imports have sources of other names, which look like records sent over HTTP. */
function named(sources: readonly string[], doors: readonly string[]): string[] {
  const imports = sources.filter((source) => source !== JOURNAL);
  const sure = doors.filter((door) => imports.length === 0 || door !== 'http');
  return [...new Set([...imports, ...(sure.length > 0 ? sure : doors)])].sort();
}

interface Slice {
  segment: string;
  from: number;
  to: number;
  copy: string;
}

/** Bytes of each segment, by its name. */
async function segmentSizes(layout: Layout): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const segment of (await namesIn(layout.journal)).filter((n) => n.endsWith('.ndjson')).sort()) {
    const size = (await stat(join(layout.journal, segment)).catch(() => null))?.size;
    if (size !== undefined) sizes.set(segment, size);
  }
  return sizes;
}

/** Copies what is new of each segment, up to its last whole line: a torn line was never acknowledged. */
async function pendingSlices(
  layout: Layout,
  staging: string,
  sizes: ReadonlyMap<string, number>,
  done: Record<string, number>,
): Promise<Slice[]> {
  const slices: Slice[] = [];
  let total = 0;
  for (const [segment, size] of sizes) {
    const path = join(layout.journal, segment);
    const from = done[segment] ?? 0;
    if (size <= from || total > LOAD_BYTES) continue;
    const handle = await open(path, 'r').catch(notThere);
    // Another process took it in and deleted it.
    if (!handle) continue;
    try {
      const buffer = Buffer.alloc(size - from);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
      if (end === 0) continue;
      const copy = join(staging, `journal-${uniqueName()}.ndjson`);
      const target = await open(copy, 'wx', 0o600);
      await target.writeFile(buffer.subarray(0, end)).finally(() => target.close());
      slices.push({ segment, from, to: from + end, copy });
      total += end;
    } finally {
      await handle.close();
    }
  }
  return slices;
}

function notThere(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** Deletes segments that are wholly in the lake and that nobody writes to any more. */
async function forgetSegments(layout: Layout): Promise<void> {
  const manifest = await readManifest(layout);
  const gone: string[] = [];
  for (const [segment, offset] of Object.entries(manifest.journal)) {
    const path = join(layout.journal, segment);
    const size = (await stat(path).catch(() => null))?.size ?? null;
    const idle = !processIsAlive(segmentOwner(segment)) || (await ageOf(path)) > 2 * RESTED_MS;
    if (size === null) gone.push(segment);
    else if (idle && (await hasOnlyTornRest(path, offset, size))) await rm(path, { force: true });
  }
  if (gone.length > 0)
    await commit(layout, (m) => {
      const before = Object.keys(m.journal).length;
      for (const segment of gone) delete m.journal[segment];
      return Object.keys(m.journal).length < before;
    });
}

async function hasOnlyTornRest(path: string, offset: number, size: number): Promise<boolean> {
  // Smaller: what was taken into the lake before it was on the disk was cut off, and written again into another one.
  if (size <= offset) return true;
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(size - offset);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    return !buffer.subarray(0, bytesRead).includes(10);
  } finally {
    await handle.close();
  }
}
