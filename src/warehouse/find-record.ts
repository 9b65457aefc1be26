/** One record of the lake by its id. */
import { join } from 'node:path';
import { FIELDS, type Generation } from '../generation/generation.ts';
import { parseTime } from '../generation/validate.ts';
import { COLUMN_LIST, lakeRelation } from './columns.ts';
import { type Engine, literal } from './engine.ts';
import type { Layout } from './layout.ts';
import { readManifest } from './manifest.ts';

export async function findRecord(engine: Engine, layout: Layout, id: string): Promise<Generation | null> {
  const { lake } = await readManifest(layout);
  if (lake.length === 0) return null;
  // Ids of one door grow with time, so the files' statistics leave little to read.
  const [row] = await engine.query(
    `SELECT ${COLUMN_LIST} FROM ${lakeRelation(lake.map((f) => join(layout.lake, f.file)))} WHERE id = ${literal(id)} LIMIT 1`,
  );
  if (!row) return null;
  const entries = FIELDS.map((f) => {
    const value = row[f.column] ?? null;
    return [f.name, f.kind === 'timestamp' && typeof value === 'string' ? parseTime(value) : value];
  });
  return Object.fromEntries(entries) as Generation;
}
