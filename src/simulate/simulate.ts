/** Simulates a world into a dataset: plan → records → lake, with the truth in a file beside them. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../catalog/contract.ts';
import { StateaiError } from '../generation/errors.ts';
import { contentHash } from '../generation/ids.ts';
import { writeFileAtomic } from '../warehouse/files.ts';
import type { Staged } from '../warehouse/load.ts';
import type { Dataset } from '../warehouse/warehouse.ts';
import { adopt } from './adoption.ts';
import { openGenerator } from './generate.ts';
import { makePlan, totalRequests } from './plan.ts';
import { STUDY_WORLD } from './study-world/index.ts';
import { type Truth, truthOf } from './truth/truth.ts';
import type { World } from './world.ts';

export interface SimulateOptions {
  generations: number;
  seed: number;
  /** Let the new world take the place of a simulated one that is there. */
  replace?: boolean;
  onProgress?(done: number, total: number): void;
}

export interface Simulated {
  rows: number;
  /** False when the dataset already held exactly this world. */
  made: boolean;
  truthFile: string;
}

const FEWEST_GENERATIONS = 10_000;
const MOST_GENERATIONS = 1e9;

/** Where a simulated dataset keeps the truth. */
const truthPath = (dataset: Dataset): string => join(dataset.layout.root, 'simulation', 'truth.json');

/**
 * Labels are a sample. Small worlds need a larger one than the study's 0.25 %, or nothing could be read from it.
 */
const sampleRateFor = (generations: number): number =>
  Math.round(Math.min(0.5, Math.max(0.0025, 200_000 / generations)) * 1e4) / 1e4;

/** @throws `bad_size`, `dataset_in_use` */
export async function simulate(
  dataset: Dataset,
  world: World,
  catalog: Catalog,
  options: SimulateOptions,
): Promise<Simulated> {
  const { generations, seed } = options;
  checkSize(generations, seed);
  const key = contentHash(JSON.stringify(world), String(generations), String(seed), catalog.version);
  const truthFile = truthPath(dataset);
  const before = await dataset.manifest();
  if (before.lake.length > 0) {
    if (!before.simulated) throw inUse(dataset.name, false);
    const known = await keyOf(truthFile);
    if (known === key && !options.replace) return { rows: 0, made: false, truthFile };
    // Without its truth a world is one that was not finished: it is made again.
    if (known !== null && !options.replace) throw inUse(dataset.name, true);
  }
  const plan = makePlan(world, catalog);
  const requests = totalRequests(plan);
  if (requests === 0)
    throw new StateaiError(
      'bad_world',
      `World “${world.name}” has no traffic from ${world.from} to ${world.to}`,
      'At least one model with a weight, of an author with a weight, in a group with a share, must be there in that time.',
    );
  const scale = generations / requests;
  const adoption = adopt(plan, scale);
  const engine = await dataset.engine();
  const directory = join(await dataset.staging(), `simulate-${key}`);
  await mkdir(directory, { recursive: true });
  const sampleRate = sampleRateFor(generations);
  const generator = await openGenerator(engine, directory, plan, adoption, {
    seed,
    generations,
    sampleRate,
    scale,
  });
  const staged: Staged = { directory, files: [], rejects: [] };
  try {
    const truth = await truthOf(engine, plan, adoption, { key, seed, generations, sampleRate, scale });
    let done = 0;
    for (const { month, generations: n } of generator.months) {
      options.onProgress?.(done, generations);
      const made = await dataset.stageMonth(await generator.month(month));
      staged.files.push(...made.files);
      done += n;
    }
    options.onProgress?.(done, generations);
    const replacing = new Set(before.lake.map((f) => f.file));
    let raced = false;
    const load = await dataset.publish(staged, {
      source: 'simulate',
      simulated: true,
      unique: true,
      // Only the study's own world is calibrated to its figures.
      notes: [world === STUDY_WORLD ? 'simulated' : 'simulated_world'],
      alsoCommit(manifest) {
        raced = manifest.lake.some((f) => !replacing.has(f.file));
        if (raced) return false;
        manifest.lake = [];
        manifest.marts = [];
        return true;
      },
    });
    // Somebody else filled the dataset meanwhile; if with this very world, all is well.
    if (raced && (await keyOf(truthFile)) === key) return { rows: 0, made: false, truthFile };
    if (raced) throw inUse(dataset.name, (await dataset.manifest()).simulated);
    await writeFileAtomic(truthFile, JSON.stringify(truth));
    return { rows: load.rows, made: true, truthFile };
  } finally {
    await generator.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function checkSize(generations: number, seed: number): void {
  if (!Number.isInteger(generations) || generations < FEWEST_GENERATIONS || generations > MOST_GENERATIONS)
    throw new StateaiError(
      'bad_size',
      `${generations} generations cannot be simulated`,
      'Use a whole number from 10000 (1e4) to 1000000000 (1e9).',
    );
  if (!Number.isInteger(seed) || seed < 0 || seed > 2 ** 31)
    throw new StateaiError('bad_size', `${seed} is no seed`, 'Use a whole number from 0 to 2147483648.');
}

function inUse(name: string, simulated: boolean): StateaiError {
  return simulated
    ? new StateaiError(
        'dataset_in_use',
        `Dataset "${name}" already holds a simulated world`,
        'Use another --dataset, or --replace to make this one anew.',
      )
    : new StateaiError(
        'dataset_in_use',
        `Dataset "${name}" holds real records`,
        'A simulated world never mixes with them: use another --dataset.',
      );
}

async function keyOf(path: string): Promise<string | null> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as Truth).key;
  } catch {
    return null;
  }
}
