/**
 * Makes src/classify/model/embedded.{bin,json} from src/classify/seeds. Run: node scripts/train-classifier.ts
 * With --check it also says what cross-validation on the seeds and the prompts kept out of them make of it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { modelOf } from '../src/classify/model-file.ts';
import { buildModel, heldOutBy, prepare } from '../src/classify/train/build.ts';
import { accuracyOf, lossOf, temperatureOf } from '../src/classify/train/cross-validation.ts';
import { measureHeldOut } from '../src/classify/train/held-out.ts';
import { readSeeds } from '../src/classify/train/seeds.ts';

const { seeds } = readSeeds();
const prepared = prepare(seeds);
const isCheck = process.argv.includes('--check');
const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
if (isCheck)
  for (const scheme of ['near', 'block', 'language', 'kind'] as const) {
    const held = heldOutBy(scheme, prepared);
    const temperature = temperatureOf(held);
    console.log(
      `held out by ${scheme}: ${percent(accuracyOf(held))} right, loss ${lossOf(held, temperature).toFixed(3)} at temperature ${temperature}`,
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
if (isCheck) {
  const { buffer, byteOffset, length } = bytes;
  const model = modelOf(facts, buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
  const { accuracy, english, others, programming, shareError, loss } = measureHeldOut(model);
  console.log(
    `prompts kept out: ${percent(accuracy)} right (English ${percent(english)}, others ${percent(others)}), ` +
      `programming precision ${percent(programming.precision)} recall ${percent(programming.recall)}, ` +
      `largest share error ${percent(shareError)}, loss ${loss.toFixed(3)}`,
  );
}
