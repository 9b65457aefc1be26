/**
 * Every view against a plain computation over the same records in JavaScript, however the records came in: in one go, or
 * in pieces, in another order and partly twice.
 */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/catalog.ts';
import type { Catalog } from '../catalog/contract.ts';
import { CONTINENT_OF } from '../catalog/regions.ts';
import { loadRollup } from '../classify/rollup.ts';
import type { Generation, Label } from '../generation/generation.ts';
import { randomOf } from '../generation/random.ts';
import { parseRange } from '../server/report-service.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { type OpenDataset, openForReading } from './dataset-reader.ts';
import { queryViews } from './query-views.ts';
import { makeRecords } from './views.fixture.ts';
import { filtersNotTaken, type Selection, viewsIn } from './views.ts';
import { type Dataset, openWarehouse, type Warehouse } from './warehouse.ts';

const records = makeRecords(6000);
const rollup = loadRollup();
let catalog: Catalog;
let warehouse: Warehouse;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const opened: Record<string, OpenDataset> = {};

async function load(name: string, batches: readonly (readonly Generation[])[]): Promise<void> {
  const dataset = warehouse.dataset(name);
  const journal = await dataset.journal();
  for (const batch of batches) {
    await journal.append([...batch]);
    await dataset.settle();
  }
  await open(name, dataset);
}

async function open(name: string, dataset: Dataset): Promise<void> {
  opened[name] = await openForReading(await dataset.engine(), dataset, { catalog, rollup }, []);
}

beforeAll(async () => {
  directory = await temporaryDirectory();
  catalog = await loadCatalog({ dataDir: directory.path });
  warehouse = await openWarehouse(join(directory.path, 'data'));
  await load('whole', [records]);
  const random = randomOf(5);
  const shuffled = records.map((g) => [random(), g] as const).sort((a, b) => a[0] - b[0]);
  const mixed = shuffled.map(([, g]) => g);
  const cut = (from: number, to: number) => mixed.slice(from, to);
  await load('pieces', [
    cut(0, 2000),
    // Again what is there, then so many small ones that files and marts are merged.
    cut(500, 900),
    ...Array.from({ length: 9 }, (_, i) => cut(2000 + i * 400, 2000 + (i + 1) * 400)),
    cut(5600, 6000),
  ]);
  // The last batch is in the lake and in no mart.
  await load('behind', [cut(0, 4500)]);
  const behind = warehouse.dataset('behind');
  await (await behind.journal()).append(cut(4500, 6000));
  const { loadJournal } = await import('./journal-load.ts');
  await loadJournal(await behind.engine(), behind.layout, await behind.staging());
  await open('behind', behind);
}, 300_000);
afterAll(async () => {
  await warehouse.close();
  await directory[Symbol.asyncDispose]();
});

const facts = (g: Generation) => catalog.resolve(g.model);
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const month = (ms: number) => `${day(ms).slice(0, 7)}-01`;
const periodOf = (ms: number, grain: string) => {
  if (grain === 'month') return month(ms);
  const n = Math.floor(ms / 86_400_000);
  return day((grain === 'week' ? n - ((n + 3) % 7) : n) * 86_400_000);
};
const tokensOf = (list: readonly Generation[]) => list.reduce((s, g) => s + g.totalTokens, 0);
const large = new Set(
  [...Map.groupBy(records, (g) => g.account)]
    .filter(([a, list]) => a !== null && tokensOf(list) * 1000 >= tokensOf(records))
    .map(([a]) => a),
);
const accountClass = (g: Generation) =>
  g.account === null ? 'unknown' : large.has(g.account) ? 'large' : 'regular';
function best(g: Generation): Label | null {
  const [first] = (g.labels ?? [])
    .filter((l) => l.confidence >= 0.5)
    .sort((a, b) => b.confidence - a.confidence || (a.path < b.path ? -1 : 1));
  return first ?? null;
}
const placed = (g: Generation) => rollup.resolve(best(g)?.path ?? null);

