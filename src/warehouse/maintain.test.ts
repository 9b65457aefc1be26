/** What housekeeping leaves alone. */
import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../testing/workspace.ts';
import { moveAllFlushed } from './files.ts';
import { layoutOf } from './layout.ts';
import { moveFlushed } from './load.ts';
import { collectGarbage } from './maintain.ts';

it('a file that lay in staging for long and that the next commit will name', async () => {
  await using directory = await temporaryDirectory();
  const layout = layoutOf(directory.path, 'live');
  await mkdir(layout.staging, { recursive: true });
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const name of ['lake.parquet', 'mart.parquet']) {
    await writeFile(join(layout.staging, name), '');
    await utimes(join(layout.staging, name), hourAgo, hourAgo);
  }
  const moved = join(layout.lake, '2026-01', 'lake.parquet');
  await moveFlushed(join(layout.staging, 'lake.parquet'), moved);
  await moveAllFlushed(layout.staging, layout.marts, ['mart.parquet']);
  await collectGarbage(layout);
  expect([existsSync(moved), existsSync(join(layout.marts, 'mart.parquet'))]).toEqual([true, true]);
  for (const path of [moved, join(layout.marts, 'mart.parquet')]) await utimes(path, hourAgo, hourAgo);
  await collectGarbage(layout);
  expect([existsSync(moved), existsSync(join(layout.marts, 'mart.parquet'))]).toEqual([false, false]);
});
