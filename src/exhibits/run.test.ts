/** What running an exhibit adds to its rows: facts, refused filters, the note of the sample, provenance. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/catalog.ts';
import type { Catalog } from '../catalog/contract.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import type { DatasetInfo, Row } from './contract.ts';
import type { Exhibit } from './define.ts';
import type { Reader } from './reader.ts';
import { EXHIBITS } from './registry.ts';
import { type Range, runExhibit, toCsv } from './run.ts';

const RANGE: Range = { from: null, to: null, grain: 'week', where: {} };
const ROWS: Row[] = [{ period: '2025-06-02', series: 'closed', value: 1, requests: 3, partial: false }];
let catalog: Catalog;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
  catalog = await loadCatalog({ dataDir: directory.path });
});
afterAll(() => directory[Symbol.asyncDispose]());

const reader = (change: Partial<Reader> = {}): Reader => ({
  query: async (queries) => queries.map((sql) => (sql.includes('median') ? [{ median_x: 0.73 }] : ROWS)),
  script: async (sql) => sql,
  notTaken: () => [],
  absent: async () => [],
  classifier: async () => null,
  periods: [{ period: '2025-06-02', partial: false }],
  info: {
    name: 'd',
    tokens: 9,
    fields: { labels: 0.0025 },
    unknownModelShare: 0,
    version: 'v',
    simulated: false,
  } as DatasetInfo,
  sample: { generations: 1234, rate: 0.0025, unrated: 0 },
  notes: [],
  ...change,
});
const exhibit = (change: Partial<Exhibit> = {}): Exhibit => ({ ...(EXHIBITS[0] as Exhibit), ...change });
const run = (e: Exhibit, r: Reader) => runExhibit(e, r, catalog, RANGE, 'en');

describe('running an exhibit', () => {
  it('gives the row of its facts query', async () => {
    expect((await run(exhibit({ factsSql: 'SELECT median' }), reader())).facts).toEqual({ median_x: 0.73 });
    expect((await run(exhibit(), reader())).facts).toEqual({});
  });

  it('refuses a filter that its views cannot take, in words and without rows', async () => {
    const refusing = reader({ notTaken: () => [{ filter: 'category', view: 'traffic' }] });
    const result = await run(exhibit(), refusing);
    expect(result.rows).toEqual([]);
    expect(result.lacking).toEqual([
      {
        field: 'category',
        sentence: 'F1 cannot be narrowed by category: categories are known for the labelled sample only.',
      },
    ]);
  });

  it('says how large the labelled sample is, not that the others are left out', async () => {
    const sampled = exhibit({
      needs: ['labels'],
      notes: [{ id: 'sample', when: 'labelled', field: 'labels' }],
      factsSql: 'SELECT labelled',
    });
    const query: Reader['query'] = async (queries) =>
      queries.map((sql) => (sql.includes('labelled') ? [{ labelled: 1234 }] : ROWS));
    expect((await run(sampled, reader({ query }))).notes).toEqual([
      'Computed from 1,234 labelled generations; 0.25% of all generations carry labels.',
    ]);
  });

  describe('says what nobody knows', () => {
    const info = { ...reader().info, from: '2025-06-02', fields: { requests: 1 } } as DatasetInfo;
    const notes = async (e: Exhibit, change: Partial<Reader>) => (await run(e, reader(change))).notes;
    const of = (id: string): Exhibit => ({
      ...(EXHIBITS.find((e) => e.id === id) as Exhibit),
      factsSql: null,
    });

    it('of tokens: that of some rows only a part is counted', async () => {
      const half = {
        info: { ...info, fields: { requests: 1, cost: 1, language: 1 }, halfCounted: 0.25 } as DatasetInfo,
      };
      for (const id of ['F1', 'F2', 'T2'])
        expect((await notes(of(id), half)).join()).toContain('Of 25% of the rows');
      expect((await notes(of('F27'), half)).join()).toContain('prices come out too high');
      for (const id of ['F5', 'F14', 'F24', 'F25'])
        expect((await notes(of(id), half)).join()).not.toContain('only the prompt');
    });

    it('of requests: that some rows do not say how many they are', async () => {
      const some = { info: { ...info, fields: { requests: 0.999999 } } as DatasetInfo };
      expect(await notes(of('F1'), some)).toEqual([
        'Only 99.9999% of the rows say how many requests they stand for; the others are not in the numbers of requests.',
      ]);
      expect(await notes(of('F1'), { info: { ...info, fields: { requests: 0 } } as DatasetInfo })).toEqual(
        [],
      );
    });

    it('of the sample: that a rate is unknown', async () => {
      const sample = { generations: 10, rate: 1, unrated: 0.3 };
      expect((await notes(of('F8'), { sample })).join()).toContain(
        'The sample rate of 30% of all labelled generations is unknown',
      );
      const labels = (await run(of('F8'), reader())).columnInfo.map((c) => c.label);
      expect(labels).toContain('Labelled generations');
    });

    it('of models, also where no rows are left', async () => {
      const unknown = { query: async () => [[]], info: { ...info, tokens: 9, unknownModelShare: 0.75 } };
      for (const id of ['F3', 'F22'])
        expect((await notes(of(id), unknown as Partial<Reader>)).join()).toContain(
          '75% of all tokens are of models',
        );
    });

    it('of traffic without tokens: it is no empty dataset', async () => {
      const failed = { query: async () => [[]], info: { ...info, tokens: 0 } };
      expect(await notes(of('F14'), failed)).toEqual([
        'This dataset has traffic, but none that belongs here.',
      ]);
      expect(await notes(of('F14'), { ...failed, info: { ...info, tokens: 0, from: null } })).toEqual([
        'This dataset is empty.',
      ]);
      expect((await notes(of('F25'), failed)).join()).toContain('cohorts are of whole months');
    });
  });

  it('marks a period as partial where labels begin in it', async () => {
    const rows: Row[] = [{ ...ROWS[0], partial: true }];
    const result = await run(exhibit(), reader({ query: async (queries) => queries.map(() => rows) }));
    expect(result.periods).toEqual([{ period: '2025-06-02', partial: true }]);
  });

  it('carries what its categories rest on', async () => {
    const result = await run(exhibit(), reader({ classifier: async () => 'rules@1, rollup@abc' }));
    expect(result.provenance.classifier).toBe('rules@1, rollup@abc');
  });
});

it('CSV is RFC 4180, runs nothing, and says in every line of what part it is and whether it is simulated', async () => {
  const rows: Row[] = [
    { period: '2025-06-02', series: '=1+1', value: -0.5, requests: null, partial: false },
    { period: '2025-06-09', series: 'a "b", c', value: 1, requests: 3, partial: true },
  ];
  const result = await run(exhibit(), reader({ query: async () => [rows] }));
  expect(toCsv(result)).toBe(
    'period,series,value,requests,partial\r\n2025-06-02,\'=1+1,-0.5,,false\r\n2025-06-09,"a ""b"", c",1,3,true\r\n',
  );
  const filters = {
    from: '2025-06-01',
    to: null,
    grain: 'week' as const,
    where: { region: ['asia', 'europe'] },
  };
  const narrowed = { ...result.provenance, filters };
  expect(
    toCsv({ ...result, provenance: narrowed, simulated: true })
      .split('\r\n')
      .slice(0, 2),
  ).toEqual([
    'period,series,value,requests,partial,selection,simulated',
    "2025-06-02,'=1+1,-0.5,,false,from=2025-06-01; region=asia; region=europe,true",
  ]);
});

it('an exhibit that is empty because all was left out says so', async () => {
  const facts = { unpriced_share: 1, free: 0, labelled: 300 };
  const empty = reader({ query: async (queries) => queries.map((_, i) => (i === 0 ? [] : [facts])) });
  const result = await run(EXHIBITS.find((e) => e.id === 'F27') as Exhibit, empty);
  expect(result.notes.slice(0, 2)).toEqual([
    'This dataset has traffic, but none that belongs here.',
    '100% of the tokens have no known cost or ran on the user’s own key; they are left out.',
  ]);
});
