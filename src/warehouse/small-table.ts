/** Small tables that are computed outside the engine and read by its views: Parquet files named by their content. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Engine, literal } from './engine.ts';
import { uniqueName } from './files.ts';

/**
 * Writes a table unless it is there already.
 * @param columns name → SQL type
 */
export async function writeTable(
  engine: Engine,
  path: string,
  columns: Record<string, string>,
  rows: readonly object[],
): Promise<void> {
  await writeQuery(engine, path, async (temporary) => {
    await writeFile(temporary, JSON.stringify(rows), { mode: 0o600 });
    const types = Object.entries(columns).map(([name, type]) => `${name}: ${literal(type)}`);
    return `SELECT * FROM read_json(${literal(temporary)}, format = 'array', columns = {${types.join(', ')}})`;
  });
}

/**
 * Writes a query's rows unless the file is there already.
 * @param query given the name of a file that it may use and that is deleted afterwards
 */
export async function writeQuery(
  engine: Engine,
  path: string,
  query: (temporary: string) => Promise<string> | string,
): Promise<void> {
  if (await stat(path).catch(() => null)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${uniqueName()}`);
  try {
    const sql = await query(`${temporary}.json`);
    await engine.run(`COPY (${sql}) TO ${literal(temporary)} (FORMAT parquet)`);
    await rename(temporary, path);
  } finally {
    await rm(`${temporary}.json`, { force: true });
  }
}
