/**
 * Category and tag of each label path that a dataset has, as a Parquet file beside the marts. It is made anew when the
 * roll-up or the paths change, so a corrected roll-up corrects history.
 */
import { join } from 'node:path';
import type { Rollup } from '../classify/rollup.ts';
import { contentHash } from '../generation/ids.ts';
import type { Engine } from './engine.ts';
import type { Layout } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { LABELLED } from './mart-definitions.ts';
import { martSource } from './mart-source.ts';
import { writeTable } from './small-table.ts';

export interface LabelFacts {
  /** The table's path. */
  table: string;
  /** Who labelled, as `name@version`. */
  classifiers: string[];
}

export async function labelFacts(
  engine: Engine,
  source: { manifest: Manifest; layout: Layout },
  rollup: Rollup,
): Promise<LabelFacts> {
  const found = await engine.query<{ path: string | null; classifier: string | null }>(
    `SELECT DISTINCT path, classifier FROM (${martSource(source, LABELLED, ['path', 'classifier'])})`,
  );
  const stated = (values: (string | null)[]) => [...new Set(values.filter((v) => v !== null))].sort();
  const paths = stated(found.map((f) => f.path));
  const table = join(source.layout.root, 'catalog', `paths-${contentHash(rollup.version, ...paths)}.parquet`);
  await writeTable(
    engine,
    table,
    { path: 'VARCHAR', category: 'VARCHAR', tag: 'VARCHAR' },
    paths.map((path) => ({ path, ...rollup.resolve(path) })),
  );
  return { table, classifiers: stated(found.map((f) => f.classifier)) };
}
