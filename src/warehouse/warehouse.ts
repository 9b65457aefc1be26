/** The warehouse: datasets by name in one data directory, each a journal, a lake and marts. Many processes may open it. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { explain, StateaiError } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import { pseudonym } from '../generation/ids.ts';
import { type Engine, openEngine } from './engine.ts';
import { createFileOnce, namesIn, uniqueName } from './files.ts';
import { findRecord } from './find-record.ts';
import { type Journal, openJournal } from './journal.ts';
import { loadJournal } from './journal-load.ts';
import { type Layout, layoutOf, readOnly } from './layout.ts';
import { type LoadInfo, publish, type Staged, stage, stageMonth } from './load.ts';
import { collectGarbage, compact, hasSmallFiles } from './maintain.ts';
import { makeOnce } from './make-once.ts';
import { type Load, type Manifest, readManifest } from './manifest.ts';
import { buildMarts, lacksMarts } from './marts.ts';
import { takeTurns } from './turns.ts';

export interface Warehouse {
  dataDir: string;
  /** The workspace's key for pseudonyms. Stays inside the process. */
  secret: string;
  datasets(): Promise<string[]>;
  dataset(name: string): Dataset;
  /** Keyed hashes under this workspace's secret. */
  hashAccount(name: string): string;
  hashSession(name: string): string;
  close(): Promise<void>;
}

export interface Dataset {
  name: string;
  layout: Layout;
  manifest(): Promise<Manifest>;
  exists(): Promise<boolean>;
  /** Real records never join a simulated world. @throws `dataset_in_use` */
  takesRecords(): Promise<void>;
  /** The engine of this process, opened at the first call. */
  engine(): Promise<Engine>;
  /** A directory for work in progress, on the disk of the data, deleted at `close`. */
  staging(): Promise<string>;
  /** Writes a relation of records into staging; `publish` makes it part of the dataset. */
  stage(relation: string): Promise<Staged>;
  /** The same for a relation whose records are all of one month and right by construction. */
  stageMonth(relation: string): Promise<Staged>;
  publish(staged: Staged, info: LoadInfo): Promise<Load>;
  /** A record of the lake by its id; what still waits in the journal is not found. */
  find(id: string): Promise<Generation | null>;
  /** The journal for records that must be safe before they are acknowledged. */
  journal(): Promise<Journal>;
  /**
   * Journal → lake → marts → housekeeping. Answers how many records came from the journal. Where there is nothing to do
   * the engine is not opened.
   * @param leaving so many records may be without marts: readers take them from the lake
   */
  settle(leaving?: number): Promise<number>;
}

/** @param toRead nothing is to be written, so a data directory that cannot be written to will do, and none is made */
export async function openWarehouse(dataDir: string, { toRead = false } = {}): Promise<Warehouse> {
  const root = resolve(dataDir);
  const scratch = toRead && isReadOnly(root) ? await mkdtemp(join(tmpdir(), 'stateai-read-')) : null;
  // Names are hashed only where records come in. It may be kept from others, or left out of a copy.
  const secret = toRead ? '' : await workspaceSecret(root);
  const open = new Map<string, { dataset: Dataset; close(): Promise<void> }>();
  return {
    dataDir: root,
    secret,
    async datasets() {
      const names: string[] = [];
      for (const name of (await namesIn(join(root, 'datasets'))).sort()) {
        const made = await namesIn(join(root, 'datasets', name, 'manifest'));
        if (made.length > 0) names.push(name);
      }
      return names;
    },
    dataset(name) {
      const layout = layoutOf(root, name);
      const known = open.get(name) ?? openDataset(name, scratch ? readOnly(layout, scratch) : layout);
      open.set(name, known);
      return known.dataset;
    },
    hashAccount: (name) => pseudonym(secret, 'account', name),
    hashSession: (name) => pseudonym(secret, 'session', name),
    async close() {
      for (const { close } of open.values()) await close();
      open.clear();
      if (scratch) await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** Of what is not there this is not known, so it is none. */
function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/**
 * The secret of a data directory, made on first use: pseudonyms and stored provider keys rest on it.
 * @throws `damaged_workspace`, or what creating the directory throws
 */
export async function workspaceSecret(root: string): Promise<string> {
  const path = join(root, 'workspace.json');
  const read = async () => {
    const { secret } = JSON.parse(await readFile(path, 'utf8')) as { secret?: string };
    if (typeof secret === 'string' && secret.length >= 32) return secret;
    throw new StateaiError(
      'damaged_workspace',
      `${path} holds no secret`,
      'Restore it from a backup; without it new pseudonyms will not match old ones.',
    );
  };
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw explain(error, `Reading ${path}`);
  }
  try {
    await mkdir(root, { recursive: true });
    await createFileOnce(path, `${JSON.stringify({ secret: randomBytes(32).toString('hex') }, null, 2)}\n`);
    return await read();
  } catch (error) {
    throw explain(error, `Creating the data directory ${root}`);
  }
}

async function needsSettling(layout: Layout, leaving: number): Promise<boolean> {
  if ((await namesIn(layout.journal)).length > 0) return true;
  const manifest = await readManifest(layout);
  return hasSmallFiles(manifest) || lacksMarts(manifest, leaving);
}

function openDataset(name: string, layout: Layout): { dataset: Dataset; close(): Promise<void> } {
  const staging = makeOnce(async () => {
    const directory = join(layout.staging, `${process.pid}-${uniqueName()}`);
    await mkdir(directory, { recursive: true });
    return directory;
  });
  const engine = makeOnce(async () => openEngine({ tempDir: join(await staging.get(), 'spill') }));
  const journal = makeOnce(() => openJournal(layout));
  /** Known to hold records that are no simulation: it stays so. */
  let isReal = false;
  // Both put what they compare into tables of the engine, which this process has one of.
  const inTurn = takeTurns();
  const dataset: Dataset = {
    name,
    layout,
    manifest: () => readManifest(layout),
    exists: async () => (await namesIn(layout.manifest)).length > 0,
    async takesRecords() {
      if (isReal) return;
      const manifest = await readManifest(layout);
      if (manifest.simulated)
        throw new StateaiError(
          'dataset_in_use',
          `Dataset "${name}" holds a simulated world`,
          'Real records never join it: use another --dataset.',
        );
      isReal = manifest.lake.length > 0;
    },
    engine: engine.get,
    staging: staging.get,
    stage: async (relation) => stage(await dataset.engine(), await dataset.staging(), relation),
    stageMonth: async (relation) => stageMonth(await dataset.engine(), await dataset.staging(), relation),
    publish: (staged, info) => inTurn(async () => publish(await dataset.engine(), layout, staged, info)),
    find: async (id) => findRecord(await dataset.engine(), layout, id),
    journal: journal.get,
    settle: (leaving = 0) =>
      inTurn(async () => {
        if (!(await needsSettling(layout, leaving))) {
          await collectGarbage(layout);
          return 0;
        }
        const [e, directory] = [await dataset.engine(), await dataset.staging()];
        const rows = await loadJournal(e, layout, directory);
        await compact(e, layout, directory);
        if (lacksMarts(await readManifest(layout), leaving)) await buildMarts(e, layout, directory);
        await collectGarbage(layout);
        return rows;
      }),
  };
  const close = async () => {
    await (await journal.made())?.close();
    (await engine.made())?.close();
    const directory = await staging.made();
    if (directory) await rm(directory, { recursive: true, force: true });
  };
  return { dataset, close };
}
