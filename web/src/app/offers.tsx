import { whole } from '../../../src/charts/format.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import type { ImportState, Offer } from '../lib/api.ts';
import { useImports, useOffers, useRefetchAfterImports, useStartImport } from '../lib/queries.ts';
import { type TextKey, useText } from '../lib/text.ts';
import { useView } from '../lib/use-view.ts';

/** Logs found on this machine, each importable with a click or a command, and how imports fare. */
export function Offers({ compact = false }: { compact?: boolean }) {
  const { t } = useText();
  const { data: offers = [] } = useOffers();
  const { data: imports = [] } = useImports();
  const running = imports.filter((each) => each.state === 'running').length;
  useRefetchAfterImports(running);
  if (offers.length === 0 && imports.length === 0) return null;
  return (
    <div className={compact ? 'mt-3' : 'mt-8'}>
      {offers.length > 0 && (
        <p className={compact ? 'text-sm font-semibold' : 'eyebrow'}>{t('offers.title')}</p>
      )}
      <ul className="mt-2 grid gap-2">
        {offers.map((each) => (
          <OfferRow
            key={`${each.format} ${each.path}`}
            offer={each}
            compact={compact}
            busy={imports.some((one) => one.format === each.format && one.state === 'running')}
          />
        ))}
      </ul>
      {imports.length > 0 && (
        <ul className="mt-3 grid gap-1.5" aria-live="polite">
          {imports.map((each) => (
            <ImportRow key={each.id} state={each} />
          ))}
        </ul>
      )}
    </div>
  );
}

function OfferRow({ offer, compact, busy }: { offer: Offer; compact: boolean; busy: boolean }) {
  const { t, lang } = useText();
  const start = useStartImport();
  const size = new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en-US', {
    style: 'unit',
    unit: offer.bytes >= 1e9 ? 'gigabyte' : offer.bytes >= 1e6 ? 'megabyte' : 'kilobyte',
    maximumSignificantDigits: 3,
  }).format(offer.bytes / (offer.bytes >= 1e9 ? 1e9 : offer.bytes >= 1e6 ? 1e6 : 1e3));
  return (
    <li className="rounded-lg border border-rule bg-card p-3 text-ink sm:p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <p className="font-semibold">{offer.format}</p>
          <p className="text-[13px] break-all text-muted">
            {offer.path} · {t('offers.files', { count: offer.files, files: whole(offer.files, lang) })} ·{' '}
            {size}
          </p>
        </div>
        <button
          type="button"
          disabled={busy || start.isPending}
          onClick={() => start.mutate(offer.format)}
          className="control border-ink bg-ink text-card disabled:opacity-50"
        >
          {busy || start.isPending ? t('offers.running') : t('offers.import')}
        </button>
      </div>
      {start.isError && <p className="mt-2 text-sm text-accent">{start.error.message}</p>}
      {!compact && (
        <div className="mt-3 flex items-center gap-2">
          <code className="min-w-0 flex-1 overflow-x-auto rounded-md bg-well px-3 py-1.5 font-mono text-[13px] whitespace-nowrap">
            {offer.command}
          </code>
          <CopyButton text={offer.command} label={t('copy.command', { command: offer.command })} />
        </div>
      )}
    </li>
  );
}

function ImportRow({ state }: { state: ImportState }) {
  const { t, lang } = useText();
  const { change } = useView();
  const line = t(`imports.${state.state}` as TextKey, {
    format: state.format,
    rows: whole(state.rows, lang),
    rejected: whole(state.rejected, lang),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 text-sm">
      <span className={state.state === 'failed' ? 'text-accent' : ''}>{line}</span>
      {state.message && <span className="text-muted">{state.message}</span>}
      {state.state === 'done' && (
        <button
          type="button"
          className="font-medium underline underline-offset-2"
          onClick={() => change({ dataset: state.dataset, from: undefined, to: undefined })}
        >
          {t('imports.show', { dataset: state.dataset })}
        </button>
      )}
    </li>
  );
}
