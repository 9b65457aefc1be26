import type { DatasetInfo } from '../../../src/exhibits/contract.ts';
import { DatasetSelect } from '../controls/dataset-select.tsx';
import { Door, Gateway } from '../controls/icons.tsx';
import { useText } from '../lib/text.ts';
import { useView } from '../lib/use-view.ts';
import { stringifySearch } from '../lib/view.ts';
import { Preferences } from './preferences.tsx';
import { Wordmark } from './wordmark.tsx';

interface Props {
  datasets: DatasetInfo[];
  dataset: DatasetInfo | null;
}

export function Header({ datasets, dataset }: Props) {
  const { t } = useText();
  const { view, change } = useView();
  return (
    <header className="sticky top-0 z-40 border-b border-rule bg-paper print:hidden">
      <div className="mx-auto flex h-14 max-w-[1240px] items-center gap-2 px-4 sm:gap-3 sm:px-8">
        <a href="#top" aria-label={t('home')} className="mr-1">
          <Wordmark />
        </a>
        {dataset && (
          <div className="hidden min-w-0 sm:block">
            <DatasetSelect
              datasets={datasets}
              value={dataset.name}
              onChange={(name) => change({ dataset: name, from: undefined, to: undefined })}
            />
          </div>
        )}
        <div className="ml-auto flex items-center gap-1 sm:gap-2">
          <a
            href={`./doors${stringifySearch({ dataset: dataset?.name, lang: view.lang })}`}
            title={t('doorsHint')}
            className="inline-flex h-[2.125rem] items-center gap-1.5 rounded-md px-1 text-[13px] text-muted hover:text-ink max-[379px]:hidden sm:px-2"
          >
            <Door />
            <span className="sr-only sm:not-sr-only">{t('doors')}</span>
          </a>
          <a
            href={`./admin${stringifySearch({ lang: view.lang })}`}
            title={t('adminHint')}
            className="inline-flex h-[2.125rem] items-center gap-1.5 rounded-md px-1 text-[13px] text-muted hover:text-ink max-[379px]:hidden sm:px-2"
          >
            <Gateway />
            <span className="sr-only sm:not-sr-only">{t('admin')}</span>
          </a>
          <Preferences onLang={(lang) => change({ lang })} />
        </div>
      </div>
    </header>
  );
}
