/** A workspace in which a test imports tables and looks at the records. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { fileList, type SqlRow } from '../../warehouse/engine.ts';
import { openWarehouse } from '../../warehouse/warehouse.ts';
import { type ImportRequest, type ImportSummary, runImport } from '../import.ts';

export async function tables(format: string) {
  const directory = await temporaryDirectory();
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  const dataset = warehouse.dataset('d');
  let files = 0;
  return {
    warehouse,
    dataset,
    /** Writes a file and imports it. */
    async import(
      name: string,
      content: string | Buffer,
      request: Partial<ImportRequest> = {},
    ): Promise<ImportSummary> {
      const path = join(directory.path, `${++files}-${name}`);
      await writeFile(path, content);
      return runImport(warehouse, dataset, { format, paths: [path], settle: false, ...request });
    },
    async mapping(text: string): Promise<string> {
      const path = join(directory.path, 'm.yaml');
      await writeFile(path, text);
      return path;
    },
    async rows<T extends object = SqlRow>(select: string): Promise<T[]> {
      const lake = (await dataset.manifest()).lake.map((f) => join(dataset.layout.lake, f.file));
      if (lake.length === 0) return [];
      return (await dataset.engine()).query<T>(
        `SELECT ${select} FROM read_parquet(${fileList(lake)}) ORDER BY ALL`,
      );
    },
    async [Symbol.asyncDispose]() {
      await warehouse.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Line and reason of what was refused. */
export const refused = (summary: ImportSummary): string[] =>
  summary.firstRejects.map((r) => `${r.line}: ${r.reason}`);
