import { useMemo, useState } from 'react';
import { Choice } from '../../controls/choice.tsx';
import type { UsageDimension } from '../api.ts';
import { Problem } from '../parts/problem.tsx';
import { Empty, Loading, Section } from '../parts/section.tsx';
import { useUsage } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { DayChart } from './day-chart.tsx';
import { firstMeasure, lastDays, MEASURES, type Measure } from './measures.ts';
import { UsageTable } from './usage-table.tsx';

const BY: readonly UsageDimension[] = ['day', 'model', 'provider', 'account', 'key'];
const RANGES = [7, 30, 90] as const;

/** What was used, by day, model, provider, account or key. */
export function Usage() {
  const { t } = useAdminText();
  const [by, setBy] = useState<UsageDimension>('day');
  const [days, setDays] = useState<(typeof RANGES)[number]>(30);
  const [chosen, setMeasure] = useState<Measure>();
  const range = useMemo(() => lastDays(days, Date.now()), [days]);
  const first = range[0] ?? '';
  const last = range.at(-1) ?? '';
  const { data: rows, error, refetch } = useUsage(by, first, last);
  const measure = chosen ?? firstMeasure(rows ?? []);
  return (
    <Section title={t('usage.title')} lead={t('usage.lead')}>
      <div className="mb-5 flex flex-wrap gap-2">
        <div className="max-w-full overflow-x-auto">
          <Choice
            label={t('usage.by')}
            value={by}
            options={BY.map((each) => ({ value: each, label: t(`usage.dimensions.${each}`) }))}
            onChange={setBy}
          />
        </div>
        <Choice
          label={t('usage.range')}
          value={String(days)}
          options={RANGES.map((each) => ({ value: String(each), label: t('usage.days', { count: each }) }))}
          onChange={(next) => setDays(RANGES.find((each) => String(each) === next) ?? 30)}
        />
        <Choice
          label={t('usage.measure')}
          value={measure}
          options={MEASURES.map((each) => ({ value: each, label: t(`usage.measures.${each}`) }))}
          onChange={setMeasure}
        />
      </div>
      {error && <Problem error={error} onRetry={() => refetch()} />}
      {!rows && !error && <Loading />}
      {rows?.length === 0 && (
        <Empty title={t('usage.emptyTitle')}>
          <p>{t('usage.emptyText')}</p>
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <>
          {by === 'day' && <DayChart rows={rows} days={range} measure={measure} />}
          <UsageTable rows={rows} by={by} measure={measure} />
        </>
      )}
    </Section>
  );
}
