import { compact, formatDays, NOTHING, percent, whole } from '../../../src/charts/format.ts';
import type { DatasetInfo } from '../../../src/exhibits/contract.ts';
import { useText } from '../lib/text.ts';
import type { Lang } from '../lib/view.ts';

/** The dataset in six figures. */
export function Summary({ dataset }: { dataset: DatasetInfo }) {
  const { t, lang } = useText();
  const { from, to, requests, unknownModelShare } = dataset;
  const figures = [
    { label: t('summary.tokens'), value: amount(dataset.tokens, lang) },
    {
      label: t('summary.requests'),
      // Rows that do not say how many requests they are may be any number of them.
      value:
        requests === null
          ? t('summary.notStated')
          : `${dataset.fields.requests < 1 ? '≥ ' : ''}${amount(requests, lang)}`,
    },
    { label: t('summary.models'), value: whole(dataset.models, lang) },
    {
      label: t('summary.unknown'),
      value: unknownModelShare === null ? NOTHING : percent(unknownModelShare, lang),
    },
  ];
  return (
    <section aria-label={t('summary.label')} className="border-y border-rule">
      <dl className="grid grid-cols-2 sm:grid-cols-4">
        {figures.map((each, i) => (
          <div
            key={each.label}
            className={`py-4 ${i % 2 === 1 ? 'border-l border-rule pl-4' : ''} ${i > 1 ? 'border-t border-rule sm:border-t-0' : ''} ${i > 0 ? 'sm:border-l sm:pl-5' : ''}`}
          >
            <dt className="text-[13px] text-muted">{each.label}</dt>
            <dd className="mt-0.5 font-serif text-[1.65rem] leading-tight font-semibold tracking-tight">
              {each.value}
            </dd>
          </div>
        ))}
      </dl>
      <dl className="flex flex-wrap gap-x-8 gap-y-1 border-t border-rule py-3 text-[13.5px]">
        <Pair name={t('summary.range')}>{from && to ? formatDays(from, to, lang) : NOTHING}</Pair>
        <Pair name={t('summary.sources')}>
          {dataset.sources.length > 0 ? dataset.sources.join(t('summary.comma')) : NOTHING}
        </Pair>
      </dl>
    </section>
  );
}

/** Small numbers in full, large ones short. */
const amount = (value: number, lang: Lang): string =>
  value < 1e6 ? whole(value, lang) : compact(value, lang, 4);

function Pair({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex min-w-0 gap-2">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
