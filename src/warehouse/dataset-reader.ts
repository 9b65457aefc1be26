/** Opens a dataset for reading: its facts (what it has, what it lacks) and its views under a selection. */
import { join } from 'node:path';
import type { Catalog } from '../catalog/contract.ts';
import { FIELD_BY_NAME } from '../generation/generation.ts';
import { type Engine, fileList, identifier } from './engine.ts';
import { dataVersion, type Manifest, readManifest } from './manifest.ts';
import { CUBES, MARTS } from './mart-definitions.ts';
import { martQuery, uncovered, validMartFiles } from './marts.ts';
import { modelTable } from './model-table.ts';
import { type Period, periodsOf, type Selection, trafficViews, type View } from './views.ts';
import type { Dataset } from './warehouse.ts';

export interface DatasetFacts {
  name: string;
  simulated: boolean;
  version: string;
  sources: string[];
  from: string | null;
  to: string | null;
  tokens: number;
  requests: number | null;
  models: number;
  unknownModelShare: number | null;
  /** Share of rows that state a field. */
  fields: Record<string, number>;
  /** Models that the catalog does not know, biggest first. */
  unknownModels: { slug: string; tokens: number }[];
}

export interface OpenDataset {
  facts: DatasetFacts;
  notes: readonly string[];
  /** @param raw read the records instead of the marts */
  views(selection: Selection, options?: { raw?: boolean }): { views: View[]; periods: Period[] };
}

/** @param fields names of the record's fields to measure; `timeOfDay` is known where times are not whole days */
export async function openForReading(
  engine: Engine,
  dataset: Dataset,
  catalog: Catalog,
  fields: readonly string[],
): Promise<OpenDataset> {
  const manifest = await readManifest(dataset.layout);
  const slugs = await modelTotals(engine, manifest, dataset);
  const models = await modelTable(
    engine,
    dataset.layout,
    catalog,
    slugs.map((s) => s.model),
  );
  const tokens = slugs.reduce((sum, s) => sum + s.tokens, 0);
  const counted = slugs.filter((s) => s.requests !== null);
  const unknownModels = slugs
    .filter((s) => !catalog.resolve(s.model).known)
    .map((s) => ({ slug: s.model, tokens: s.tokens }));
  const unknownTokens = unknownModels.reduce((sum, m) => sum + m.tokens, 0);
  const lake = manifest.lake;
  return {
    notes: manifest.notes,
    facts: {
      name: dataset.name,
      simulated: manifest.simulated,
      version: dataVersion(manifest),
      sources: [...new Set(lake.flatMap((f) => f.sources))].sort(),
      from: lake.length > 0 ? (lake.map((f) => f.from).sort()[0] ?? '').slice(0, 10) : null,
      to:
        lake.length > 0
          ? (
              lake
                .map((f) => f.to)
                .sort()
                .at(-1) ?? ''
            ).slice(0, 10)
          : null,
      tokens,
      requests: counted.length > 0 ? counted.reduce((sum, s) => sum + Number(s.requests), 0) : null,
      models: new Set(slugs.map((s) => catalog.resolve(s.model).model)).size,
      unknownModelShare: tokens > 0 ? unknownTokens / tokens : null,
      fields: Object.fromEntries(fields.map((name) => [name, knownShare(manifest, name)])),
      unknownModels: unknownModels.sort((a, b) => b.tokens - a.tokens),
    },
    views(selection, { raw = false } = {}) {
      const periods = periodsOf(manifest, selection);
      const source = raw ? { ...manifest, marts: [] } : manifest;
      return { views: trafficViews(source, dataset.layout, models, selection, periods), periods };
    },
  };
}

function knownShare(manifest: Manifest, name: string): number {
  const rows = manifest.lake.reduce((sum, f) => sum + f.rows, 0);
  if (rows === 0) return 0;
  if (name === 'timeOfDay')
    return manifest.lake.filter((f) => !f.daily).reduce((sum, f) => sum + f.rows, 0) / rows;
  const column = FIELD_BY_NAME.get(name)?.column ?? name;
  const unknown = manifest.lake.reduce((sum, f) => sum + (f.nulls[column] ?? 0), 0);
  return 1 - unknown / rows;
}

async function modelTotals(engine: Engine, manifest: Manifest, dataset: Dataset) {
  const [cube] = CUBES;
  if (!cube || manifest.lake.length === 0) return [];
  const files = validMartFiles(manifest).filter((m) => m.mart === cube.name);
  const rest = [...uncovered(manifest, cube.name).values()].flat();
  const columns = ['model', 'total_tokens', 'requests'].map(identifier).join(', ');
  const parts: string[] = [];
  if (files.length > 0)
    parts.push(
      `SELECT ${columns} FROM read_parquet(${fileList(files.map((m) => join(dataset.layout.marts, m.file)))})`,
    );
  if (rest.length > 0)
    parts.push(
      `SELECT ${columns} FROM (${martQuery(
        MARTS.find((m) => m.name === cube.name) ?? cube,
        rest.map((f) => join(dataset.layout.lake, f)),
      )})`,
    );
  return engine.query<{ model: string; tokens: number; requests: number | null }>(
    `SELECT model, sum(total_tokens)::BIGINT AS tokens, sum(requests)::BIGINT AS requests FROM (${parts.join(' UNION ALL ')}) GROUP BY model ORDER BY tokens DESC`,
  );
}

/** Makes the views in the engine and runs a query over them; one caller at a time. */
export async function queryViews<T extends object>(
  engine: Engine,
  views: readonly View[],
  sql: string,
): Promise<T[]> {
  const make = views.map((v) => `CREATE OR REPLACE TEMP VIEW ${identifier(v.name)} AS ${v.sql};`).join('\n');
  await engine.run(make);
  return engine.query<T>(sql);
}

/** The same as a script that anyone can paste into DuckDB. */
export function scriptOf(views: readonly View[], sql: string): string {
  const make = views.map((v) => `CREATE OR REPLACE TEMP VIEW ${identifier(v.name)} AS\n${v.sql};`);
  return `${["SET TimeZone = 'UTC';", ...make].join('\n\n')}\n\n${sql.trimEnd().replace(/;$/, '')};\n`;
}
