/** Opens a dataset for reading: its facts (what it has, what it lacks) and its views under a selection. */
import type { Catalog } from '../catalog/contract.ts';
import type { Rollup } from '../classify/rollup.ts';
import { StateaiError } from '../generation/errors.ts';
import { FIELD_BY_NAME } from '../generation/generation.ts';
import { ACCOUNT_CLASS } from './account-class.ts';
import { largeAccounts } from './big-accounts.ts';
import { cohortTable } from './cohort-table.ts';
import type { Engine } from './engine.ts';
import { recordColumns } from './filters.ts';
import type { Layout } from './layout.ts';
import { makeOnce } from './make-once.ts';
import { dataVersion, type Manifest, readManifest } from './manifest.ts';
import { sumsBy } from './mart-source.ts';
import { modelTable } from './model-table.ts';
import { type LabelFacts, labelFacts } from './path-table.ts';
import {
  filtersNotTaken,
  makeViews,
  type Period,
  periodsOf,
  type Selection,
  VIEWS,
  type View,
  viewsIn,
  viewsTaking,
} from './views.ts';
import type { Dataset } from './warehouse.ts';

export interface DatasetFacts {
  name: string;
  simulated: boolean;
  /** Simulated, and calibrated to the study's published figures. */
  calibrated: boolean;
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
  /** Share of rows of which only the prompt or only the completion is known: at least so many. */
  halfCounted: number;
  /** Models that the catalog does not know, biggest first. */
  unknownModels: { slug: string; tokens: number }[];
}

export interface OpenDataset {
  facts: DatasetFacts;
  notes: readonly string[];
  /** Generations whose labels are known, their share of all, and the part of them without a sample rate; null: none. */
  sample: { generations: number; rate: number; unrated: number } | null;
  periods(selection: Selection): Period[];
  /**
   * The views that a query mentions; without a query, all that can take the selection's filters.
   * @param raw read the records instead of the marts
   */
  views(selection: Selection, query?: string, options?: { raw?: boolean }): Promise<View[]>;
  /** What the categories of a query rest on: classifiers and version of the roll-up; null when it reads no labels. */
  classifier(query: string): Promise<string | null>;
  /** Who labelled, as `name@version`. */
  labelledBy(): Promise<readonly string[]>;
}

/** A labelled generation takes some 450 bytes of memory. */
const MOST_LABELS_KEPT = 400_000;

