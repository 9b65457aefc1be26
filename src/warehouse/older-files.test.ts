/** A lake that was begun before the record had all of today's fields stays readable, writable and compactable. */

import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadIds } from '../testing/load-ids.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { literal } from './engine.ts';
import { openWarehouse } from './warehouse.ts';

it('files without a column have it as unknown', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  try {
    const dataset = warehouse.dataset('d');
    const engine = await dataset.engine();
    const load = (ids: readonly string[], tokens: number) => loadIds(dataset, directory.path, ids, tokens);
    await load(['old-1', 'old-2'], 1);
    const [old] = (await dataset.manifest()).lake;
    const path = join(dataset.layout.lake, old?.file ?? '');
    await engine.run(
      `COPY (SELECT * EXCLUDE (tokens_estimated) FROM read_parquet(${literal(path)})) TO ${literal(`${path}.old`)} (FORMAT parquet)`,
    );
    await rename(`${path}.old`, path);

    expect(await load(['old-2', 'new'], 5)).toMatchObject({ rows: 2, replaced: 1 });
    for (let i = 0; i < 6; i++) await load([`more-${i}`], 10 + i);
    await dataset.settle();
    expect(await dataset.find('old-1')).toMatchObject({ id: 'old-1', totalTokens: 1, tokensEstimated: null });
    expect(await dataset.find('old-2')).toMatchObject({ totalTokens: 5 });
    expect(await dataset.find('nobody')).toBeNull();
  } finally {
    await warehouse.close();
  }
});
