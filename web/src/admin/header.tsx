import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Preferences } from '../app/preferences.tsx';
import { Wordmark } from '../app/wordmark.tsx';
import { useText } from '../lib/text.ts';
import { logOut, type Session } from './api.ts';
import { forget } from './queries.ts';
import { useAdminText } from './text.ts';
import { SECTIONS, useAdminView } from './use-admin-view.ts';

/** The name, the ways to the report and the doors, and the parts of the page once one may see them. */
export function AdminHeader({ session }: { session: Session | undefined }) {
  const { t } = useAdminText();
  const page = useText();
  const { view, change } = useAdminView();
  const client = useQueryClient();
  const parts = useRef<HTMLUListElement>(null);
  // On a phone the parts go on beyond the window.
  useEffect(() => {
    if (session?.isAdmin)
      parts.current?.children[SECTIONS.indexOf(view.section)]?.scrollIntoView({
        block: 'nearest',
        inline: 'center',
      });
  }, [session?.isAdmin, view.section]);
  const out = useMutation({ mutationFn: logOut, onSettled: () => forget(client) });
  return (
    <header className="sticky top-0 z-40 border-b border-rule bg-paper print:hidden">
      <div className="mx-auto max-w-[1240px] px-4 sm:px-8">
        <div className="flex h-14 items-center gap-3">
          <Link to="/" search={{ lang: view.lang }} aria-label={`StateAI · ${t('report')}`}>
            <Wordmark />
          </Link>
          <span className="hidden border-l border-rule pl-3 text-[15px] text-muted sm:inline">
            {t('title')}
          </span>
          <div className="ml-auto flex items-center gap-2">
            <Link
              to="/doors"
              search={{ lang: view.lang }}
              className="hidden rounded-md px-2 py-1 text-[13px] text-muted hover:text-ink md:inline"
            >
              {page.t('doors')}
            </Link>
            <Link
              to="/"
              search={{ lang: view.lang }}
              className="hidden rounded-md px-2 py-1 text-[13px] text-muted hover:text-ink sm:inline"
            >
              {t('report')}
            </Link>
            <Preferences onLang={(lang) => change({ lang })} />
          </div>
        </div>
        {session?.isAdmin && (
          <div className="scrolls-on -mx-4 flex items-center gap-5 overflow-x-auto px-4 [--under:var(--paper)] sm:mx-0 sm:px-0">
            <nav aria-label={t('sections.label')}>
              <ul ref={parts} className="flex gap-5">
                {SECTIONS.map((each) => (
                  <li key={each}>
                    <Link
                      to="."
                      // The router marks what it thinks is active; which part is shown is known better here.
                      activeOptions={{ exact: true, includeSearch: true }}
                      search={{ section: each === 'traffic' ? undefined : each, lang: view.lang }}
                      aria-current={each === view.section ? 'page' : undefined}
                      className="block border-b-2 border-transparent py-2 text-sm whitespace-nowrap text-muted hover:text-ink aria-[current]:border-ink aria-[current]:font-medium aria-[current]:text-ink"
                    >
                      {t(`sections.${each}`)}
                    </Link>
                  </li>
                ))}
              </ul>
            </nav>
            <Link
              to="/doors"
              search={{ lang: view.lang }}
              className="py-2 text-[13px] whitespace-nowrap text-muted hover:text-ink md:hidden"
            >
              {page.t('doors')}
            </Link>
            <Link
              to="/"
              search={{ lang: view.lang }}
              className="py-2 text-[13px] whitespace-nowrap text-muted hover:text-ink sm:hidden"
            >
              {t('report')}
            </Link>
            {session.needsLogin && (
              <button
                type="button"
                onClick={() => out.mutate()}
                className="ml-auto py-2 text-[13px] whitespace-nowrap text-muted hover:text-ink"
              >
                {t('login.out')}
              </button>
            )}
          </div>
        )}
      </div>
    </header>
  );
}
