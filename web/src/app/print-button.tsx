import { type QueryClient, useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Printer } from '../controls/icons.tsx';
import { printPage, stopPrinting, useMedium } from '../lib/print.ts';
import { useText } from '../lib/text.ts';

/** Whatever a card of the report waits for. */
const CARDS = {
  predicate: ({ queryKey: [what] }: { queryKey: readonly unknown[] }) =>
    what === 'exhibit' || what === 'category-reading',
};

const print = (client: QueryClient) =>
  printPage(() => client.isFetching(CARDS) === 0 && !document.querySelector('#report .skeleton'));

/** Prints the report once all of it is loaded; the keys for printing do the same. */
export function PrintButton({ cards }: { cards: number }) {
  const { t } = useText();
  const client = useQueryClient();
  const isLoading = useMedium() === 'loading';
  const missing = useIsFetching(CARDS);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isPrint = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (!isPrint || event.key.toLowerCase() !== 'p') return;
      event.preventDefault();
      void print(client);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [client]);

  return (
    <div className="flex items-center gap-2.5">
      <span role="status" className="text-[13px] text-muted">
        {isLoading && t('print.loading', { done: Math.max(0, cards - missing), cards })}
      </span>
      <button
        type="button"
        className="control"
        title={t('print.hint')}
        aria-label={isLoading ? undefined : t('print.print')}
        onClick={() => (isLoading ? stopPrinting() : print(client))}
      >
        <Printer />
        {isLoading && t('print.stop')}
      </button>
    </div>
  );
}
