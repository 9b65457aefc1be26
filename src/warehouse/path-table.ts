/**
 * Category and tag of each pair of label paths that a dataset has, as a Parquet file beside the marts. It is made anew when the
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
  /** First day with labels. */
  from: string | null;
}

export async function labelFacts(
  engine: Engine,
  source: { manifest: Manifest; layout: Layout },
  rollup: Rollup,
): Promise<LabelFacts> {
  const found = await engine.query<{
    path: string | null;
    second_path: string | null;
    classifier: string | null;
    first: string;
  }>(
    `SELECT path, second_path, classifier, min("day")::VARCHAR AS first
     FROM (${martSource(source, LABELLED, ['day', 'path', 'second_path', 'classifier'])}) GROUP BY ALL`,
  );
  const stated = (values: (string | null)[]) => [...new Set(values.filter((v) => v !== null))].sort();
  const pairs = new Map(
    found.filter((f) => f.path !== null).map((f) => [`${f.path}\n${f.second_path ?? ''}`, f] as const),
  );
  const keys = [...pairs.keys()].sort();
  const table = join(source.layout.catalog, `paths-${contentHash(rollup.version, ...keys)}.parquet`);
  await writeTable(
    engine,
    table,
    { path: 'VARCHAR', second_path: 'VARCHAR', category: 'VARCHAR', tag: 'VARCHAR' },
    keys.flatMap((key) => {
      const pair = pairs.get(key);
      if (!pair) return [];
      const { path, second_path } = pair;
      return [{ path, second_path, ...rollup.resolve(path, second_path) }];
    }),
  );
  const from = found.map((f) => f.first).sort()[0] ?? null;
  return { table, classifiers: stated(found.map((f) => f.classifier)), from };
}
