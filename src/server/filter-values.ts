/** Which values of a filter key occur in a dataset, the most used first: what a filter's field suggests. */
import type { Row } from '../exhibits/contract.ts';
import { StateaiError } from '../generation/errors.ts';
import { ACCOUNT_CLASS } from '../warehouse/account-class.ts';
import { largeAccounts } from '../warehouse/big-accounts.ts';
import type { OpenDataset } from '../warehouse/dataset-reader.ts';
import { identifier } from '../warehouse/engine.ts';
import { FILTERS, type FilterKey } from '../warehouse/filters.ts';
import { sumsBy } from '../warehouse/mart-source.ts';
import { queryViews } from '../warehouse/query-views.ts';
import type { Dataset } from '../warehouse/warehouse.ts';

export interface FilterValue {
  /** As a filter takes it; `unknown` for what nobody states. */
  value: string;
  label: string;
  tokens: number;
}

const MOST = 200;

/** Columns of the views that say more than the record's own column. */
const IN_VIEWS: Partial<Record<FilterKey, { view: string; column: string; label?: string }>> = {
  author: { view: 'traffic', column: 'author', label: 'author_name' },
  model: { view: 'traffic', column: 'model', label: 'model_name' },
  open: { view: 'traffic', column: 'openness' },
  origin: { view: 'traffic', column: 'origin' },
  size: { view: 'traffic', column: 'size' },
  reasoning: { view: 'traffic', column: 'reasoning' },
  country: { view: 'places', column: 'country' },
  region: { view: 'places', column: 'continent' },
  category: { view: 'labelled', column: 'category' },
};

/**
 * @param most so many at most
 * @param unused also those that no token is known of
 * @throws `bad_filter` for a key that does not exist
 */
export async function filterValues(
  dataset: Dataset,
  opened: OpenDataset,
  key: string,
  { most = MOST, unused = false } = {},
): Promise<FilterValue[]> {
  const known = Object.keys(FILTERS);
  if (!known.includes(key))
    throw new StateaiError(
      'bad_filter',
      `"${key.slice(0, 40)}" is not a filter whose values are listed`,
      `Use one of ${known.join(', ')}.`,
    );
  const engine = await dataset.engine();
  const found = IN_VIEWS[key as FilterKey];
  const column = found?.column ?? FILTERS[key as FilterKey].column;
  const sums = { manifest: await dataset.manifest(), layout: dataset.layout };
  const large = column === ACCOUNT_CLASS ? await largeAccounts(engine, sums) : [];
  const source = found?.view ?? `(${sumsBy(sums, [column], ['total_tokens'], large)})`;
  const label = found?.label ? `any_value(${identifier(found.label)})` : 'NULL';
  const sql = `SELECT coalesce(${identifier(column)}::VARCHAR, 'unknown') AS value, ${label} AS label, sum(total_tokens)::DOUBLE AS tokens
FROM ${source} GROUP BY value ${unused ? '' : 'HAVING tokens > 0'} ORDER BY tokens DESC, value LIMIT ${most}`;
  const everything = { from: null, to: null, grain: 'month', where: {} } as const;
  const rows = found
    ? await queryViews<Row>(engine, await opened.views(everything, sql), sql)
    : await engine.query<Row>(sql);
  return rows.map((row) => ({
    value: String(row.value),
    label: String(row.label ?? row.value),
    tokens: Number(row.tokens),
  }));
}
