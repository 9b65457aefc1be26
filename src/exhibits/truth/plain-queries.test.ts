/**
 * Every exhibit, through lake, marts and views, against the plain query of its definition over the raw records of the lake:
 * of simulated worlds, and of records with gaps in everything that a record may leave unknown.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRollup } from '../../classify/rollup.ts';
import { openReports, parseRange, type ReportService } from '../../server/report-service.ts';
import { simulate } from '../../simulate/simulate.ts';
import { STUDY_WORLD } from '../../simulate/study-world/index.ts';
import type { World } from '../../simulate/world.ts';
import { readWorld } from '../../simulate/world-file.ts';
import { PROJECT, temporaryDirectory } from '../../testing/workspace.ts';
import { fileList } from '../../warehouse/engine.ts';
import { type Dataset, openWarehouse, type Warehouse } from '../../warehouse/warehouse.ts';
import { EXHIBITS } from '../registry.ts';
import { differences, openPlain, type Plain, type PlainSelection } from './plain-queries.fixture.ts';
import { load, records } from './records.fixture.ts';

/** A selection as a user writes it, and the same for the plain queries. */
interface Selection extends Omit<PlainSelection, 'where'> {
  where?: Record<string, string>;
}

/** Values of one key are alternatives, keys combine. */
const conditions = (where: Record<string, string>): string =>
  [...Map.groupBy(Object.entries(where), ([text]) => text.split('=')[0]).values()]
    .map((alternatives) => `(${alternatives.map(([, sql]) => sql).join(' OR ')})`)
    .join(' AND ') || 'true';

const DEFAULT: Selection = {};
const SELECTIONS: Selection[] = [
  DEFAULT,
  { where: { 'author=deepseek': "author = 'deepseek'", 'region=europe': "continent = 'europe'" } },
  { where: { 'open=true': "openness = 'open'", 'app=Characters': "app = 'Characters'" } },
  { where: { 'origin=chinese': "origin = 'chinese'", 'size=large': "openness = 'open' AND size = 'large'" } },
  { where: { 'category=programming': "category = 'programming'" } },
  { where: { 'account_class=large': "account_class = 'large'" } },
  {
    grain: 'month',
    from: '2025-03-10',
    to: '2025-10-31',
    where: {
      'model=google/gemini-2.5-flash': "model = 'google/gemini-2.5-flash'",
      'model=deepseek/deepseek-chat-v3-0324': "model = 'deepseek/deepseek-chat-v3-0324'",
      'model=qwen/qwen3-coder': "model = 'qwen/qwen3-coder'",
    },
  },
  { grain: 'day', from: '2025-07-02', to: '2025-07-29', where: { 'reasoning=true': 'reasoning' } },
  { grain: 'day', from: '2025-11-24', where: { 'byok=true': 'byok' } },
];

const GAPS: Selection[] = [
  DEFAULT,
  { where: { 'region=unknown': "continent = 'unknown'" } },
  { where: { 'provider=unknown': 'provider IS NULL', 'account_class=regular': "account_class = 'regular'" } },
  {
    grain: 'day',
    from: '2025-03-01',
    to: '2025-03-31',
    where: { 'open=unknown': "openness = 'unknown'", 'open=open': "openness = 'open'" },
  },
];

const example = (name: string): World => readWorld(join(PROJECT, 'examples/worlds', `${name}.yaml`));
const simulated = (world: World, generations: number) => async (dataset: Dataset) => {
  await simulate(dataset, world, reports.catalog, { generations, seed: 5 });
  await dataset.settle();
};
interface Case {
  name: string;
  fill(dataset: Dataset): Promise<void>;
  selections: Selection[];
  /** So many rows are compared at least. */
  rows: number;
}
const CASES: Case[] = [
  {
    name: 'study',
    // So many accounts that some are large and most are not.
    fill: simulated({ ...STUDY_WORLD, accounts: 3000 }, 40_000),
    selections: SELECTIONS,
    rows: 45_000,
  },
  {
    name: 'company',
    fill: simulated(example('company'), 10_000),
    selections: [DEFAULT, { grain: 'month', to: '2025-06-15' }],
    rows: 3000,
  },
  { name: 'gaps', fill: (dataset) => load(warehouse, dataset.name, [records]), selections: GAPS, rows: 3000 },
];

/** Cohorts are kept by account, model, month and country: by nothing else can they be narrowed. */
const NOT_TAKEN = (id: string, key: string): boolean =>
  id === 'F25'
    ? ['app', 'byok', 'category', 'provider'].includes(key)
    : key === 'category' && !SAMPLED.includes(id);
const SAMPLED = EXHIBITS.filter((e) => e.needs.includes('labels')).map((e) => e.id);

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let warehouse: Warehouse;
let reports: ReportService;
beforeAll(async () => {
  directory = await temporaryDirectory();
  warehouse = await openWarehouse(directory.path);
  reports = await openReports(warehouse, { cache: false });
});
afterAll(async () => {
  await warehouse.close();
  await directory[Symbol.asyncDispose]();
});

describe.each(CASES)('$name', ({ name, fill, selections, rows: fewest }) => {
  let plain: Plain;
  let compared = 0;
  beforeAll(async () => {
    const dataset = warehouse.dataset(name);
    await fill(dataset);
    const files = (await dataset.manifest()).lake.map(({ file }) => join(dataset.layout.lake, file));
    plain = await openPlain(`FROM read_parquet(${fileList(files)})`, reports.catalog, loadRollup());
  });
  afterAll(() => plain.close());

  describe.each(selections.map((s) => [JSON.stringify(s), s] as const))(
    'under %s',
    (_, { where = {}, ...days }) => {
      const keys = Object.keys(where).map((text) => text.split('=')[0] ?? '');
      beforeAll(() => plain.select({ ...days, where: conditions(where) }));

      it.each(EXHIBITS.map((e) => e.id))('%s', async (id) => {
        const range = parseRange({ ...days, where: Object.keys(where) });
        const result = await reports.exhibit(name, id, range, 'en');
        const refused = keys.filter((key) => NOT_TAKEN(id, key));
        expect(result.lacking.map((l) => l.field)).toEqual(refused);
        const rows = refused.length > 0 ? [] : await plain.rows(id);
        expect(differences(id, result, rows).slice(0, 5).join('\n')).toBe('');
        expect(result.periods).toEqual(await plain.periods(rows));
        if (result.panels.length > 0)
          expect(new Set(result.panels.map((p) => p.key))).toEqual(
            new Set(rows.map((r) => r.panel ?? r.model)),
          );
        compared += rows.length;
      });
    },
  );

  it('many rows were compared', () => {
    expect(compared).toBeGreaterThan(fewest);
  });
});
