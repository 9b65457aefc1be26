import type { Refusal } from '../lib/api.ts';
import { useText } from '../lib/text.ts';
import { useView } from '../lib/use-view.ts';
import { stringifySearch } from '../lib/view.ts';

/** What went wrong and what to do; without a refusal the server could not be reached. */
export function Failure({ error, onRetry }: { error: Refusal | null; onRetry: () => void }) {
  const { t } = useText();
  const { view } = useView();
  return (
    <div role="alert" className="my-6 rounded-lg border border-rule bg-well p-5">
      <p className="font-serif text-lg font-semibold">{error?.message ?? t('failure.unreachable')}</p>
      <p className="mt-1 text-sm text-muted">{error ? error.next : t('failure.start')}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        {error?.status === 401 && (
          <a href={`./admin${stringifySearch({ lang: view.lang })}`} className="control-strong">
            {t('failure.logIn')}
          </a>
        )}
        <button type="button" className="control" onClick={onRetry}>
          {t('failure.retry')}
        </button>
      </div>
    </div>
  );
}
