/**
 * The catalog's answers as a Parquet file beside the marts: one row for each slug of the dataset. It is made anew when
 * the catalog or the slugs change, so a corrected catalog corrects history.
 */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../catalog/contract.ts';
import { contentHash } from '../generation/ids.ts';
import { type Engine, literal } from './engine.ts';
import { uniqueName } from './files.ts';
import type { Layout } from './layout.ts';

/** Writes the table if it is not there yet. Answers its path. */
export async function modelTable(
  engine: Engine,
  layout: Layout,
  catalog: Catalog,
  slugs: readonly string[],
): Promise<string> {
  const sorted = [...new Set(slugs)].sort();
  const path = join(layout.root, 'catalog', `models-${contentHash(catalog.version, ...sorted)}.parquet`);
  if (await stat(path).catch(() => null)) return path;
  await mkdir(join(layout.root, 'catalog'), { recursive: true });
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
  const temporary = join(layout.root, 'catalog', `.${uniqueName()}`);
  await writeFile(`${temporary}.json`, JSON.stringify(rows), { mode: 0o600 });
  const text = [
    'slug',
    'model',
    'model_name',
    'author',
    'author_name',
    'openness',
    'origin',
    'source_group',
    'size',
  ];
  const types = [
    ...text.map((c) => `${c}: 'VARCHAR'`),
    "reasoning: 'BOOLEAN'",
    "released: 'DATE'",
    "known: 'BOOLEAN'",
  ];
  await engine.run(`COPY (SELECT * FROM read_json(${literal(`${temporary}.json`)}, format = 'array', columns = {${types.join(', ')}}))
    TO ${literal(temporary)} (FORMAT parquet)`);
  await rm(`${temporary}.json`, { force: true });
  await rename(temporary, path);
  return path;
}

/** The study's three groups, and the one of what nobody knows. */
function sourceGroup(openness: string, origin: string): string {
  if (openness === 'closed') return 'closed';
  if (openness !== 'open' || origin === 'unknown') return 'unknown';
  return origin === 'chinese' ? 'open-chinese' : 'open-row';
}
