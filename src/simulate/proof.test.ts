/**
 * The proof: worlds whose truth is known, simulated with several seeds, measured by the whole pipeline (lake, marts, views,
 * queries), and compared with the truth that was computed from the worlds' parameters alone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRollup } from '../classify/rollup.ts';
import type { ExhibitResult, Row } from '../exhibits/contract.ts';
import { runImport } from '../ingest/import.ts';
import { openReports, parseRange, type ReportService } from '../server/report-service.ts';
import { PROJECT, temporaryDirectory } from '../testing/workspace.ts';
import { fileList } from '../warehouse/engine.ts';
import { type Dataset, openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';
import { simulate } from './simulate.ts';
import { STUDY_WORLD } from './study-world/index.ts';
import type { TruthPoint } from './truth/sums.ts';
import type { Truth } from './truth/truth.ts';
import type { World } from './world.ts';
import { readWorld } from './world-file.ts';

const example = (name: string): World => readWorld(join(PROJECT, 'examples/worlds', `${name}.yaml`));
const WORLDS: [name: string, world: World, seed: number, generations: number][] = [
  ['study, seed 7', STUDY_WORLD, 7, 120_000],
  ['study, seed 8', STUDY_WORLD, 8, 60_000],
  ['company', example('company'), 1, 30_000],
  ['roleplay', example('roleplay'), 2, 30_000],
  ['quiet week', example('quiet-week'), 3, 10_000],
  ['one account', example('one-account'), 4, 10_000],
];

/**
 * How many times a simple random sample's variance a share of tokens has: requests differ in length (log-normal, and
 * programming several times the others), accounts differ in weight. Measured on these worlds: 2 to 6.
 */
const DESIGN_EFFECT = 6;
/** The same for spend by place: an account has one country for good, so accounts are drawn, not requests. Measured: 12. */
const DESIGN_EFFECT_OF_PLACES = 14;
/** Standard errors that a point may be off: over ten thousand points are compared. */
const FARTHEST = 5.5;

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

/** Compares shares point by point; series that the exhibit lumps into `other` are lumped here too. */
function compareShares(
  rows: readonly Row[],
  truth: readonly TruthPoint[],
  skip: readonly string[] = [],
  effect = DESIGN_EFFECT,
): number {
  const shown = new Set(rows.map((r) => String(r.series)));
  let points = 0;
  for (const [period, of] of Map.groupBy(rows, (r) => String(r.period))) {
    const expected = new Map<string, number>();
    for (const t of truth.filter((p) => p.period === period)) {
      const series = shown.has(t.series) ? t.series : 'other';
      expected.set(series, (expected.get(series) ?? 0) + t.value);
    }
    const n = of.reduce((sum, r) => sum + Number(r.requests), 0);
    for (const row of of) {
      const series = String(row.series);
      if (row.value === null || skip.includes(series)) continue;
      const p = expected.get(series) ?? 0;
      const error = Math.sqrt((effect * Math.max(p * (1 - p), 10 / n)) / n);
      expect(
        Math.abs(Number(row.value) - p),
        `${period} ${series}: ${row.value} for ${p}, n ${n}`,
      ).toBeLessThan(FARTHEST * error + 0.002);
      points++;
    }
  }
  return points;
}

/** Compares means per request: their relative error falls with the root of the requests behind them. */
function compareMeans(rows: readonly Row[], truth: readonly TruthPoint[]): number {
  const expected = new Map(truth.map((t) => [`${t.period} ${t.series}`, t.value]));
  for (const row of rows) {
    // A mean over a handful of log-normal lengths says nothing.
    if (Number(row.requests) < 20) continue;
    const value = expected.get(`${row.period} ${row.series}`) ?? Number.NaN;
    const allowed = FARTHEST * 1.6 * value * Math.sqrt(1 / Number(row.requests)) + 0.01 * value + 1;
    expect(
      Math.abs(Number(row.value) - value),
      `${row.period} ${row.series}: ${row.value} for ${value}, n ${row.requests}`,
    ).toBeLessThan(allowed);
  }
  return rows.length;
}

const prefixed = (result: ExhibitResult): Row[] =>
  result.rows.map((r) => ({ ...r, series: `${r.panel} ${r.series}` }));

