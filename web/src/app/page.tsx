import { useEffect } from 'react';
import { isRefusal } from '../lib/api.ts';
import { pickDataset } from '../lib/pick-dataset.ts';
import { useContents, useDatasetEvents, useDatasets } from '../lib/queries.ts';
import { browserLang, LangContext, text } from '../lib/text.ts';
import { useView } from '../lib/use-view.ts';
import { loadChart } from '../report/exhibit-card.tsx';
import { Failure } from '../report/failure.tsx';
import { Header } from './header.tsx';
import { Report } from './report.tsx';
import { Waiting } from './waiting.tsx';
import { Welcome } from './welcome.tsx';

export function Page() {
  const { view } = useView();
  const lang = view.lang ?? browserLang();
  const { data, error, isPending, refetch } = useDatasets();
  // What the report will need is asked for at once, not when it is drawn.
  useContents(lang);
  useEffect(() => void loadChart(), []);
  const datasets = data?.datasets ?? [];
  const dataset = pickDataset(datasets, view.dataset);
  useDatasetEvents(dataset?.name);

  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
    document.title = `StateAI · ${text(lang, 'title')}`;
  }, [lang]);

  return (
    <LangContext value={lang}>
      <a
        href="#report"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-ink focus:px-4 focus:py-2 focus:text-card"
      >
        {text(lang, 'skip')}
      </a>
      <Header datasets={datasets} dataset={dataset} />
      {isPending && !error && <Waiting id="report" />}
      {error && !data && (
        <main id="report" tabIndex={-1} className="mx-auto max-w-2xl px-4 py-20">
          <Failure error={isRefusal(error) ? error : null} onRetry={() => refetch()} />
        </main>
      )}
      {data && !dataset && <Welcome />}
      {data && dataset && <Report dataset={dataset} software={data.software} />}
    </LangContext>
  );
}
