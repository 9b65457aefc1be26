/** A dataset tells which live doors its records came in at. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unknownGeneration } from '../generation/generation.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { commit } from './manifest.ts';
import { openWarehouse } from './warehouse.ts';

it('names the doors of its records, also where an earlier version had named the journal', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  try {
    const dataset = warehouse.dataset('live');
    const append = async (...sources: string[]) =>
      (await dataset.journal()).append(
        sources.map((source) => ({
          ...unknownGeneration({
            id: `${source}-${Math.random()}`,
            createdAt: Date.UTC(2026, 0, 5),
            model: 'a/b',
            source,
          }),
          totalTokens: 1,
        })),
      );
    const sources = async () => (await dataset.manifest()).lake.map((f) => f.sources);
    await append('gateway', 'otlp', 'gateway');
    await dataset.settle();
    expect(await sources()).toEqual([['gateway', 'otlp']]);
    // What a sender calls its source may be anything.
    await append('my own proxy', 'another');
    await dataset.settle();
    expect(await sources()).toEqual([['gateway', 'otlp'], ['http']]);

    await commit(dataset.layout, (manifest) => {
      for (const file of manifest.lake) file.sources = ['claude-code', 'journal'];
      return true;
    });
    await dataset.settle();
    expect(await sources()).toEqual([
      ['claude-code', 'gateway', 'otlp'],
      ['claude-code', 'http'],
    ]);
  } finally {
    await warehouse.close();
  }
});
