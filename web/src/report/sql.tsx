import { CopyButton } from '../controls/copy-button.tsx';
import { isRefusal } from '../lib/api.ts';
import { useSql } from '../lib/queries.ts';
import { useText } from '../lib/text.ts';
import type { View } from '../lib/view.ts';
import { Failure } from './failure.tsx';

/** The exhibit's query as one script that runs anywhere DuckDB does. */
export function Sql({ id, view }: { id: string; view: View }) {
  const { t } = useText();
  const { data, error, refetch } = useSql(id, view);
  if (error && data === undefined)
    return <Failure error={isRefusal(error) ? error : null} onRetry={() => refetch()} />;
  return (
    <div>
      <div className="mb-2 flex items-center justify-between gap-4">
        <p className="text-[13.5px] text-muted">{t('exhibit.sqlHint')}</p>
        <CopyButton text={data ?? ''} label={t('copy.sql')} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
        tabIndex={0}
        className="max-h-[440px] min-h-40 overflow-auto rounded-lg bg-well p-4 font-mono text-[12.5px] leading-relaxed"
      >
        <code>{data ?? '…'}</code>
      </pre>
    </div>
  );
}
