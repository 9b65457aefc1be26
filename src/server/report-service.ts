/** The composition of warehouse, catalog and exhibits that all faces share: CLI, HTTP, bench. */

import { loadCatalog } from '../catalog/catalog.ts';
import type { Catalog } from '../catalog/contract.ts';
import { confusionOfClassifier } from '../classify/confusion.ts';
import { loadRollup } from '../classify/rollup.ts';
import type { DatasetInfo, ExhibitResult, Row } from '../exhibits/contract.ts';
import { sqlShown } from '../exhibits/panels.ts';
import type { Reader } from '../exhibits/reader.ts';
import { exhibitNamed } from '../exhibits/registry.ts';
import { REQUIRABLE_FIELDS } from '../exhibits/requirements.ts';
import { type Range, runExhibit } from '../exhibits/run.ts';
import { StateaiError } from '../generation/errors.ts';
import type { Lang } from '../messages/messages.ts';
import {
  CATEGORY_SHARES_SQL,
  type CategoryShares,
  type CategorySharesRow,
  categoryShares,
} from '../readings/category-shares.ts';
import { type DatasetFacts, type OpenDataset, openForReading } from '../warehouse/dataset-reader.ts';
import { checkValue, type FilterKey } from '../warehouse/filters.ts';
import { dataVersion } from '../warehouse/manifest.ts';
import { queryViewsAtOnce, scriptOf } from '../warehouse/query-views.ts';
import { takeTurns } from '../warehouse/turns.ts';
import { FILTER_KEYS, filtersNotTaken, type Selection, type View } from '../warehouse/views.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { absentValues } from './absent-values.ts';
import { type FilterValue, filterValues } from './filter-values.ts';

export interface ReportService {
  catalog: Catalog;
  datasets(): Promise<DatasetInfo[]>;
  facts(dataset: string): Promise<DatasetFacts>;
  exhibit(dataset: string, id: string, range: Range, lang: Lang): Promise<ExhibitResult>;
  sql(dataset: string, id: string, range: Range): Promise<string>;
  /** Shares of the categories, adjusted for the classifier's errors. @throws `bad_confusion` */
  categoryShares(dataset: string, range: Range): Promise<CategorySharesResult>;
  version(dataset: string): Promise<string>;
  /** Values of a filter key that occur in the whole dataset, the most used first. @throws `bad_filter` */
  values(dataset: string, key: string): Promise<FilterValue[]>;
  /**
   * The views as an exhibit reads them.
   * @param sql make only the views that it mentions
   * @param raw read the records instead of the marts: the slow way to the same numbers
   */
  views(dataset: string, range: Range, sql?: string, options?: { raw?: boolean }): Promise<View[]>;
}

/** Shares of categories, with what they are of. */
export type CategorySharesResult = CategoryShares &
  Pick<DatasetFacts, 'simulated' | 'calibrated'> & { dataset: string };

