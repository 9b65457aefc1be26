/** One record per id stays, wherever the ids of a load lie among those of the lake. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { validateGeneration } from '../generation/validate.ts';
import { loadIds } from '../testing/load-ids.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { fileList } from './engine.ts';
import { openWarehouse } from './warehouse.ts';

it.each([
  ['inside their range', ['b', 'c'], ['a', 'b', 'c', 'd']],
  ['at both ends', ['a', 'd'], ['a', 'b', 'c', 'd']],
  ['beyond it', ['0', 'a', 'd', 'z'], ['a', 'b', 'c', 'd']],
  ['outside it', ['x', 'y'], ['a', 'b']],
  ['with letters and marks of any kind', ["o'x", 'é', '日本', ' '], ["o'x", 'é', '日本', 'z', ' ']],
])('ids %s', async (_, fresh, lake) => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  try {
    const dataset = warehouse.dataset('d');
    const engine = await dataset.engine();
    const load = (ids: readonly string[], tokens: number) => loadIds(dataset, directory.path, ids, tokens);
    await load(lake.slice(0, 2), 1);
    if (lake.length > 2) await load(lake.slice(2), 2);
    const both = fresh.filter((id) => lake.includes(id)).length;
    expect(await load(fresh, 3)).toMatchObject({ rows: fresh.length, duplicates: 0, replaced: both });
    const files = (await dataset.manifest()).lake.map((f) => join(dataset.layout.lake, f.file));
    const kept = await engine.query<{ id: string; n: number }>(
      `SELECT id, completion_tokens AS n FROM read_parquet(${fileList(files)})`,
    );
    expect(kept.map((k) => k.id).sort()).toEqual([...new Set([...lake, ...fresh])].sort());
    for (const { id, n } of kept) if (fresh.includes(id)) expect(n).toBe(3);
  } finally {
    await warehouse.close();
  }
});

it.each([[0], [1]])(
  'of two that count the same, the one that states more stays, whichever came first',
  async (first) => {
    await using directory = await temporaryDirectory();
    const warehouse = await openWarehouse(join(directory.path, 'data'));
    try {
      const dataset = warehouse.dataset('d');
      const counts = { id: 'gen-1', model: 'a/b', promptTokens: 9, completionTokens: 3, cost: 1 };
      const both = [
        { ...counts, createdAt: '2026-03-02T10:00:00.500Z', provider: 'p', cachedTokens: 4, source: 'feed' },
        { ...counts, createdAt: '2026-03-02T10:00Z', source: 'export' },
      ];
      for (const record of first === 0 ? both : both.toReversed()) {
        const { generation } = validateGeneration(record);
        if (generation) await (await dataset.journal()).append([generation]);
        await dataset.settle();
      }
      expect(await dataset.find('gen-1')).toMatchObject({ provider: 'p', cachedTokens: 4, source: 'feed' });
    } finally {
      await warehouse.close();
    }
  },
);