/** Filters with what they mean. */
const CASES: [string[], (g: Generation) => boolean][] = [
  [[], () => true],
  [['author=openai'], (g) => facts(g).author === 'openai'],
  [['model=openai/gpt-4o'], (g) => facts(g).model === 'openai/gpt-4o'],
  [['open=false'], (g) => facts(g).openness === 'closed'],
  [['origin=chinese', 'reasoning=true'], (g) => facts(g).origin === 'chinese' && facts(g).reasoning === true],
  [['provider=alpha'], (g) => g.provider === 'Alpha'],
  [['variant=unknown'], (g) => g.variant === null],
  [['byok=true'], (g) => g.byok === true],
  [['byok=No'], (g) => g.byok === false],
  [['country=de', 'country=unknown'], (g) => g.country === 'DE' || g.country === null],
  [['region=europe'], (g) => g.country === 'DE'],
  [['region=Asia', 'region=North America'], (g) => g.country === 'TR' || g.country === 'US'],
  [['region=unknown'], (g) => g.country === null || g.country === 'XX'],
  [['region=oceania'], () => false],
  [['routed_region=eu-west'], (g) => g.region === 'eu-west'],
  [['app=x'], (g) => g.app === 'x'],
  [['account_class=large'], (g) => accountClass(g) === 'large'],
  [['account_class=regular'], (g) => accountClass(g) === 'regular'],
  [['account_class=unknown'], (g) => accountClass(g) === 'unknown'],
  [
    ['account_class=regular', 'account_class=unknown', 'author=openai'],
    (g) => accountClass(g) !== 'large' && facts(g).author === 'openai',
  ],
  [
    ['account_class=large', 'provider=beta', 'country=US'],
    (g) => accountClass(g) === 'large' && g.provider === 'beta' && g.country === 'US',
  ],
  [['category=science', 'category=other'], (g) => ['science', 'other'].includes(placed(g).category)],
];
const RANGES = [
  { grain: 'week' },
  { grain: 'month', from: '2025-02-10', to: '2025-05-31' },
  { grain: 'day', from: '2025-03-01', to: '2025-03-20' },
] as const;

const selectionOf = (where: readonly string[], range: object): Selection => parseRange({ ...range, where });

async function run(name: string, selection: Selection, sql: string): Promise<Record<string, unknown>[]> {
  const dataset = opened[name];
  if (!dataset) throw new Error(name);
  return queryViews(await warehouse.dataset(name).engine(), await dataset.views(selection, sql), sql);
}

/** Sums, where NULL means that nothing was known. */
const sumOf = (list: readonly Generation[], value: (g: Generation) => number | null): number | null => {
  const known = list.map(value).filter((v) => v !== null);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
};
const paid = (g: Generation) => g.cost !== null && g.byok !== true;
const SUMS: Record<string, (list: readonly Generation[]) => number | null> = {
  rows: (list) => list.length,
  requests: (list) => sumOf(list, (g) => g.requests),
  total_tokens: (list) => tokensOf(list),
  cost: (list) => sumOf(list, (g) => g.cost),
  cost_tokens: (list) => sumOf(list, (g) => (g.cost === null ? null : g.totalTokens)),
  paid_cost: (list) => sumOf(list, (g) => (paid(g) ? g.cost : null)),
  paid_tokens: (list) => sumOf(list, (g) => (paid(g) ? g.totalTokens : null)),
  tool_call_tokens: (list) => sumOf(list, (g) => (g.finishReason === 'tool_calls' ? g.totalTokens : null)),
  tools_offered_tokens: (list) => sumOf(list, (g) => (g.toolsOffered ? g.totalTokens : null)),
  tools_offered_requests: (list) => sumOf(list, (g) => (g.toolsOffered ? g.requests : null)),
};

function grouped(
  list: readonly Generation[],
  keys: Record<string, (g: Generation) => unknown>,
  sums: readonly string[],
): Record<string, unknown>[] {
  const groups = Map.groupBy(list, (g) => JSON.stringify(Object.values(keys).map((key) => key(g))));
  return [...groups.values()].map((group) => ({
    ...Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key(group[0] as Generation)])),
    ...Object.fromEntries(sums.map((s) => [s, SUMS[s]?.(group)])),
  }));
}

const sorted = (rows: readonly object[]) => rows.map((r) => JSON.stringify(r)).sort();

async function compareSums(
  name: string,
  view: string,
  selection: Selection,
  list: readonly Generation[],
  keys: Record<string, (g: Generation) => unknown>,
  sums: readonly string[],
): Promise<void> {
  const sql = `SELECT ${[...Object.keys(keys), ...sums.map((s) => `sum(${s})${/cost$/.test(s) ? '' : '::BIGINT'} AS ${s}`)].join(', ')} FROM ${view} GROUP BY ALL`;
  expect(sorted(await run(name, selection, sql))).toEqual(sorted(grouped(list, keys, sums)));
}

