/** What the admin page shows, kept in the address: its part, the language, and whose keys. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { type Lang, parseView } from '../lib/view.ts';

export const SECTIONS = ['traffic', 'providers', 'models', 'accounts', 'keys', 'usage'] as const;
export type SectionName = (typeof SECTIONS)[number];

export interface AdminView {
  section: SectionName;
  lang?: Lang | undefined;
  /** Account whose keys are shown. */
  account?: string | undefined;
}

function parseAdminView(raw: Record<string, unknown>): AdminView {
  const { account } = raw;
  return {
    section: SECTIONS.find((each) => each === raw.section) ?? 'traffic',
    lang: parseView(raw).lang,
    account: typeof account === 'string' && account !== '' && account.length <= 100 ? account : undefined,
  };
}

export function useAdminView(): { view: AdminView; change: (part: Partial<AdminView>) => void } {
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const view = useMemo(() => parseAdminView(raw), [raw]);
  const navigate = useNavigate();
  const change = useCallback(
    (part: Partial<AdminView>) => {
      navigate({ to: '.', search: { ...view, ...part }, resetScroll: part.section !== undefined });
    },
    [navigate, view],
  );
  return { view, change };
}
