import type { DatasetInfo } from '../../../src/exhibits/contract.ts';
import { Choice } from '../controls/choice.tsx';
import { DatasetSelect } from '../controls/dataset-select.tsx';
import { Moon, Screen, Sun } from '../controls/icons.tsx';
import { useText } from '../lib/text.ts';
import { chooseTheme, THEMES, useThemeChoice } from '../lib/theme.ts';
import { useView } from '../lib/use-view.ts';
import { Wordmark } from './wordmark.tsx';

interface Props {
  datasets: DatasetInfo[];
  dataset: DatasetInfo | null;
}

const ICONS = { light: <Sun />, dark: <Moon />, system: <Screen /> };

export function Header({ datasets, dataset }: Props) {
  const { t, lang } = useText();
  const { change } = useView();
  const theme = useThemeChoice();
  return (
    <header className="sticky top-0 z-40 border-b border-rule bg-paper print:hidden">
      <div className="mx-auto flex h-14 max-w-[1240px] items-center gap-3 px-4 sm:px-8">
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
        <div className="ml-auto flex items-center gap-2">
          <Choice
            label={t('controls.language')}
            value={lang}
            options={[
              { value: 'en', label: 'English', icon: <span>EN</span>, lang: 'en' },
              { value: 'zh', label: '简体中文', icon: <span>中文</span>, lang: 'zh-Hans' },
            ]}
            onChange={(next) => change({ lang: next })}
          />
          <Choice
            label={t('controls.theme')}
            value={theme}
            options={THEMES.map((each) => ({
              value: each,
              label: t(`controls.themes.${each}`),
              icon: ICONS[each],
            }))}
            onChange={chooseTheme}
          />
        </div>
      </div>
    </header>
  );
}
