/** The gateway's admin page: traffic as it happens, providers, models, accounts, keys and usage, for who may see them. */
import { type ComponentType, useEffect } from 'react';
import { browserLang, LangContext } from '../lib/text.ts';
import { Accounts } from './accounts/accounts.tsx';
import { AdminHeader } from './header.tsx';
import { Keys } from './keys/keys.tsx';
import { Login } from './login.tsx';
import { Models } from './models.tsx';
import { Problem } from './parts/problem.tsx';
import { Empty, Loading } from './parts/section.tsx';
import { Providers } from './providers/providers.tsx';
import { useSession, useWatchSession } from './queries.ts';
import { adminText, useAdminText } from './text.ts';
import { Traffic } from './traffic/traffic.tsx';
import { Usage } from './usage/usage.tsx';
import { type SectionName, useAdminView } from './use-admin-view.ts';

const CONTENT: Record<SectionName, ComponentType> = {
  traffic: Traffic,
  providers: Providers,
  models: Models,
  accounts: Accounts,
  keys: Keys,
  usage: Usage,
};

export default function AdminPage() {
  const { view } = useAdminView();
  const lang = view.lang ?? browserLang();
  const { section } = view;
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
    document.title = `StateAI · ${adminText(lang, 'title')} · ${adminText(lang, `sections.${section}`)}`;
  }, [lang, section]);
  return (
    <LangContext value={lang}>
      <Body section={section} />
    </LangContext>
  );
}

function Body({ section }: { section: SectionName }) {
  const { t } = useAdminText();
  const { data: session, error, refetch } = useSession();
  useWatchSession();
  const Content = CONTENT[section];
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-ink focus:px-4 focus:py-2 focus:text-card"
      >
        {t('skip')}
      </a>
      <AdminHeader session={session} />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto max-w-[1240px] px-4 pb-24 outline-none sm:px-8"
        aria-busy={!session && !error}
      >
        {session?.isAdmin ? (
          <Content key={section} />
        ) : session?.needsLogin ? (
          <Login />
        ) : session ? (
          <div className="mx-auto max-w-2xl pt-16">
            <Empty title={t('login.noSecret')}>{t('login.noSecretNext')}</Empty>
          </div>
        ) : error ? (
          <div className="mx-auto max-w-2xl pt-16">
            <Problem error={error} onRetry={() => refetch()} />
          </div>
        ) : (
          <div className="pt-10">
            <Loading />
          </div>
        )}
      </main>
    </>
  );
}
