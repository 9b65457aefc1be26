import { useRef } from 'react';
import { sourceLine } from '../../../src/charts/picture-frame.ts';
import { percent } from '../../../src/messages/percent.ts';
import type { CategoryReading } from '../lib/api.ts';
import { useMedium } from '../lib/print.ts';
import { useCategoryReading } from '../lib/queries.ts';
import { useText } from '../lib/text.ts';
import { useNear } from '../lib/use-near.ts';
import { filtersOf, type View } from '../lib/view.ts';
import { SimulatedBadge } from './simulated-badge.tsx';

/** Shares of the categories as labelled and adjusted for the classifier's errors; not shown where nothing is labelled. */
export function CategoryReadingCard({ view }: { view: View }) {
  const { lang } = useText();
  const isPrinted = useMedium() === 'paper';
  const place = useRef<HTMLDivElement>(null);
  const near = useNear(place);
  const { data } = useCategoryReading(view, near);
  const known = data && data.unadjusted !== 'no_labels' ? data : null;
  return (
    <div ref={place}>
      {known && (
        <section
          id="category-shares"
          aria-labelledby="category-shares-title"
          className="card min-w-0 rounded-xl border border-rule bg-card px-4 py-5 sm:px-7 sm:py-7"
        >
          <div className="mb-1.5 flex">
            <SimulatedBadge of={known} />
          </div>
          <h3 id="category-shares-title" className="text-[1.42rem] leading-snug font-semibold tracking-tight">
            {known.title}
          </h3>
          <p className="mt-2 mb-4 max-w-[68ch] font-serif text-[1.08rem] leading-relaxed text-soft">
            {known.statement}
          </p>
          <div className="grid gap-6 xl:grid-cols-2 print:grid-cols-2">
            <Shares reading={known} of="tokens" />
            <Shares reading={known} of="generations" />
          </div>
          <p className="mt-4 max-w-[80ch] text-[13.5px] text-muted">
            {known.sample} · {known.method}
          </p>
          {isPrinted && (
            <p className="mt-1 text-[11px] text-muted">
              {sourceLine(
                { ...known, kind: 'table', periods: [], provenance: { filters: filtersOf(view) } },
                lang,
              )}
            </p>
          )}
        </section>
      )}
    </div>
  );
}

function Shares({ reading, of }: { reading: CategoryReading; of: 'tokens' | 'generations' }) {
  const { lang } = useText();
  const rows = reading[of];
  const most = Math.max(...rows.map((row) => row.high ?? row.measured), 0.01);
  const at = (share: number) => `${(100 * share) / most}%`;
  const adjusted = reading.unadjusted === null;
  return (
    <table className="w-full self-start text-[13.5px]">
      <caption className="pb-1 text-left font-medium">{reading.of[of]}</caption>
      <thead className="text-muted">
        <tr className="[&>th]:py-1 [&>th]:font-normal">
          <th scope="col" className="text-left">
            {reading.columns.category}
          </th>
          <th scope="col" className="pl-3 text-right">
            {reading.columns.measured}
          </th>
          {adjusted && (
            <th scope="col" className="pl-3 text-right">
              {reading.columns.adjusted}
            </th>
          )}
          {adjusted ? (
            <th scope="col" className="w-[34%] pl-4 text-left">
              {reading.columns.interval}
            </th>
          ) : (
            <td className="w-[34%]" />
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.category} className="border-t border-rule [&>*]:py-1 print:[&>*]:py-0.5">
            <th scope="row" className="text-left font-normal">
              {reading.names[row.category]}
            </th>
            <td className="pl-3 text-right tabular-nums">{percent(row.measured, lang)}</td>
            {row.adjusted !== null && (
              <td className="pl-3 text-right font-medium tabular-nums">{percent(row.adjusted, lang)}</td>
            )}
            <td className="pl-4">
              <span
                className="relative block h-3.5"
                title={
                  row.low !== null && row.high !== null
                    ? `${percent(row.low, lang)} – ${percent(row.high, lang)}`
                    : undefined
                }
              >
                {row.low !== null && row.high !== null ? (
                  <>
                    <span className="sr-only">
                      {percent(row.low, lang)} – {percent(row.high, lang)}
                    </span>
                    <span
                      className="absolute top-1/2 h-2.5 -translate-y-1/2 keeps-color rounded-full bg-accent/35"
                      style={{ left: at(row.low), width: at(row.high - row.low) }}
                    />
                    <span
                      className="absolute top-1/2 size-1.5 -translate-x-1/2 -translate-y-1/2 keeps-color rounded-full bg-accent"
                      style={{ left: at(row.adjusted ?? 0) }}
                    />
                    <span
                      className="absolute top-0 keeps-color h-full w-px bg-muted"
                      style={{ left: at(row.measured) }}
                    />
                  </>
                ) : (
                  <span
                    className="absolute top-1/2 left-0 h-1.5 -translate-y-1/2 keeps-color rounded-full bg-accent/60"
                    style={{ width: at(row.measured) }}
                  />
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
