import { CatchBoundary } from '@tanstack/react-router';
import { Tabs } from 'radix-ui';
import { lazy, memo, Suspense, useMemo, useRef, useState } from 'react';
import { hasRows } from '../../../src/charts/has-rows.ts';
import type { ExhibitInfo, ExhibitResult } from '../../../src/exhibits/contract.ts';
import { Broken } from '../app/broken.tsx';
import { Download } from '../controls/icons.tsx';
import { address, exhibitPath, isRefusal, picturePath } from '../lib/api.ts';
import { useMedium } from '../lib/print.ts';
import { useExhibit } from '../lib/queries.ts';
import { useText } from '../lib/text.ts';
import { useTheme } from '../lib/theme.ts';
import { useNear } from '../lib/use-near.ts';
import { useView } from '../lib/use-view.ts';
import { isNarrowed, type View, viewFor, WIDE } from '../lib/view.ts';
import { CardFoot } from './card-foot.tsx';
import { DataTable } from './data-table.tsx';
import { Failure } from './failure.tsx';
import { ModelPicker } from './model-picker.tsx';
import { DownloadPng, Share } from './share.tsx';
import { SimulatedBadge } from './simulated-badge.tsx';
import { Sql } from './sql.tsx';

/** The chart library is fetched while the page already stands, or while it waits for the server. */
export const loadChart = () => import('./chart.tsx');
const Chart = lazy(loadChart);

interface Props {
  info: ExhibitInfo;
  view: View;
}

/** One exhibit: what it says, its chart, its table, its query, and how it was measured. */
export const ExhibitCard = memo(function ExhibitCard({ info, view }: Props) {
  const place = useRef<HTMLElement>(null);
  const near = useNear(place);
  const asked = useMemo(() => viewFor(info.kind, view), [info.kind, view]);
  const { data: result, error, isPlaceholderData, refetch } = useExhibit(info.id, asked, near);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const failed = error !== null && (isPlaceholderData || !result);
  return (
    <article
      ref={place}
      id={info.id}
      aria-labelledby={`${info.id}-title`}
      aria-busy={!result && !failed}
      className="card min-w-0 rounded-xl border border-rule bg-card px-4 py-5 sm:px-7 sm:py-7"
    >
      <header className="print:flex print:items-baseline print:gap-2">
        <div className="mb-1.5 flex items-start gap-3 print:mb-0 print:contents">
          <span className="text-[13px] font-semibold tracking-wide text-accent">{info.id}</span>
          {result && <SimulatedBadge of={result} />}
          <Share
            id={info.id}
            title={info.title}
            view={asked}
            hidden={hidden}
            hasPicture={!!result && hasRows(result)}
          />
        </div>
        <h3
          id={`${info.id}-title`}
          className="text-[1.42rem] leading-snug font-semibold tracking-tight print:text-[1.2rem]"
        >
          {info.title}
        </h3>
      </header>
      {failed ? (
        <Failure error={isRefusal(error) ? error : null} onRetry={() => refetch()} />
      ) : !result ? (
        <Skeleton />
      ) : result.lacking.length > 0 ? (
        <Lacking result={result} />
      ) : (
        <div
          className={
            isPlaceholderData ? 'opacity-50 motion-safe:transition-opacity' : 'motion-safe:transition-opacity'
          }
        >
          <Body result={result} view={asked} hidden={hidden} onHide={setHidden} />
        </div>
      )}
    </article>
  );
});

interface BodyProps {
  result: ExhibitResult;
  view: View;
  /** Keys of the series that the reader hid. */
  hidden: ReadonlySet<string>;
  onHide: (hidden: ReadonlySet<string>) => void;
}

