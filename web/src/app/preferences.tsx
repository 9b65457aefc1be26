import { Choice } from '../controls/choice.tsx';
import { Moon, Screen, Sun } from '../controls/icons.tsx';
import { useText } from '../lib/text.ts';
import { chooseTheme, THEMES, useThemeChoice } from '../lib/theme.ts';
import type { Lang } from '../lib/view.ts';

const ICONS = { light: <Sun />, dark: <Moon />, system: <Screen /> };

/** Language and appearance. */
export function Preferences({ onLang }: { onLang: (lang: Lang) => void }) {
  const { t, lang } = useText();
  const theme = useThemeChoice();
  return (
    <>
      <Choice
        label={t('controls.language')}
        value={lang}
        options={[
          { value: 'en', label: 'English', icon: <span>EN</span>, lang: 'en' },
          { value: 'zh', label: '简体中文', icon: <span>中文</span>, lang: 'zh-Hans' },
        ]}
        onChange={onLang}
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
    </>
  );
}
