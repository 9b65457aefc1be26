import { useMemo } from 'react';
import type { DatasetInfo } from '../../../src/exhibits/contract.ts';
import { isRefusal } from '../lib/api.ts';
import { useContents } from '../lib/queries.ts';
import { useText } from '../lib/text.ts';
import { useHashTarget } from '../lib/use-hash-target.ts';
import { useIgnored } from '../lib/use-ignored.ts';
import { useView } from '../lib/use-view.ts';
import { grainOf, stringifySearch, type View } from '../lib/view.ts';
import { CategoryReadingCard } from '../report/category-reading-card.tsx';
import { ExhibitCard } from '../report/exhibit-card.tsx';
import { Failure } from '../report/failure.tsx';
import { ContentsDrawer, ContentsList } from './contents.tsx';
import { Offers } from './offers.tsx';
import { PaperHead } from './paper-head.tsx';
import { Summary } from './summary.tsx';
import { Toolbar } from './toolbar.tsx';

/** Parts of an address that are named when they are left out. */
const MAX_NAMED = 3;

export function Report({ dataset, software }: { dataset: DatasetInfo; software: string }) {
  const { t, lang } = useText();
  const { view } = useView();
  const ignored = useIgnored(view);
  const { data: contents, error, refetch } = useContents(lang);
  // What every exhibit is asked with: the address, with its silent choices spoken out.
  const grain = grainOf(view, dataset);
  const asked = useMemo<View>(
    () => ({ ...view, ...(grain === 'week' ? {} : { grain }), dataset: dataset.name, lang }),
    [view, grain, dataset.name, lang],
  );
  useHashTarget(contents !== undefined);
  return (
    <div className="mx-auto max-w-[1240px] px-4 sm:px-8 lg:grid lg:grid-cols-[216px_minmax(0,1fr)] lg:gap-12 print:block print:p-0">
      <aside className="hidden lg:block print:hidden">
        {contents && (
          <div className="sticky top-14 max-h-[calc(100vh-3.5rem)] overflow-y-auto py-12 pr-2">
            <ContentsList contents={contents} dataset={dataset} />
          </div>
        )}
      </aside>
      <main id="report" tabIndex={-1} className="min-w-0 pb-28 outline-none print:pb-0">
        {dataset.simulated && <SimulatedBanner calibrated={dataset.calibrated === true} />}
        <div className="pt-8 pb-6 sm:pt-12">
          <p className="eyebrow mb-3">{t(dataset.simulated ? 'hero.simulated' : 'hero.eyebrow')}</p>
          <h1 className="max-w-3xl text-[2rem] leading-[1.12] font-semibold tracking-tight sm:text-[2.75rem]">
            {t('hero.title')}
          </h1>
          <p className="mt-4 max-w-2xl font-serif text-[1.12rem] leading-relaxed text-soft">
            {t('hero.lead')}
          </p>
        </div>
        <Summary dataset={dataset} />
        <Toolbar dataset={dataset} cards={contents?.exhibits.length ?? 0} />
        <PaperHead dataset={dataset} view={view} />
        {view.dataset && view.dataset !== dataset.name && (
          <p role="status" className="mt-4 text-sm text-warn">
            {t('controls.noSuchDataset', { wanted: view.dataset, shown: dataset.name })}
          </p>
        )}
        {ignored.length > 0 && (
          <p role="status" className="mt-4 text-sm break-words text-warn">
            {t('controls.ignored', { parts: ignored.slice(0, MAX_NAMED).join(', ') })}
          </p>
        )}
        {error && !contents && <Failure error={isRefusal(error) ? error : null} onRetry={() => refetch()} />}
        {contents?.sections.map((section) => (
          <section key={section.id} aria-labelledby={`section-${section.id}`} className="pt-12 print:pt-6">
            <div className="mb-6 max-w-2xl break-after-avoid">
              <h2
                id={`section-${section.id}`}
                className="text-[1.7rem] leading-tight font-semibold tracking-tight"
              >
                {section.title}
              </h2>
              <p className="mt-2 text-[15.5px] text-soft">{section.intro}</p>
            </div>
            <div className="grid gap-7 print:block">
              {contents.exhibits
                .filter((each) => each.section === section.id)
                .map((each) => (
                  <ExhibitCard key={each.id} info={each} view={asked} />
                ))}
              {section.id === 'categories' && <CategoryReadingCard view={asked} />}
            </div>
          </section>
        ))}
        <footer className="mt-16 border-t border-rule pt-5 text-[13px] text-muted print:mt-3 print:pt-2">
          <p>{t('footer.source')}</p>
          <p className="mt-1">{t('footer.software', { software })}</p>
          <p className="mt-1 grid justify-items-start gap-1 print:hidden">
            <a
              href={`./doors${stringifySearch({ dataset: dataset.name, lang: view.lang })}`}
              className="underline hover:text-ink"
            >
              {t('doorsHint')}
            </a>
            <a href={`./admin${stringifySearch({ lang: view.lang })}`} className="underline hover:text-ink">
              {t('adminHint')}
            </a>
          </p>
        </footer>
      </main>
      {contents && <ContentsDrawer contents={contents} dataset={dataset} />}
    </div>
  );
}

function SimulatedBanner({ calibrated }: { calibrated: boolean }) {
  const { t } = useText();
  const { view } = useView();
  return (
    <div className="mt-6 rounded-lg border border-warn-rule bg-warn-soft px-4 py-3 text-warn sm:px-5">
      <p className="font-semibold">{t('simulated.title')}</p>
      <p className="mt-0.5 text-sm">{t(calibrated ? 'simulated.text' : 'simulated.textOther')}</p>
      <div className="print:hidden">
        <p className="mt-2 flex flex-wrap gap-x-3 gap-y-1 text-sm">
          <span>{t('simulated.own')}</span>
          <a href={`./doors${stringifySearch({ lang: view.lang })}`} className="font-medium underline">
            {t('simulated.connect')}
          </a>
          <a href={`./admin${stringifySearch({ lang: view.lang })}`} className="font-medium underline">
            {t('simulated.gateway')}
          </a>
        </p>
        <Offers compact />
      </div>
    </div>
  );
}
