import { useMemo } from 'react';
import { formatDay, whole } from '../../../../src/charts/format.ts';
import type { UsageDimension, UsageGroup } from '../api.ts';
import { count, usd } from '../format.ts';
import { type Column, DataGrid } from '../parts/data-grid.tsx';
import { Known } from '../parts/unknown.tsx';
import { useAdminText } from '../text.ts';
import { amountOf, type Measure } from './measures.ts';
import { useUsageNames } from './use-usage-names.ts';

interface Props {
  rows: UsageGroup[];
  by: UsageDimension;
  measure: Measure;
}

/** One row a group, with a bar of what is drawn. */
export function UsageTable({ rows, by, measure }: Props) {
  const { t, lang } = useAdminText();
  const nameOf = useUsageNames(by);
  const most = Math.max(...rows.map((row) => amountOf(row, measure)));
  const columns = useMemo<Column<UsageGroup>[]>(() => {
    const number = (id: 'requests' | 'prompt' | 'completion' | 'reasoning', of: keyof UsageGroup) => ({
      id,
      label: t(`usage.${id}`),
      numeric: true,
      value: (row: UsageGroup) => Number(row[of]),
      show: (row: UsageGroup) => count(Number(row[of]), lang),
    });
    const name = (row: UsageGroup) => (by === 'day' ? formatDay(row.day ?? '', lang) : nameOf(row[by] ?? ''));
    return [
      {
        id: by,
        label: t(`usage.dimensions.${by}`),
        value: (row) => (by === 'day' ? (row.day ?? '') : name(row)),
        show: (row) => (
          <span className="block max-w-44 min-w-28 sm:max-w-80">
            <span className="block truncate" title={row[by]}>
              {name(row)}
            </span>
            {by !== 'day' && (
              <span
                aria-hidden="true"
                className="keeps-color mt-0.5 block h-1 rounded-full bg-accent"
                style={{ width: `${most > 0 ? (amountOf(row, measure) / most) * 100 : 0}%` }}
              />
            )}
          </span>
        ),
      },
      {
        id: 'cost',
        label: t('usage.cost'),
        numeric: true,
        value: (row) => row.cost,
        show: (row) => <Known value={row.cost}>{(cost) => costWords(cost, row)}</Known>,
      },
      {
        id: 'byok',
        label: t('usage.byokCost'),
        numeric: true,
        value: (row) => row.byokCost,
        show: (row) => usd(row.byokCost, lang),
      },
      number('requests', 'requests'),
      number('prompt', 'promptTokens'),
      number('completion', 'completionTokens'),
      number('reasoning', 'reasoningTokens'),
    ];
    function costWords(cost: number, row: UsageGroup): string {
      if (row.unknownCost === 0) return usd(cost, lang);
      return t('usage.plusUnknown', { cost: usd(cost, lang), count: whole(row.unknownCost, lang) });
    }
  }, [t, lang, by, measure, most, nameOf]);
  return (
    <DataGrid
      key={by}
      label={t('usage.table', { dimension: t(`usage.dimensions.${by}`) })}
      columns={columns}
      rows={rows}
      keyOf={(row) => `${by} ${row[by]}`}
    />
  );
}
