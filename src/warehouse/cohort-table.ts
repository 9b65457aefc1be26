/**
 * The cohorts' activity, computed once and kept as a small Parquet file for each way of narrowing records: days and models
 * are chosen when it is read. It rests on the catalog and on the lake files of whole months only, so what comes in
 * during a month leaves it valid.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { contentHash } from '../generation/ids.ts';
import { definitionOf } from './account-join.ts';
import { accountUses, cohortActivity } from './cohort-views.ts';
import { type Engine, literal } from './engine.ts';
import { ageOf, namesIn } from './files.ts';
import { recordsOnly, type Selection } from './filters.ts';
import type { Layout } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { ACCOUNT_MONTHS } from './mart-definitions.ts';
import { lastWholeMonth } from './periods.ts';
import { writeQuery } from './small-table.ts';

/** So many are kept; older ones go, but none that a reader may hold. */
const MOST_TABLES = 50;
const KEEP_MS = 15 * 60_000;

export interface CohortSource {
  manifest: Manifest;
  layout: Layout;
  largeAccounts: readonly string[];
  /** Parquet file of the catalog's answers; its name tells its version. */
  models: string;
}

/** Writes the table if it is not there yet. Answers its path. */
export async function cohortTable(
  engine: Engine,
  source: CohortSource,
  selection: Selection,
): Promise<string> {
  const { manifest, layout, models } = source;
  const last = lastWholeMonth(manifest, { from: null, to: null });
  const lake = manifest.lake.filter((f) => last !== null && f.month <= last.slice(0, 7));
  const narrowed = recordsOnly(selection);
  const query = cohortActivity(accountUses({ ...source, manifest: { ...manifest, lake } }, narrowed));
  const definition = cohortActivity(
    accountUses({ ...source, manifest: { ...manifest, lake: [] } }, narrowed),
  );
  const files = lake.map((f) => f.file).sort();
  const key = contentHash(models, definitionOf(ACCOUNT_MONTHS, manifest.accounts), definition, ...files);
  const path = join(layout.catalog, `cohorts-${key}.parquet`);
  const known = `models AS (FROM read_parquet(${literal(models)}))`;
  await writeQuery(engine, path, () => `WITH ${known} FROM (${query}) ORDER BY model, cohort`);
  await forgetOld(layout.catalog);
  return path;
}

async function forgetOld(directory: string): Promise<void> {
  const names = (await namesIn(directory)).filter((n) => n.startsWith('cohorts-'));
  if (names.length <= MOST_TABLES) return;
  const aged = await Promise.all(
    names.map(async (n) => ({ path: join(directory, n), age: await ageOf(join(directory, n)) })),
  );
  for (const { path, age } of aged.sort((a, b) => a.age - b.age).slice(MOST_TABLES))
    if (age > KEEP_MS) await rm(path, { force: true });
}
