/** What the journal acknowledges, also after hours in which nothing came. */
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { unknownGeneration } from '../generation/generation.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { openWarehouse } from './warehouse.ts';

it('takes records after a rest in which its file was loaded and deleted', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  const now = Date.now();
  try {
    const dataset = warehouse.dataset('live');
    const append = async (id: string) => {
      const record = unknownGeneration({ id, createdAt: now, model: 'a/b', source: 'http' });
      await (await dataset.journal()).append([{ ...record, totalTokens: 1 }]);
    };
    await append('before');
    await dataset.settle();
    const longAgo = new Date(now - 7_200_000);
    for (const name of await readdir(dataset.layout.journal))
      await utimes(join(dataset.layout.journal, name), longAgo, longAgo);
    await dataset.settle();
    expect(await readdir(dataset.layout.journal)).toEqual([]);
    vi.spyOn(Date, 'now').mockReturnValue(now + 7_200_000);
    await append('after');
    vi.restoreAllMocks();
    await dataset.settle();
    expect((await dataset.manifest()).lake.reduce((rows, file) => rows + file.rows, 0)).toBe(2);
  } finally {
    vi.restoreAllMocks();
    await warehouse.close();
  }
});