const cases = ['whole', 'pieces', 'behind'].flatMap((name, turn) =>
  // Every range without a filter; under a filter each range in another dataset.
  CASES.flatMap(([where, keep], i) =>
    RANGES.filter((_, n) => where.length === 0 || n === (i + turn) % RANGES.length).map((range) => ({
      name,
      where,
      keep,
      range,
    })),
  ),
);

describe.each(['whole', 'pieces', 'behind'])('dataset %s', (name) => {
  const these = cases.filter((c) => c.name === name);

  it.each(these.filter((c) => !c.where.some((w) => w.startsWith('category'))))(
    'sums: $where $range',
    async ({ where, keep, range }) => {
      const selection = selectionOf(where, range);
      const list = records.filter((g) => keep(g) && inRange(g, selection));
      const common = {
        period: (g: Generation) => periodOf(g.createdAt, selection.grain),
        day: (g: Generation) => day(g.createdAt),
      };
      await compareSums(
        name,
        'traffic',
        selection,
        list,
        { ...common, model: (g) => facts(g).model },
        Object.keys(SUMS),
      );
      const place = {
        ...common,
        country: (g: Generation) => g.country,
        continent: (g: Generation) => CONTINENT_OF.get(g.country ?? '') ?? 'unknown',
      };
      await compareSums(name, 'places', selection, list, place, Object.keys(SUMS).slice(0, 7));
      const language = { ...common, language: (g: Generation) => g.language };
      await compareSums(name, 'languages', selection, list, language, ['rows', 'requests', 'total_tokens']);
    },
  );

  it.each(these)('labelled: $where $range', async ({ where, keep, range }) => {
    const selection = selectionOf(where, range);
    const list = records.filter((g) => g.labels !== null && keep(g) && inRange(g, selection));
    const rows = await run(
      name,
      selection,
      `SELECT period, day, account, model, category, tag, path, confidence, requests, prompt_tokens, completion_tokens,
        total_tokens, cost, byok, paid_cost, paid_tokens, country, app, sample_rate, weight FROM labelled`,
    );
    expect(sorted(rows)).toEqual(
      sorted(
        list.map((g) => ({
          period: periodOf(g.createdAt, selection.grain),
          day: day(g.createdAt),
          account: g.account,
          model: facts(g).model,
          ...placed(g),
          path: best(g)?.path ?? null,
          confidence: best(g)?.confidence ?? null,
          requests: g.requests,
          prompt_tokens: g.promptTokens,
          completion_tokens: g.completionTokens,
          total_tokens: g.totalTokens,
          cost: g.cost,
          byok: g.byok,
          paid_cost: paid(g) ? g.cost : null,
          paid_tokens: paid(g) ? g.totalTokens : null,
          country: g.country,
          app: g.app,
          sample_rate: g.sampleRate,
          weight: g.sampleRate ? 1 / g.sampleRate : 1,
        })),
      ),
    );
  });

  it.each(these)('cohorts: $where $range', async ({ where, keep, range }) => {
    const selection = selectionOf(where, range);
    if (filtersNotTaken('cohorts', selection).length > 0)
      await expect(run(name, selection, 'FROM cohorts')).rejects.toThrow('cannot be narrowed');
    else {
      const rows = await run(
        name,
        selection,
        'SELECT model, cohort, age, accounts, size, tokens FROM cohorts',
      );
      expect(sorted(rows)).toEqual(sorted(cohortsOf(records.filter(keep), selection)));
    }
  });
});

it.each([
  [
    'nothing but tokens',
    { account: null, app: null, country: null, region: null, language: null, byok: null, cost: null },
  ],
  ['one generation each', { requests: 1, variant: null }],
  // More than doubles may be trusted with.
  ['huge counts', { requests: 1, totalTokens: 2 ** 49 + 1, promptTokens: 2 ** 49 + 1, completionTokens: 0 }],
  // Conditions are products, and one row in thirty states what the others leave out.
  [
    'few languages and tools',
    (i) => ({
      ...{ totalTokens: 7, promptTokens: 4, completionTokens: 3, byok: i % 5 === 0 },
      ...{ toolsOffered: [null, false, true, false][i % 4], finishReason: i % 7 ? 'stop' : 'tool_calls' },
      ...(i % 30 ? { language: null, app: null } : { language: 'de', app: 'ide' }),
    }),
  ],
] as [string, Partial<Generation> | ((i: number) => Partial<Generation>)][])(
  'sums of records that state %s',
  async (name, stated) => {
    const list = records
      .slice(0, 600)
      .map((g, i) => ({ ...g, ...(typeof stated === 'function' ? stated(i) : stated) }));
    await load(name.replaceAll(' ', '-'), [list]);
    const selection = selectionOf([], { grain: 'day' });
    const date = { day: (g: Generation) => day(g.createdAt) };
    for (const [view, keys, sums] of [
      ['traffic', { ...date, model: (g: Generation) => facts(g).model }, Object.keys(SUMS)],
      ['places', { ...date, country: (g: Generation) => g.country }, Object.keys(SUMS).slice(0, 7)],
      [
        'languages',
        { ...date, language: (g: Generation) => g.language },
        ['rows', 'requests', 'total_tokens'],
      ],
    ] as const)
      await compareSums(name.replaceAll(' ', '-'), view, selection, list, keys, sums);
  },
);