function Body({ result, view, hidden, onHide }: BodyProps) {
  const { t } = useText();
  const theme = useTheme();
  const isPrinted = useMedium() === 'paper';
  const [chosen, setChosen] = useState<string>();
  // A table is its own first view.
  const tabs =
    result.chart.type === 'table' ? (['table', 'sql'] as const) : (['chart', 'table', 'sql'] as const);
  return (
    <>
      {result.statement !== '' && (
        <p className="mt-2 max-w-[68ch] font-serif text-[1.08rem] leading-relaxed text-soft print:mt-1 print:max-w-none print:text-[13.5px] print:leading-snug">
          {result.statement}
        </p>
      )}
      <Tabs.Root
        value={isPrinted ? tabs[0] : (chosen ?? tabs[0])}
        onValueChange={setChosen}
        className="mt-4 print:mt-2"
      >
        <div className="mb-4 flex flex-wrap items-center gap-x-5 gap-y-2 border-b border-rule print:hidden">
          <Tabs.List aria-label={t('exhibit.views', { title: result.title })} className="-mb-px flex gap-5">
            {tabs.map((each) => (
              <Tabs.Trigger
                key={each}
                value={each}
                className="border-b-2 border-transparent py-2 text-sm text-muted hover:text-ink data-[state=active]:border-ink data-[state=active]:font-medium data-[state=active]:text-ink"
              >
                {t(`exhibit.${each}`)}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <div className="ml-auto flex gap-3 text-sm sm:gap-4">
            <Get href={address(exhibitPath(result.id, view, 'csv'))} name="CSV" title={result.title} />
            <Get
              href={address(picturePath(result.id, view, theme, hidden))}
              name="SVG"
              title={result.title}
            />
            <DownloadPng
              id={result.id}
              title={result.title}
              view={view}
              hidden={hidden}
              className={GET}
              icon={<GetIcon />}
            />
          </div>
        </div>
        <p className="mb-3 text-[13.5px] text-muted print:mb-1.5 print:text-[12px]">{result.subtitle}</p>
        {result.kind === 'cohorts' && <ModelPicker result={result} />}
        <Tabs.Content value="chart">
          {hasRows(result) ? (
            // What a chart cannot do must not take its table, or the whole report, along.
            <CatchBoundary getResetKey={() => JSON.stringify(view)} errorComponent={Broken}>
              <Suspense fallback={<div className="skeleton h-[404px] w-full" />}>
                <Chart result={result} hidden={hidden} onHide={onHide} />
              </Suspense>
            </CatchBoundary>
          ) : (
            <Empty result={result} />
          )}
        </Tabs.Content>
        <Tabs.Content value="table">
          {result.chart.type === 'table' && !hasRows(result) ? (
            <Empty result={result} />
          ) : (
            <DataTable result={result} />
          )}
        </Tabs.Content>
        <Tabs.Content value="sql">
          <Sql id={result.id} view={view} />
        </Tabs.Content>
      </Tabs.Root>
      <CardFoot result={result} />
    </>
  );
}

function Empty({ result }: { result: ExhibitResult }) {
  const { t } = useText();
  const { view, change } = useView();
  return (
    <div className="rounded-lg bg-well px-5 py-12 text-center text-muted">
      <p>{result.notes[0] ?? t('exhibit.empty')}</p>
      {isNarrowed(view) && (
        <button type="button" className="control mt-4 print:hidden" onClick={() => change(WIDE)}>
          {t('exhibit.reset')}
        </button>
      )}
    </div>
  );
}

/** How a download looks. */
const GET = 'inline-flex items-center gap-1.5 py-2 text-muted hover:text-ink';

function Get({ href, name, title }: { href: string; name: string; title: string }) {
  const { t } = useText();
  return (
    <a href={href} download="" aria-label={t('exhibit.download', { format: name, title })} className={GET}>
      <GetIcon />
      {name}
    </a>
  );
}

/** Left out where there is room for the words alone. */
const GetIcon = () => (
  <span className="max-sm:hidden">
    <Download />
  </span>
);

/** Nothing is wrong: this dataset simply does not know what the exhibit asks, or cannot be narrowed like this. */
function Lacking({ result }: { result: ExhibitResult }) {
  const { t } = useText();
  const { where } = result.provenance.filters;
  const filtered = result.lacking.every((each) => Object.hasOwn(where, each.field));
  return (
    <>
      <p className="mt-2 text-[13.5px] text-muted">{result.subtitle}</p>
      <div className="mt-4 rounded-lg bg-well px-5 py-6" data-lacking="">
        <p className="eyebrow">{t(filtered ? 'exhibit.notFiltered' : 'exhibit.lacking')}</p>
        {result.lacking.map((each) => (
          <p key={each.field} className="mt-2 max-w-[64ch] text-soft">
            {each.sentence}
          </p>
        ))}
      </div>
      <CardFoot result={result} />
    </>
  );
}

/** As tall as a card usually becomes, so that what stands below does not jump. */
function Skeleton() {
  const { t } = useText();
  const isPrinted = useMedium() === 'paper';
  if (isPrinted) return <p className="mt-3 text-muted">{t('print.notLoaded')}</p>;
  return (
    <div className="mt-3 min-h-[600px]">
      <span className="sr-only">{t('exhibit.loading')}</span>
      <div className="skeleton h-5 w-11/12" />
      <div className="skeleton mt-2 h-5 w-2/3" />
      <div className="skeleton mt-8 h-[400px] w-full" />
    </div>
  );
}
