/** The page of doors: where records come from, how each source does, what its data can show, and how to connect more. */
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Empty, Loading, Section, Warning } from '../admin/parts/section.tsx';
import { isRefusal } from '../lib/api.ts';
import { useDatasets } from '../lib/queries.ts';
import { browserLang, LangContext } from '../lib/text.ts';
import { useView } from '../lib/use-view.ts';
import { Failure } from '../report/failure.tsx';
import { DoorsDataset, DoorsHeader } from './header.tsx';
import { type DoorStatus, type DoorsAnswer, useDoors } from './queries.ts';
import { DoorRow } from './row.tsx';
import { doorsText, useDoorsText } from './text.ts';
import { exact } from './times.ts';
import { UnusedDoors } from './unused.tsx';

/** Where records of one's own come in, unless the address says otherwise. */
const DATASET = 'live';

export default function DoorsPage() {
  const { view } = useView();
  const lang = view.lang ?? browserLang();
  const dataset = view.dataset ?? DATASET;
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
    document.title = `StateAI · ${doorsText(lang, 'title')}`;
  }, [lang]);
  return (
    <LangContext value={lang}>
      <Body dataset={dataset} />
    </LangContext>
  );
}

function Body({ dataset }: { dataset: string }) {
  const { view } = useView();
  const { t, lang } = useDoorsText();
  const { data: datasets } = useDatasets();
  const { data, error, refetch } = useDoors(dataset);
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-ink focus:px-4 focus:py-2 focus:text-card"
      >
        {t('skip')}
      </a>
      <DoorsHeader datasets={datasets?.datasets ?? []} dataset={dataset} />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto max-w-[1240px] px-4 pb-24 outline-none sm:px-8"
        aria-busy={!data && !error}
      >
        <Section
          title={t('title')}
          lead={t('lead', { dataset })}
          actions={
            <div className="flex items-center gap-3 sm:hidden">
              <DoorsDataset datasets={datasets?.datasets ?? []} dataset={dataset} />
              <Link
                to="/"
                search={{ lang: view.lang, dataset: view.dataset }}
                className="text-[13.5px] underline underline-offset-2 min-[400px]:hidden"
              >
                {t('report')}
              </Link>
            </div>
          }
        >
          {data && error && !isRefusal(error) && (
            <Warning title={t('stale')}>{t('staleText', { time: exact(data.at, lang) })}</Warning>
          )}
          {data ? (
            <Doors
              answer={data}
              simulated={datasets?.datasets.some((each) => each.name === dataset && each.simulated) === true}
              commandLine={datasets?.commandLine ?? 'npx stateai'}
            />
          ) : error ? (
            <Failure error={isRefusal(error) ? error : null} onRetry={() => refetch()} />
          ) : (
            <Loading />
          )}
        </Section>
      </main>
    </>
  );
}

/** What needs a look comes first. */
const ORDER: DoorStatus['state'][] = ['trouble', 'stopped', 'watching', 'active', 'quiet', 'unused'];

interface DoorsProps {
  answer: DoorsAnswer;
  simulated: boolean;
  commandLine: string;
}

function Doors({ answer, simulated, commandLine }: DoorsProps) {
  const { t } = useDoorsText();
  const used = answer.doors
    .filter((door) => door.state !== 'unused')
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const unused = answer.doors.filter((door) => door.state === 'unused');
  const server = new URL('.', document.baseURI).href.replace(/\/$/, '');
  const heads = [t('door'), t('newest'), t('seen'), t('accepted'), t('rejected'), t('drawn')];
  return (
    <>
      {used.length === 0 ? (
        <Empty title={t(simulated ? 'simulated' : 'nothing')}>
          {simulated ? t('simulatedText', { dataset: answer.dataset }) : t('nothingText')}
        </Empty>
      ) : (
        <table className="block w-full border-b border-rule text-[14.5px] sm:table">
          <caption className="sr-only">{t('inUse')}</caption>
          <thead className="hidden sm:table-header-group">
            <tr>
              {heads.map((head, i) => (
                <th
                  key={head}
                  scope="col"
                  className={`px-3 pb-2 text-[13px] font-medium text-muted first:pl-0 last:pr-0 ${i > 2 ? 'text-right' : 'text-left'}`}
                >
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          {used.map((door) => (
            <DoorRow
              key={door.door}
              door={door}
              exhibits={answer.exhibits}
              now={Date.parse(answer.at)}
              commandLine={commandLine}
            />
          ))}
        </table>
      )}
      {unused.length > 0 && (
        <>
          <h2 className="mt-12 text-[1.35rem] font-semibold tracking-tight">{t('unused')}</h2>
          <p className="mt-1.5 mb-5 max-w-2xl text-soft">{t('unusedLead')}</p>
          <UnusedDoors
            doors={unused}
            exhibits={answer.exhibits}
            // Real traffic is never sent into a simulated world.
            place={{ commandLine, server, dataset: simulated ? DATASET : answer.dataset }}
          />
        </>
      )}
    </>
  );
}
