/** For tests: a dataset to pull into, a clock that stands still, and waits that take no time. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { fileList, type SqlRow } from '../../warehouse/engine.ts';
import { openWarehouse } from '../../warehouse/warehouse.ts';
import { type PullRequest, pull } from './pull.ts';

export const NOW = Date.parse('2026-06-15T12:00:00Z');

export async function pullWorkspace(env: NodeJS.ProcessEnv = {}) {
  const directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  const dataset = warehouse.dataset('d');
  const waits: number[] = [];
  const clock = { now: NOW };
  return {
    warehouse,
    dataset,
    clock,
    /** How long each wait would have been. */
    waits,
    pull: (request: Omit<PullRequest, 'runtime'>) =>
      pull(warehouse, dataset, {
        settle: false,
        ...request,
        runtime: {
          env,
          now: () => clock.now,
          sleep: async (ms) => {
            waits.push(ms);
          },
        },
      }),
    async rows<T extends object = SqlRow>(select = '*'): Promise<T[]> {
      const files = (await dataset.manifest()).lake.map((f) => join(dataset.layout.lake, f.file));
      if (files.length === 0) return [];
      return (await dataset.engine()).query<T>(
        `SELECT ${select} FROM read_parquet(${fileList(files)}) ORDER BY ALL`,
      );
    },
    async states(): Promise<Record<string, unknown>[]> {
      const names = await readdir(dataset.layout.sources).catch(() => []);
      return Promise.all(
        names.map(async (name) => JSON.parse(await readFile(join(dataset.layout.sources, name), 'utf8'))),
      );
    },
    /** Whether a text stands in any file of the data directory. */
    async onDisk(text: string): Promise<boolean> {
      const entries = await readdir(warehouse.dataDir, { recursive: true, withFileTypes: true });
      for (const entry of entries)
        if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(text))
          return true;
      return false;
    },
    /** Files that wait in staging. */
    async staged(): Promise<string[]> {
      const entries = await readdir(dataset.layout.staging, { recursive: true }).catch(() => []);
      return entries.filter((name) => name.endsWith('.ndjson'));
    },
    async [Symbol.asyncDispose]() {
      await warehouse.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}
