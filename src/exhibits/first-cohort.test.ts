import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/catalog.ts';
import type { Catalog } from '../catalog/contract.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import type { DatasetInfo, Row } from './contract.ts';
import { firstCohortNotes } from './first-cohort.ts';

let catalog: Catalog;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
  catalog = await loadCatalog({ dataDir: directory.path });
});
afterAll(() => directory[Symbol.asyncDispose]());

const cohort = (model: string, month: string): Row => ({
  model,
  cohort: month,
  age: 0,
  accounts: 20,
  value: 1,
});
const notes = (from: string | null, rows: Row[], lang: 'en' | 'zh' = 'en') =>
  firstCohortNotes(rows, { from } as DatasetInfo, catalog, lang);

/** GPT-4o mini came out in July 2024, Claude Sonnet 4 in May 2025. */
const rows = [cohort('openai/gpt-4o-mini', '2025-04-01'), cohort('anthropic/claude-sonnet-4', '2025-05-01')];

it('names models that are older than the data, whose first cohort is shown', () => {
  expect(notes('2025-04-01', rows)).toEqual([
    'The data begin on 1 April 2025. Of models that are older, the first cohort also holds accounts that came before, and may stay longer for it: GPT-4o mini.',
  ]);
  expect(notes('2025-04-01', rows, 'zh')[0]).toContain('此前已有的账户');
});

it('takes the month after a month that the data cover in part', () => {
  expect(notes('2025-03-20', rows)[0]).toContain('20 March 2025');
  expect(notes('2025-05-20', rows)[0]).toContain('GPT-4o mini');
});

it('says nothing of models that came out later, of later cohorts, and where there are no data', () => {
  expect(notes('2025-05-01', rows.slice(1))).toEqual([]);
  expect(notes('2025-01-01', rows)).toEqual([]);
  expect(notes(null, rows)).toEqual([]);
});

it('takes a model whose release nobody knows for older', () => {
  expect(notes('2025-04-01', [cohort('acme/secret-1', '2025-04-01')])[0]).toContain('acme/secret-1');
});
