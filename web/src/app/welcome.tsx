import { CopyButton } from '../controls/copy-button.tsx';
import { useDatasets } from '../lib/queries.ts';
import { useText } from '../lib/text.ts';
import { Demo } from './demo.tsx';
import { Offers } from './offers.tsx';

const WAYS = [
  { key: 'welcome.ways.openrouter', command: 'import openrouter-activity activity.csv' },
  { key: 'welcome.ways.claude', command: 'import claude-code ~/.claude/projects' },
  { key: 'welcome.ways.codex', command: 'import codex ~/.codex/sessions' },
  { key: 'welcome.ways.opencode', command: 'import opencode ~/.local/share/opencode' },
  { key: 'welcome.ways.gemini', command: 'import gemini-cli ~/.gemini/tmp' },
  { key: 'welcome.ways.table', command: 'import csv my-log.csv --mapping my-log.yaml' },
] as const;

/** The first page of an empty data directory. */
export function Welcome() {
  const { t } = useText();
  const { data } = useDatasets();
  const commands = WAYS.map(({ key, command }) => ({
    key,
    command: `${data?.commandLine ?? 'npx stateai'} ${command}`,
  }));
  return (
    <main id="report" tabIndex={-1} className="mx-auto max-w-3xl px-4 py-14 outline-none sm:px-8 sm:py-20">
      <h1 className="text-[2.1rem] leading-[1.12] font-semibold tracking-tight sm:text-[2.9rem]">
        {t('welcome.title')}
      </h1>
      <p className="mt-5 max-w-2xl font-serif text-[1.15rem] leading-relaxed text-soft">
        {t('welcome.lead')}
      </p>
      <Demo />
      <Offers />
      <h2 className="mt-12 text-2xl font-semibold">{t('welcome.waysTitle')}</h2>
      <ul className="mt-4 divide-y divide-rule border-y border-rule">
        {commands.map((each) => (
          <li key={each.key} className="py-4">
            <p>{t(each.key)}</p>
            <div className="mt-2 flex items-center gap-2">
              <code className="min-w-0 flex-1 overflow-x-auto rounded-md bg-well px-3 py-1.5 font-mono text-[13px] whitespace-nowrap">
                {each.command}
              </code>
              <CopyButton text={each.command} label={t('copy.command', { command: each.command })} />
            </div>
          </li>
        ))}
      </ul>
      <p className="mt-8 text-sm text-muted">{t('welcome.privacy')}</p>
    </main>
  );
}
