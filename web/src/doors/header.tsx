import { Link } from '@tanstack/react-router';
import type { DatasetInfo } from '../../../src/exhibits/contract.ts';
import { Preferences } from '../app/preferences.tsx';
import { Wordmark } from '../app/wordmark.tsx';
import { DatasetSelect } from '../controls/dataset-select.tsx';
import { useText } from '../lib/text.ts';
import { useView } from '../lib/use-view.ts';
import { useDoorsText } from './text.ts';

interface Props {
  datasets: DatasetInfo[];
  dataset: string;
}

/** The name, the dataset whose doors are shown, the way back to the report, and to the gateway. */
export function DoorsHeader({ datasets, dataset }: Props) {
  const { t } = useDoorsText();
  const page = useText();
  const { view, change } = useView();
  const back = { lang: view.lang, dataset: view.dataset };
  return (
    <header className="sticky top-0 z-40 border-b border-rule bg-paper print:hidden">
      <div className="mx-auto flex h-14 max-w-[1240px] items-center gap-2 px-4 sm:gap-3 sm:px-8">
        <Link to="/" search={back} aria-label={`StateAI · ${t('report')}`} className="mr-1">
          <Wordmark />
        </Link>
        <span className="hidden border-l border-rule pl-3 text-[15px] text-muted md:inline">
          {t('title')}
        </span>
        <div className="hidden min-w-0 sm:block">
          <DoorsDataset datasets={datasets} dataset={dataset} />
        </div>
        <div className="ml-auto flex items-center gap-2">
          <Link
            to="/admin"
            search={{ lang: view.lang }}
            className="hidden rounded-md px-2 py-1 text-[13px] whitespace-nowrap text-muted hover:text-ink md:inline"
          >
            {page.t('admin')}
          </Link>
          <Link
            to="/"
            search={back}
            className="rounded-md px-1 py-1 text-[13px] whitespace-nowrap text-muted hover:text-ink max-[399px]:hidden sm:px-2"
          >
            {t('report')}
          </Link>
          <Preferences onLang={(lang) => change({ lang })} />
        </div>
      </div>
    </header>
  );
}

/** Whose doors are shown; in the header, and on a phone below it. */
export function DoorsDataset({ datasets, dataset }: Props) {
  const { change } = useView();
  if (!datasets.some((each) => each.name === dataset)) return null;
  return <DatasetSelect datasets={datasets} value={dataset} onChange={(name) => change({ dataset: name })} />;
}
