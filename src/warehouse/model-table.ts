/**
 * The catalog's answers as a Parquet file beside the marts: one row for each slug of the dataset. It is made anew when
 * the catalog or the slugs change, so a corrected catalog corrects history.
 */
import { join } from 'node:path';
import type { Catalog } from '../catalog/contract.ts';
import { contentHash } from '../generation/ids.ts';
import type { Engine } from './engine.ts';
import type { Layout } from './layout.ts';
import { writeTable } from './small-table.ts';

const COLUMNS = {
  slug: 'VARCHAR',
  model: 'VARCHAR',
  model_name: 'VARCHAR',
  author: 'VARCHAR',
  author_name: 'VARCHAR',
  openness: 'VARCHAR',
  origin: 'VARCHAR',
  source_group: 'VARCHAR',
  size: 'VARCHAR',
  reasoning: 'BOOLEAN',
  released: 'DATE',
  known: 'BOOLEAN',
};

/** Writes the table if it is not there yet. Answers its path. */
export async function modelTable(
  engine: Engine,
  layout: Layout,
  catalog: Catalog,
  slugs: readonly string[],
): Promise<string> {
  const sorted = [...new Set(slugs)].sort();
  const path = join(layout.catalog, `models-${contentHash(catalog.version, ...sorted)}.parquet`);
  const rows = sorted.map((slug) => {
    const m = catalog.resolve(slug);
    return {
      slug,
      model: m.model,
      model_name: m.name,
      author: m.author,
      author_name: m.authorName,
      openness: m.openness,
      origin: m.origin,
      source_group: sourceGroup(m.openness, m.origin),
      size: m.openness === 'open' ? m.size : null,
      reasoning: m.reasoning,
      released: m.released,
      known: m.known,
    };
  });
  await writeTable(engine, path, COLUMNS, rows);
  return path;
}

/** The study's three groups, and the one of what nobody knows. */
function sourceGroup(openness: string, origin: string): string {
  if (openness === 'closed') return 'closed';
  if (openness !== 'open' || origin === 'unknown') return 'unknown';
  return origin === 'chinese' ? 'open-chinese' : 'open-row';
}