const inRange = (g: Generation, { from, to }: Selection): boolean =>
  (!from || day(g.createdAt) >= from) && (!to || day(g.createdAt) <= to);

const next = (m: string): string => {
  const date = new Date(`${m}T00:00:00Z`);
  return day(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
};

/** Data end on 2025-06-16: June is not whole. */
function cohortsOf(list: readonly Generation[], { from, to }: Selection): object[] {
  const whole = (m: string) => m <= '2025-05-01' && (!to || day(Date.parse(next(m)) - 1) <= to);
  const first = from ? `${from.slice(0, 7)}-01` : '';
  const out: object[] = [];
  for (const [model, uses] of Map.groupBy(list, (g) => facts(g).model)) {
    const tokens = tokensOf(uses.filter((g) => month(g.createdAt) >= first && whole(month(g.createdAt))));
    const accounts = Map.groupBy(
      uses.filter((g) => g.account !== null),
      (g) => g.account,
    );
    const months = [...accounts.values()].map((gs) => [...new Set(gs.map((g) => month(g.createdAt)))].sort());
    for (const [cohort, members] of Map.groupBy(months, (m) => m[0] as string)) {
      if (cohort < first) continue;
      for (let at = cohort, age = 0; whole(at); at = next(at), age++)
        out.push({
          model,
          cohort,
          age,
          accounts: members.filter((m) => m.includes(at)).length,
          size: members.length,
          tokens,
        });
    }
  }
  return out;
}

describe('what the test data has', () => {
  it('large and regular accounts, and cohorts that rise again', () => {
    expect(large.size).toBeGreaterThan(5);
    expect(new Set(records.map((g) => g.account)).size).toBeGreaterThan(large.size + 500);
    const rows = cohortsOf(records, selectionOf([], {})) as {
      model: string;
      cohort: string;
      age: number;
      accounts: number;
    }[];
    const rises = rows.filter((r, i) => r.age > 1 && r.accounts > (rows[i - 1]?.accounts ?? 0));
    expect(rises.length).toBeGreaterThan(0);
  });
});

describe('queries', () => {
  it('mention views by name, not in comments or strings', () => {
    expect(
      viewsIn(
        "-- like the author's traffic\nSELECT 'cohorts' /* places */ FROM Labelled JOIN models USING (model)",
      ),
    ).toEqual(['labelled', 'models']);
  });

  it('make only the views that they mention', async () => {
    const views = await opened.whole?.views(selectionOf([], {}), 'SELECT 1 FROM periods');
    expect(views?.map((v) => v.name)).toEqual(['periods']);
  });

  it('say which filters they cannot take', () => {
    const selection = selectionOf(['category=science', 'author=openai', 'app=x'], {});
    expect(filtersNotTaken('FROM traffic', selection)).toEqual([{ filter: 'category', view: 'traffic' }]);
    expect(filtersNotTaken('FROM cohorts', selection).map((f) => f.filter)).toEqual(['category', 'app']);
    expect(filtersNotTaken('FROM labelled', selection)).toEqual([]);
  });

  it('carry who labelled and by which roll-up', async () => {
    expect(await opened.whole?.classifier('FROM labelled')).toBe(`rules@1, rollup@${rollup.version}`);
    expect(await opened.whole?.classifier('FROM traffic')).toBeNull();
    expect(opened.whole?.sample?.generations).toBe(records.filter((g) => g.labels !== null).length);
  });

  it('of an empty dataset have no rows', async () => {
    const dataset = warehouse.dataset('empty');
    await open('empty', dataset);
    for (const view of ['traffic', 'places', 'languages', 'labelled', 'cohorts', 'models', 'periods'])
      for (const where of [[], ['author=openai'], ['account_class=large', 'country=DE']])
        expect(await run('empty', selectionOf(where, {}), `SELECT * FROM ${view}`)).toEqual([]);
  });
});
