/** `stateai simulate`: a world with a known truth, as a dataset that says of itself that it is simulated. */
import cliProgress from 'cli-progress';
import pc from 'picocolors';
import { loadCatalog } from '../catalog/catalog.ts';
import { StateaiError } from '../generation/errors.ts';
import { simulate } from '../simulate/simulate.ts';
import { STUDY_WORLD } from '../simulate/study-world/index.ts';
import { readWorld } from '../simulate/world-file.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';

interface Options {
  data: string;
  dataset: string;
  generations: string;
  seed: string;
  world?: string;
  replace: boolean;
}

const whole = new Intl.NumberFormat('en-GB');
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

export async function simulateCommand(options: Options): Promise<void> {
  const [generations, seed] = [number(options.generations, '--generations'), number(options.seed, '--seed')];
  const world = options.world ? readWorld(options.world) : STUDY_WORLD;
  const warehouse = await openWarehouse(options.data);
  const bar = new cliProgress.SingleBar({
    format: 'Simulating {bar} {percentage}% | {rate} records/s | {eta_formatted} left',
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
  });
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  try {
    const dataset = warehouse.dataset(options.dataset);
    const catalog = await loadCatalog({ dataDir: warehouse.dataDir });
    if (process.stderr.isTTY) bar.start(generations, 0, { rate: '–' });
    const made = await simulate(dataset, world, catalog, {
      generations,
      seed,
      replace: options.replace,
      onProgress: (done) => {
        bar.update(done, { rate: whole.format(Math.round(done / seconds())) });
        if (!process.stderr.isTTY) say(`${Math.round((100 * done) / generations)} %`);
      },
    });
    bar.stop();
    if (!made.made) say(`Dataset ${pc.bold(options.dataset)} already holds this world.`);
    else
      say(
        `${whole.format(made.rows)} simulated generations in ${pc.bold(options.dataset)}, ${whole.format(Math.round(made.rows / seconds()))} a second (${seconds().toFixed(1)} s)`,
      );
    await dataset.settle();
    say(`Truth: ${made.truthFile}`);
  } finally {
    bar.stop();
    await warehouse.close();
  }
}

function number(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new StateaiError('bad_size', `${option} is "${text.slice(0, 40)}"`, 'Use a number, for example 1e6.');
}
