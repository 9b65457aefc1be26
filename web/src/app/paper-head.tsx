import { formatDay, formatDays } from '../../../src/charts/format.ts';
import type { DatasetInfo } from '../../../src/exhibits/contract.ts';
import type { FilterKey } from '../lib/filter-keys.ts';
import { useMedium } from '../lib/print.ts';
import { useText } from '../lib/text.ts';
import { useFilterLabel } from '../lib/use-filter-labels.ts';
import { grainOf, splitFilter, type View } from '../lib/view.ts';

/** On paper, in place of the controls: what of the dataset is shown, where it was printed and when. */
export function PaperHead({ dataset, view }: { dataset: DatasetInfo; view: View }) {
  const { t, lang } = useText();
  const isPrinted = useMedium() === 'paper';
  if (!isPrinted) return null;
  const days = formatDays(view.from ?? dataset.from, view.to ?? dataset.to, lang);
  const today = formatDay(new Date().toISOString(), lang);
  return (
    <div className="grid gap-1 border-b border-rule py-3 text-[13px]">
      <p>
        {t('controls.dataset')}: {dataset.name} · {days}
        {' · '}
        {t('controls.grain')}: {t(`controls.grains.${grainOf(view, dataset)}`)}
        {view.where?.map((filter) => (
          <Filter key={filter} dataset={dataset.name} filter={filter} />
        ))}
      </p>
      <p className="break-all text-muted">{t('print.printed', { day: today, address: location.href })}</p>
    </div>
  );
}

function Filter({ dataset, filter }: { dataset: string; filter: string }) {
  const { t } = useText();
  const [key, value] = splitFilter(filter) as [FilterKey, string];
  const label = useFilterLabel(dataset, key, value);
  return (
    <>
      {' · '}
      {t(`filters.keys.${key}`)}: <b className="font-semibold">{label}</b>
    </>
  );
}
