import { useEffect, useRef } from 'react';
import { isRefusal } from '../../lib/api.ts';
import { useAdminText } from '../text.ts';

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** Below a long form it would else not be seen. */
  comesIntoView?: boolean;
}

/** What went wrong, where it did, and what to do; nothing where nothing did. */
export function Problem({ error, onRetry, comesIntoView = false }: Props) {
  const { t } = useAdminText();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error && comesIntoView) place.current?.scrollIntoView({ block: 'nearest' });
  }, [error, comesIntoView]);
  if (!error) return null;
  const refusal = isRefusal(error) ? error : null;
  return (
    <div
      ref={place}
      role="alert"
      className="my-3 scroll-mb-20 rounded-lg border border-rule bg-accent-soft px-4 py-3 text-sm"
    >
      <p className="font-semibold break-words text-accent">{refusal?.message ?? t('unreachable')}</p>
      <p className="mt-0.5 break-words text-soft empty:hidden">
        {refusal ? refusal.next : t('unreachableNext')}
      </p>
      {onRetry && (
        <button type="button" className="control mt-3" onClick={onRetry}>
          {t('retry')}
        </button>
      )}
    </div>
  );
}
