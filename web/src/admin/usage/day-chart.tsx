import { useMemo } from 'react';
import { formatDay } from '../../../../src/charts/format.ts';
import type { UsageGroup } from '../api.ts';
import { count, usd } from '../format.ts';
import { useAdminText } from '../text.ts';
import { amountOf, type Measure } from './measures.ts';

interface Props {
  rows: UsageGroup[];
  days: string[];
  measure: Measure;
}

/** A column a day; a day without usage has none. */
export function DayChart({ rows, days, measure }: Props) {
  const { t, lang } = useAdminText();
  const amounts = useMemo(() => {
    const byDay = new Map(rows.map((row) => [row.day, amountOf(row, measure)]));
    return days.map((each) => byDay.get(each) ?? 0);
  }, [rows, days, measure]);
  const most = Math.max(...amounts);
  const write = (value: number) => (measure === 'cost' ? usd(value, lang) : count(value, lang));
  const [first, last] = [formatDay(days[0] ?? '', lang), formatDay(days.at(-1) ?? '', lang)];
  return (
    <figure className="mb-6 rounded-xl border border-rule bg-card p-4 sm:p-5">
      <figcaption className="mb-3 flex justify-between text-[13px] text-muted">
        <span>{t(`usage.measures.${measure}`)}</span>
        <span>{write(most)}</span>
      </figcaption>
      <div
        role="img"
        aria-label={t('usage.chart', {
          measure: t(`usage.measures.${measure}`),
          from: first,
          to: last,
          most: write(most),
        })}
        className="flex h-36 items-end gap-px border-b border-rule sm:gap-0.5"
      >
        {amounts.map((amount, i) => (
          <div
            key={days[i]}
            title={`${formatDay(days[i] ?? '', lang)}: ${write(amount)}`}
            className="flex h-full min-w-0 flex-1 items-end hover:bg-well"
          >
            <div
              className="w-full rounded-t-sm bg-accent"
              style={{ height: most > 0 && amount > 0 ? `max(2px, ${(amount / most) * 100}%)` : 0 }}
            />
          </div>
        ))}
      </div>
      <div className="mt-1.5 flex justify-between text-xs text-muted">
        <span>{first}</span>
        <span>{last}</span>
      </div>
    </figure>
  );
}
