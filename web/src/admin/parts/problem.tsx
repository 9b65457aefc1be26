import { isRefusal } from '../../lib/api.ts';
import { useAdminText } from '../text.ts';

/** What went wrong, where it did, and what to do; nothing where nothing did. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useAdminText();
  if (!error) return null;
  const refusal = isRefusal(error) ? error : null;
  return (
    <div role="alert" className="mt-3 rounded-lg border border-rule bg-accent-soft px-4 py-3 text-sm">
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