describe.each(WORLDS)('%s', (name, world, seed, generations) => {
  const dataset = name.replaceAll(/\W+/g, '-');
  let truth: Truth;
  const run = (id: string, where: string[] = []) => reports.exhibit(dataset, id, parseRange({ where }), 'en');

  beforeAll(async () => {
    const made = await simulate(warehouse.dataset(dataset), world, reports.catalog, { generations, seed });
    expect(made).toMatchObject({ rows: generations, made: true });
    await warehouse.dataset(dataset).settle();
    truth = JSON.parse(readFileSync(made.truthFile, 'utf8')) as Truth;
  });

  it.each(['F1', 'F3', 'F4', 'F6', 'F7', 'F8', 'F9', 'F10', 'F11', 'F13', 'F20', 'F24'])(
    '%s is the truth within sampling error',
    async (id) => {
      const { rows, lacking } = await run(id);
      expect(lacking).toEqual([]);
      const effect = id === 'F24' ? DESIGN_EFFECT_OF_PLACES : DESIGN_EFFECT;
      const points = compareShares(rows, truth.series[id] ?? [], [], effect);
      if (name.startsWith('study')) expect(points).toBeGreaterThan(60);
    },
  );

  it.each(['F14', 'F15', 'F16', 'F17', 'F18'])('%s is the truth within sampling error', async (id) => {
    const { rows } = await run(id);
    expect(compareMeans(rows, truth.series[id] ?? [])).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('F2: tokens of each group, and as many generations as were asked for', async () => {
    const { rows } = await run('F2');
    const total = (list: readonly { value?: unknown }[]) => list.reduce((s, r) => s + Number(r.value), 0);
    expect(total(rows) / total(truth.series.F2 ?? [])).toBeCloseTo(1, 1);
    expect(rows.reduce((s, r) => s + Number(r.requests), 0)).toBe(generations);
  });

  it('F5: exactly the models that got generations', async () => {
    const { rows } = await run('F5');
    const dealt = new Map((truth.series.F5 ?? []).map((t) => [`${t.period} ${t.series}`, t.value]));
    for (const row of rows)
      expect(row.value, `${row.period} ${row.series}`).toBe(dealt.get(`${row.period} ${row.series}`) ?? 0);
  });

  it('F12, F19: one share a week', async () => {
    compareShares((await run('F12')).rows, truth.series.F12 ?? [], ['unknown']);
    const f19 = await run('F19');
    for (const row of f19.rows) {
      const p = truth.series.F19?.find((t) => t.period === row.period)?.value ?? 0;
      if (Number(row.requests) < 50) continue;
      expect(
        Math.abs(Number(row.value) - p),
        `${row.period}: ${row.value} for ${p}, n ${row.requests}`,
      ).toBeLessThan(
        FARTHEST * Math.sqrt((DESIGN_EFFECT * Math.max(p * (1 - p), 0.05)) / Number(row.requests)) + 0.01,
      );
    }
  });

  it('F22, F23: what each author’s traffic is about', async () => {
    for (const id of ['F22', 'F23']) {
      const rows = prefixed(await run(id));
      for (const panel of new Set(rows.map((r) => String(r.panel))))
        compareShares(
          rows.filter((r) => r.panel === panel),
          (truth.series[id] ?? []).filter((t) => t.series.startsWith(`${panel} `)),
        );
    }
  });

  it('F21, F29: tags inside categories, at all times the same', async () => {
    const rollup = loadRollup();
    const tags = new Map<string, number>();
    for (const [key, share] of Object.entries(truth.totals.F21 ?? {})) {
      const at = key.indexOf(' ');
      const [first = '', second = null] = key.slice(at + 1).split(' + ');
      const { category, tag } = rollup.resolve(first, second);
      expect(category).toBe(key.slice(0, at));
      tags.set(`${category} ${tag}`, (tags.get(`${category} ${tag}`) ?? 0) + share);
    }
    for (const row of (await run('F21')).rows) {
      if (row.series === 'other' || Number(row.requests) < 30) continue;
      const p = tags.get(`${row.group} ${row.series}`) ?? Number.NaN;
      const n = Number(row.requests) / p;
      expect(
        Math.abs(Number(row.value) - p),
        `${row.group} ${row.series}: ${row.value} for ${p}`,
      ).toBeLessThan(FARTHEST * Math.sqrt((DESIGN_EFFECT * p * (1 - p)) / n) + 0.01);
    }
  });

  it('T1, T2: totals', async () => {
    const authors = Object.entries(truth.totals.T1 ?? {});
    const whole = authors.reduce((s, [, n]) => s + n, 0);
    for (const row of (await run('T1')).rows) {
      const p = (truth.totals.T1?.[String(row.author)] ?? 0) / whole;
      const n = Number(row.requests) / Math.max(p, 1e-6);
      expect(Math.abs(Number(row.share) - p), String(row.author)).toBeLessThan(
        FARTHEST * Math.sqrt((DESIGN_EFFECT * p * (1 - p)) / n) + 0.003,
      );
    }
    for (const row of (await run('T2')).rows) {
      const p = truth.totals.T2?.[String(row.language)] ?? 0;
      const n = world.accounts ?? 500;
      expect(Math.abs(Number(row.share) - p), String(row.language)).toBeLessThan(
        FARTHEST * Math.sqrt((3 * Math.max(p, 0.01)) / Number(n)) + 0.01,
      );
    }
  });

  it('F26, F27, F28: what a token costs, and how many are used', async () => {
    for (const [id, key] of [
      ['F26', 'F26'],
      ['F27', 'F27'],
      ['F28', 'F27'],
    ] as const) {
      const expected = new Map((truth.points[key] ?? []).map((p) => [p.name, p]));
      const { rows } = await run(id);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const point = expected.get(String(row.model ?? row.group));
        expect(point, String(row.name)).toBeDefined();
        if (!point || point.y < 2e6) continue;
        expect(Number(row.x) / point.x, `${id} ${row.name} x`).toBeGreaterThan(0.6);
        expect(Number(row.x) / point.x, `${id} ${row.name} x`).toBeLessThan(1.6);
      }
    }
  });

  it('F25: cohorts keep what their fit says', async () => {
    const expected = new Map(truth.cohorts.map((c) => [`${c.model} ${c.cohort}`, c]));
    let compared = 0;
    for (const row of (await run('F25')).rows) {
      const cohort = expected.get(`${row.model} ${row.cohort}`);
      if (!cohort || cohort.accounts < 20) continue;
      const p = cohort.retention[Number(row.age)] ?? Number.NaN;
      const error = Math.sqrt(Math.max(p * (1 - p), 0.02) / cohort.accounts);
      expect(
        Math.abs(Number(row.value) - p),
        `${row.model} ${row.cohort} age ${row.age}: ${row.value} for ${p}`,
      ).toBeLessThan(FARTHEST * error + 0.02);
      compared++;
    }
    if (name === 'study, seed 7') expect(compared).toBeGreaterThan(50);
  });

  // The largest world is made by the same code as the one before it, with another seed.
  it.skipIf(generations > 60_000)('is made by its seed alone, to the last record', async () => {
    const again = warehouse.dataset(`${dataset}-again`);
    await simulate(again, world, reports.catalog, { generations, seed });
    expect(await digestOf(again)).toEqual(await digestOf(warehouse.dataset(dataset)));
    expect(await simulate(again, world, reports.catalog, { generations, seed })).toMatchObject({
      made: false,
    });
    await expect(
      simulate(again, world, reports.catalog, { generations, seed: seed + 1 }),
    ).rejects.toMatchObject({ code: 'dataset_in_use' });
  });
});

/** How many records a dataset holds, and a number that any change to any of them would change. */
async function digestOf(dataset: Dataset): Promise<object[]> {
  const engine = await dataset.engine();
  const files = (await dataset.manifest()).lake.map(({ file }) => join(dataset.layout.lake, file));
  return engine.query(
    `SELECT count(*) AS records, bit_xor(hash(r))::VARCHAR AS digest FROM read_parquet(${fileList(files)}) AS r`,
  );
}

it('real records never join a simulated world', async () => {
  const dataset = warehouse.dataset('alone');
  await simulate(dataset, STUDY_WORLD, reports.catalog, { generations: 10_000, seed: 1 });
  await expect(dataset.takesRecords()).rejects.toMatchObject({ code: 'dataset_in_use' });
  await expect(
    runImport(warehouse, dataset, { format: 'claude-code', paths: [PROJECT] }),
  ).rejects.toMatchObject({ code: 'dataset_in_use' });
});
