/** What running an exhibit adds to its rows: facts, refused filters, the note of the sample, provenance. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/catalog.ts';
import type { Catalog } from '../catalog/contract.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import type { DatasetInfo, Row } from './contract.ts';
import type { Exhibit } from './define.ts';
import type { Reader } from './reader.ts';
import { EXHIBITS } from './registry.ts';
import { type Range, runExhibit } from './run.ts';

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
  sample: { generations: 1234, rate: 0.0025 },
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

  it('marks a period as partial where labels begin in it', async () => {
    const rows: Row[] = [{ ...ROWS[0], partial: true }];
    const result = await run(exhibit(), reader({ query: async (queries) => queries.map(() => rows) }));
    expect(result.periods).toEqual([{ period: '2025-06-02', partial: true }]);
  });

  it('says of cohorts what they wait for', async () => {
    const empty = reader({ query: async (queries) => queries.map(() => []) });
    const f25 = EXHIBITS.find((each) => each.id === 'F25') as Exhibit;
    expect((await run({ ...f25, needs: [] }, empty)).notes).toEqual([
      'Cohorts need a whole calendar month of traffic whose accounts are known, and there is none yet.',
    ]);
    expect((await run(exhibit(), empty)).notes).toEqual([
      'This dataset has traffic, but none that belongs here.',
    ]);
  });

  it('carries what its categories rest on', async () => {
    const result = await run(exhibit(), reader({ classifier: async () => 'rules@1, rollup@abc' }));
    expect(result.provenance.classifier).toBe('rules@1, rollup@abc');
  });
});
