/** What the journal acknowledges, also after hours in which nothing came. */
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
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

it('takes records as soon as its directory can be made, though it could not be at first', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  try {
    const dataset = warehouse.dataset('live');
    await mkdir(dataset.layout.root, { recursive: true });
    // A file is in the way, as a disk that is full or read-only would be.
    await writeFile(dataset.layout.journal, '');
    await writeFile(dataset.layout.staging, '');
    await expect(dataset.journal()).rejects.toThrow();
    await expect(dataset.settle()).rejects.toThrow();
    await rm(dataset.layout.journal);
    await rm(dataset.layout.staging);
    const record = unknownGeneration({ id: 'a', createdAt: Date.now(), model: 'a/b', source: 'http' });
    await (await dataset.journal()).append([{ ...record, totalTokens: 1 }]);
    expect(await dataset.settle()).toBe(1);
  } finally {
    await warehouse.close();
  }
});

it('is settled on when a file of it is shorter than what the lake took of it', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  try {
    const dataset = warehouse.dataset('live');
    const line = (id: string) =>
      `${JSON.stringify({ ...unknownGeneration({ id, createdAt: Date.now(), model: 'a/b', source: 'http' }), totalTokens: 1 })}\n`;
    await mkdir(dataset.layout.journal, { recursive: true });
    // Of a process that is gone.
    const path = join(dataset.layout.journal, '4194305-x.ndjson');
    await writeFile(path, line('a') + line('b'));
    expect(await dataset.settle()).toBe(2);
    // Gone when it is wholly in the lake; as it were before the disk refused the second line, which was cut off.
    await writeFile(path, line('a'));
    await writeFile(join(dataset.layout.journal, '4194305-y.ndjson'), line('b') + line('c'));
    await dataset.settle();
    expect((await dataset.manifest()).lake.reduce((rows, file) => rows + file.rows, 0)).toBe(3);
  } finally {
    await warehouse.close();
  }
});

it('settling ends though records keep coming', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  try {
    const dataset = warehouse.dataset('live');
    const journal = await dataset.journal();
    let count = 0;
    const append = async () => {
      const id = String(count++);
      const record = unknownGeneration({ id, createdAt: Date.now(), model: 'a/b', source: 'http' });
      await journal.append([{ ...record, totalTokens: 1 }]);
    };
    await append();
    let isOver = false;
    const stream = (async () => {
      while (!isOver) await append();
    })();
    const first = await dataset.settle();
    isOver = true;
    await stream;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(count);
    expect(first + (await dataset.settle())).toBe(count);
  } finally {
    await warehouse.close();
  }
});
