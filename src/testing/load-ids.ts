/** For tests: records of which only the id and the number of tokens matter, loaded as an import loads them. */
import { join } from 'node:path';
import { journalRelation } from '../warehouse/columns.ts';
import { literal } from '../warehouse/engine.ts';
import type { Load } from '../warehouse/manifest.ts';
import type { Dataset } from '../warehouse/warehouse.ts';

/** @param directory for the file that is loaded */
export async function loadIds(
  dataset: Dataset,
  directory: string,
  ids: readonly string[],
  tokens: number,
): Promise<Load> {
  const path = join(directory, `${tokens}.ndjson`);
  const rows = ids.map(
    (id) => `(${literal(id)}, epoch_ms(TIMESTAMP '2026-01-02'), 'a/b', ${tokens}, ${tokens}, 't')`,
  );
  const engine = await dataset.engine();
  await engine.run(
    `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) v(id, "createdAt", model, "completionTokens", "totalTokens", source)) TO ${literal(path)} (FORMAT json)`,
  );
  return dataset.publish(await dataset.stage(journalRelation([path])), { source: 't' });
}
