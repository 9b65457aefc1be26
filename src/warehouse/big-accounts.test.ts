/** An account that becomes big gets cubes of its own, also for records that were there before, whatever these lack. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Generation } from '../generation/generation.ts';
import { validateGeneration } from '../generation/validate.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { martsOf } from './mart-definitions.ts';
import { uncovered } from './mart-source.ts';
import { openWarehouse } from './warehouse.ts';

const record = (id: string, change: Partial<Generation>): Generation => {
  const made = { id, createdAt: '2026-03-02T10:00Z', model: 'a/b', promptTokens: 9, source: 't', ...change };
  const { generation } = validateGeneration(made);
  if (!generation) throw new Error('not a record');
  return generation;
};

it.each([
  ['nobody says whether keys were the customer’s own', {}],
  ['somebody does', { byok: false, cost: 1 }],
])('%s', async (_, change) => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  try {
    const dataset = warehouse.dataset('d');
    const settled = async (records: Generation[]) => {
      await (await dataset.journal()).append(records);
      await dataset.settle();
      return dataset.manifest();
    };
    expect((await settled([record('a', change)])).bigAccounts?.ids).toEqual([]);
    const manifest = await settled([record('b', { ...change, account: 'ada' })]);
    expect(manifest.bigAccounts?.ids).toEqual(['ada']);
    for (const mart of martsOf(manifest)) expect(uncovered(manifest, mart.name)).toEqual([]);
  } finally {
    await warehouse.close();
  }
});