/** @param cache keep results until the data changes (for a server); a bench measures without */
export async function openReports(warehouse: Warehouse, options: { cache: boolean }): Promise<ReportService> {
  const catalog = await loadCatalog({ dataDir: warehouse.dataDir });
  const rollup = loadRollup(warehouse.dataDir);
  const open = new Map<string, { version: string; opened: OpenDataset }>();
  const results = new Map<string, Promise<ExhibitResult>>();
  // The views of one dataset have one name each in the engine, so reads take turns.
  const inTurn = takeTurns();

  const opened = async (name: string): Promise<OpenDataset> => {
    const dataset = warehouse.dataset(name);
    if (!(await dataset.exists())) {
      const names = await warehouse.datasets();
      throw new StateaiError(
        'no_dataset',
        `There is no dataset "${name}"`,
        names.length > 0 ? `Datasets: ${names.join(', ')}.` : 'Import something first: stateai import.',
      );
    }
    // Also marts that were built or merged since make it another version: their files come and go.
    const version = `${(await dataset.manifest()).version} ${catalog.version}`;
    const known = open.get(name);
    if (known?.version === version) return known.opened;
    const fresh = await openForReading(
      await dataset.engine(),
      dataset,
      { catalog, rollup },
      REQUIRABLE_FIELDS,
    );
    open.set(name, { version, opened: fresh });
    return fresh;
  };

  const reader = async (name: string, range: Range): Promise<Reader> => {
    const dataset = await opened(name);
    const selection = selectionOf(range);
    const engine = await warehouse.dataset(name).engine();
    return {
      query: async (queries) =>
        queryViewsAtOnce<Row>(engine, await dataset.views(selection, queries.join('\n;\n')), queries),
      script: async (sql) => {
        const script = scriptOf(await dataset.views(selection, sql), sql);
        return dataset.facts.simulated
          ? `-- Simulated data: dataset "${name}" was made by a program.\n${script}`
          : script;
      },
      notTaken: (sql) => filtersNotTaken(sql, selection),
      absent: () => absentValues(warehouse.dataset(name), dataset, selection),
      classifier: (sql) => dataset.classifier(sql),
      periods: dataset.periods(selection),
      info: infoOf(dataset.facts),
      sample: dataset.sample,
      notes: dataset.notes,
    };
  };

  const run = (dataset: string, id: string, range: Range, lang: Lang) =>
    inTurn(async () => {
      const exhibit = exhibitNamed(id, warehouse.dataDir);
      return runExhibit(exhibit, await reader(dataset, range), catalog, range, lang);
    });

  return {
    catalog,
    datasets: () =>
      inTurn(async () => {
        const out: DatasetInfo[] = [];
        for (const name of await warehouse.datasets()) out.push(infoOf((await opened(name)).facts));
        return out;
      }),
    facts: (dataset) => inTurn(async () => (await opened(dataset)).facts),
    sql: (dataset, id, range) =>
      inTurn(async () => {
        const exhibit = exhibitNamed(id, warehouse.dataDir);
        const read = await reader(dataset, range);
        const [rows = []] = exhibit.only === undefined ? [] : await read.query([exhibit.sql]);
        return read.script(sqlShown(exhibit, rows));
      }),
    categoryShares: (dataset, range) =>
      inTurn(async () => {
        if (range.where.category)
          throw new StateaiError(
            'bad_filter',
            'The shares of all categories cannot be narrowed to some',
            'Leave out category=….',
          );
        const [rows = []] = await (await reader(dataset, range)).query([CATEGORY_SHARES_SQL]);
        const { facts, labelledBy } = await opened(dataset);
        const shares = categoryShares(rows as unknown as CategorySharesRow[], await labelledBy(), (name) =>
          confusionOfClassifier(name, warehouse.dataDir),
        );
        return { dataset, simulated: facts.simulated, calibrated: facts.calibrated, ...shares };
      }),
    views: async (dataset, range, sql, options) =>
      (await opened(dataset)).views(selectionOf(range), sql, options),
    version: async (dataset) => dataVersion(await warehouse.dataset(dataset).manifest()),
    values: (dataset, key) =>
      inTurn(async () => filterValues(warehouse.dataset(dataset), await opened(dataset), key)),
    async exhibit(dataset, id, range, lang) {
      if (!options.cache) return run(dataset, id, range, lang);
      const version = dataVersion(await warehouse.dataset(dataset).manifest());
      const key = JSON.stringify([dataset, version, id, range, lang, new Date().toISOString().slice(0, 10)]);
      const known = results.get(key);
      if (known) return known;
      const made = run(dataset, id, range, lang);
      made.catch(() => results.delete(key));
      results.set(key, made);
      if (results.size > 1000) results.delete(results.keys().next().value ?? '');
      return made;
    },
  };
}

const infoOf = ({ unknownModels: _, ...facts }: DatasetFacts): DatasetInfo => facts as DatasetInfo;

function selectionOf(range: Range): Selection {
  return { from: range.from, to: range.to, grain: range.grain, where: range.where };
}

/** Checks what a user typed. @throws `bad_date`, `bad_grain`, `bad_filter` */
export function parseRange(input: {
  from?: string;
  to?: string;
  grain?: string;
  where?: readonly string[];
}): Range {
  const day = (text: string | undefined, name: string): string | null => {
    if (text === undefined || text === '') return null;
    const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
    if (date && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return text;
    throw new StateaiError(
      'bad_date',
      `${name} is "${text.slice(0, 40)}"`,
      'Use a day as YYYY-MM-DD (UTC); both ends are included.',
    );
  };
  const [from, to] = [day(input.from, 'from'), day(input.to, 'to')];
  if (from && to && from > to)
    throw new StateaiError('bad_date', `from ${from} is after to ${to}`, 'Swap them.');
  const grain = input.grain || 'week';
  if (grain !== 'day' && grain !== 'week' && grain !== 'month')
    throw new StateaiError('bad_grain', `grain is "${grain.slice(0, 40)}"`, 'Use day, week or month.');
  const where: Record<string, string[]> = {};
  for (const text of input.where ?? []) {
    const at = text.indexOf('=');
    const [key, value] = at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (!(FILTER_KEYS as string[]).includes(key))
      throw new StateaiError(
        'bad_filter',
        `"${text.slice(0, 80)}" is not a filter`,
        `Use key=value with one of ${FILTER_KEYS.join(', ')}.`,
      );
    if (value === '')
      throw new StateaiError('bad_filter', `${key} has no value`, `Use ${key}=value, or ${key}=unknown.`);
    checkValue(key as FilterKey, value);
    where[key] = [...(where[key] ?? []), value];
  }
  return { from, to, grain, where };
}
