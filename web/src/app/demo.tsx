import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { formatTick } from '../../../src/charts/format.ts';
import { useDemo } from '../lib/queries.ts';
import { useText } from '../lib/text.ts';

/** How far the simulated world is that an empty server makes for itself. */
export function Demo() {
  const { t, lang } = useText();
  const client = useQueryClient();
  const { data: demo } = useDemo();
  const state = demo?.state ?? 'none';
  useEffect(() => {
    if (state === 'done') client.invalidateQueries({ queryKey: ['datasets'] });
  }, [client, state]);
  if (!demo || state === 'none' || state === 'done') return null;
  return (
    <div
      role="status"
      className="mt-8 rounded-lg border border-warn-rule bg-warn-soft px-4 py-3 text-warn sm:px-5"
    >
      {state === 'failed' ? (
        <p>{t('welcome.demo.failed', { message: demo.message })}</p>
      ) : (
        <>
          <p className="font-semibold">{t('welcome.demo.running')}</p>
          <div className="mt-2 flex items-center gap-3">
            <progress
              className="progress h-1.5 w-full max-w-sm"
              max={1}
              value={demo.progress}
              aria-label={t('welcome.demo.running')}
            />
            <span aria-hidden="true" className="w-10 text-sm tabular-nums">
              {formatTick(Math.round(demo.progress * 100) / 100, 'share', lang)}
            </span>
          </div>
          <p className="mt-1 text-sm">{t('welcome.demo.what')}</p>
        </>
      )}
    </div>
  );
}
