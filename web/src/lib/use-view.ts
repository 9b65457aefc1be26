import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { parseView, type View } from './view.ts';

/** The view and a way to change parts of it; the place on the page stays. */
export function useView(): { view: View; change: (part: Partial<View>) => void } {
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  // The router keeps what it does not know; the page does not.
  const view = useMemo(() => parseView(raw), [raw]);
  const navigate = useNavigate();
  const change = useCallback(
    (part: Partial<View>) => {
      navigate({
        to: '.',
        search: (before: Record<string, unknown>) => parseView({ ...before, ...part }),
        hash: true,
        resetScroll: false,
        hashScrollIntoView: false,
      });
    },
    [navigate],
  );
  return { view, change };
}
