import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCatalog } from '../catalog/catalog.ts';
import { loadRollup } from '../classify/rollup.ts';
import { PROJECT, temporaryDirectory } from '../testing/workspace.ts';
import { makePlan, totalRequests } from './plan.ts';
import { STUDY_WORLD } from './study-world/index.ts';
import { checkWorld, readWorld } from './world-file.ts';

const EXAMPLES = join(PROJECT, 'examples/worlds');

it('the study’s world is a world, and so is every example', async () => {
  expect(checkWorld(STUDY_WORLD, 'study')).toBe(STUDY_WORLD);
  const catalog = await loadCatalog({ dataDir: EXAMPLES });
  for (const file of readdirSync(EXAMPLES)) {
    const world = readWorld(join(EXAMPLES, file));
    expect(totalRequests(makePlan(world, catalog)), file).toBeGreaterThan(0);
  }
});

it('every content path lands in the category that the world means', () => {
  const rollup = loadRollup();
  for (const [category, { paths }] of Object.entries(STUDY_WORLD.categories))
    for (const path of Object.keys(paths)) {
      const [first = '', second = null] = path.split(' + ');
      expect(rollup.resolve(first, second).category, path).toBe(category);
    }
});

it('merges objects, replaces lists, takes away what is null', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'w.yaml');
  writeFileSync(
    file,
    [
      'name: mine',
      'volume: 2',
      'places: { africa: null, asia: { weight: 0.9 } }',
      'burst: null',
      'models: { keep: [openai/gpt-4o], change: { openai/gpt-4o: { price: 7 } } }',
    ].join('\n'),
  );
  const world = readWorld(file);
  expect(world.volume).toBe(2);
  expect(world.places.africa).toBeUndefined();
  expect(world.places.asia).toMatchObject({ weight: 0.9, countries: STUDY_WORLD.places.asia?.countries });
  expect(world.burst).toBeNull();
  expect(world.models).toEqual([{ ...STUDY_WORLD.models.find((m) => m.slug === 'openai/gpt-4o'), price: 7 }]);
});

it.each([
  ['nonsense: 3', 'nonsense is not a key of a world'],
  ['groups: {closed: [[2025-01-01, -3]]}', 'groups → closed → 0 → 1 must be >= 0'],
  ['from: 2025-13-45', '2025-13-45 is no day'],
  ['from: 2026-01-01\nto: 2025-01-01', 'days'],
  ['models: {keep: [no/such]}', 'no/such is not a model'],
  ['[1, 2]', 'not a mapping'],
  ['name: [', 'Flow sequence'],
  ['to: 2025-11-31', 'to: 2025-11-31 is no day'],
  ['volume: [[2025-13-01, 1]]', 'volume → 0 → 0: 2025-13-01 is no day'],
  ['volume: [[2025-10-01, 1], [2025-09-01, 2]]', '2025-09-01 stands after 2025-10-01'],
  ['models: {change: {openai/gpt-4o: {from: 2025-99-01}}}', 'from: 2025-99-01 is no day'],
  ['models: {kep: [openai/gpt-4o]}', 'models are changed by keep'],
  ['models: [openai/gpt-4o]', 'models are changed by keep'],
  ['models: {keep: 5}', 'models are changed by keep'],
  ['models: {add: [{slug: openai/gpt-4o, price: 1, weight: 1}]}', 'openai/gpt-4o is there twice'],
  ['promptTokens: 0', 'promptTokens must be >= 1'],
  ['accounts: 1000000000', 'at most 10000000'],
  ["fits: {default: {'*': {fits: 0.6, returns: 0.6}}}", 'more than all'],
  ['places: {africa: {countries: {ZA: 0, NG: 0, EG: 0}}}', 'no country has a weight'],
  [`apps: {${Object.keys(STUDY_WORLD.apps).map((app) => `${app}: 0`)}}`, 'no app has a weight'],
  [
    `places: {${Object.keys(STUDY_WORLD.places).map((name) => `${name}: null`)}}`,
    'none has a weight above 0',
  ],
])('%j is refused: %s', async (text, words) => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'w.yaml');
  writeFileSync(file, text);
  expect(() => readWorld(file)).toThrow(words);
});

it.each([
  [
    'burst: null\ngroups: {closed: 1, open-chinese: 0, open-row: 0}\nmodels: {keep: [qwen/qwen3-coder]}',
    'no traffic',
    0,
  ],
  [
    `authors: {closed openai: {mix: {${Object.keys(STUDY_WORLD.categories).map((c) => `${c}: 0`)}}}}`,
    'no category in its mix has a weight',
    null,
  ],
  ['promptTokens: 1e7', 'cannot be reached', null],
  [
    'categories: {other: null}\nburst: {from: 2025-05-01, to: 2025-05-02, model: openai/gpt-4o, share: 0.1}',
    'category other',
    null,
  ],
])('%j makes no plan: %s', async (text, words, requests) => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'w.yaml');
  writeFileSync(file, text);
  const world = readWorld(file);
  const catalog = await loadCatalog({ dataDir: directory.path });
  if (requests === null) expect(() => makePlan(world, catalog)).toThrow(words);
  else expect(totalRequests(makePlan(world, catalog))).toBe(requests);
});
