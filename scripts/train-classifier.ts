/**
 * Makes src/classify/model/embedded.{bin,json} from src/classify/seeds. Run: node scripts/train-classifier.ts
 * With --check it also says what cross-validation on the seeds makes of it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { CATEGORIES } from '../src/classify/categories.ts';
import { buildModel, prepare, rowsWith, SETTINGS } from '../src/classify/train/build.ts';
import { accuracyOf, heldOut, lossOf, temperatureOf } from '../src/classify/train/cross-validation.ts';
import { readSeeds } from '../src/classify/train/seeds.ts';

const { seeds } = readSeeds();
const prepared = prepare(seeds);
if (process.argv.includes('--check'))
  for (const scheme of ['near', 'block', 'language'] as const) {
    const held = heldOut(
      seeds,
      prepared.examples,
      scheme,
      rowsWith(prepared.words),
      CATEGORIES.length,
      SETTINGS,
    );
    const temperature = temperatureOf(held);
    console.log(
      `held out by ${scheme}: ${(accuracyOf(held) * 100).toFixed(1)} % right, loss ${lossOf(held, temperature).toFixed(3)} at temperature ${temperature}`,
    );
  }
const { facts, bytes } = buildModel(prepared);
const target = new URL('../src/classify/model/', import.meta.url);
mkdirSync(target, { recursive: true });
writeFileSync(new URL('embedded.bin', target), bytes);
writeFileSync(new URL('embedded.json', target), `${JSON.stringify(facts)}\n`);
console.log(
  `embedded@${facts.version}: ${seeds.length} seeds, ${facts.paths.length} paths, ${bytes.length} bytes`,
);