/** @param fields names of the record's fields to measure; `timeOfDay` is known where times are not whole days */
export async function openForReading(
  engine: Engine,
  dataset: Dataset,
  { catalog, rollup }: { catalog: Catalog; rollup: Rollup },
  fields: readonly string[],
): Promise<OpenDataset> {
  const manifest = await readManifest(dataset.layout);
  const { layout } = dataset;
  const slugs = await modelTotals(engine, manifest, dataset);
  const models = await modelTable(
    engine,
    dataset.layout,
    catalog,
    slugs.map((s) => s.model),
  );
  const labels = makeOnce<LabelFacts>(() => labelFacts(engine, { manifest, layout }, rollup)).get;
  const large = makeOnce<string[]>(() => largeAccounts(engine, { manifest, layout })).get;
  const tokens = slugs.reduce((sum, s) => sum + s.tokens, 0);
  const counted = slugs.filter((s) => s.requests !== null);
  const unknownModels = slugs
    .filter((s) => !catalog.resolve(s.model).known)
    .map((s) => ({ slug: s.model, tokens: s.tokens }));
  const unknownTokens = unknownModels.reduce((sum, m) => sum + m.tokens, 0);
  const lake = manifest.lake;
  const countries = await countriesKnown(engine, { manifest, layout });
  const sample = sampleOf(manifest);
  return {
    notes: manifest.notes,
    facts: {
      name: dataset.name,
      simulated: manifest.simulated,
      calibrated: manifest.notes.includes('simulated'),
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
      fields: Object.fromEntries(
        fields.map((name) => [name, name === 'country' ? countries : knownShare(manifest, name)]),
      ),
      halfCounted: halfCounted(manifest),
      unknownModels: unknownModels.sort((a, b) => b.tokens - a.tokens),
    },
    sample,
    periods: (selection) => periodsOf(manifest, selection),
    async views(selection, query, { raw = false } = {}) {
      const names = query === undefined ? viewsTaking(selection) : viewsIn(query);
      const [refused] = query === undefined ? [] : filtersNotTaken(query, selection);
      if (refused)
        throw new StateaiError(
          'bad_filter',
          `The view ${refused.view} cannot be narrowed by ${refused.filter}`,
          `It takes ${VIEWS[refused.view]?.join(', ')}.`,
        );
      const classed = recordColumns(selection).includes(ACCOUNT_CLASS);
      const source = {
        manifest: raw ? { ...manifest, marts: [] } : manifest,
        layout,
        models,
        largeAccounts: classed ? await large() : [],
      };
      return makeViews(names, {
        ...source,
        selection,
        periods: periodsOf(manifest, selection),
        keepLabels: !raw && (sample?.generations ?? 0) <= MOST_LABELS_KEPT,
        paths: names.includes('labelled') ? (await labels()).table : null,
        labelsFrom: names.includes('labelled') ? (await labels()).from : null,
        cohorts: names.includes('cohorts') && !raw ? await cohortTable(engine, source, selection) : null,
      });
    },
    labelledBy: async () => (await labels()).classifiers,
    async classifier(query) {
      if (!viewsIn(query).includes('labelled')) return null;
      return [...(await labels()).classifiers, `rollup@${rollup.version}`].join(', ');
    },
  };
}

function sampleOf(manifest: Manifest): OpenDataset['sample'] {
  const rows = manifest.lake.reduce((sum, f) => sum + f.rows, 0);
  const generations = rows - manifest.lake.reduce((sum, f) => sum + (f.nulls.labels ?? 0), 0);
  if (generations === 0) return null;
  // A rate comes with labels: rows with labels that no rate comes with have none.
  const unrated = manifest.lake.reduce(
    (sum, f) => sum + Math.max(0, (f.nulls.sample_rate ?? 0) - (f.nulls.labels ?? 0)),
    0,
  );
  return { generations, rate: generations / rows, unrated: unrated / generations };
}

/** Where one of the two is unknown in more rows than the other, it is unknown alone in as many. */
function halfCounted(manifest: Manifest): number {
  const rows = manifest.lake.reduce((sum, f) => sum + f.rows, 0);
  const half = manifest.lake.reduce(
    (sum, { nulls }) => sum + Math.abs((nulls.prompt_tokens ?? 0) - (nulls.completion_tokens ?? 0)),
    0,
  );
  return rows > 0 ? half / rows : 0;
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

/** Share of rows whose country is known, by themselves or from a join file. */
async function countriesKnown(
  engine: Engine,
  source: { manifest: Manifest; layout: Layout },
): Promise<number> {
  const { manifest } = source;
  if (!manifest.accounts?.countries || manifest.lake.length === 0) return knownShare(manifest, 'country');
  const [found] = await engine.query<{ share: number }>(
    `SELECT sum("rows") FILTER (country IS NOT NULL)::DOUBLE / sum("rows") AS share FROM (${sumsBy(source, ['country'], ['rows'], [])})`,
  );
  return found?.share ?? 0;
}

async function modelTotals(engine: Engine, manifest: Manifest, dataset: Dataset) {
  if (manifest.lake.length === 0) return [];
  const sums = sumsBy({ manifest, layout: dataset.layout }, ['model'], ['total_tokens', 'requests'], []);
  return engine.query<{ model: string; tokens: number; requests: number | null }>(
    `SELECT model, sum(total_tokens)::BIGINT AS tokens, sum(requests)::BIGINT AS requests FROM (${sums}) GROUP BY model ORDER BY tokens DESC`,
  );
}
