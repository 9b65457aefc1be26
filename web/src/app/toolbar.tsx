import { type DatasetInfo, GRAINS } from '../../../src/exhibits/contract.ts';
import { Choice } from '../controls/choice.tsx';
import { DatasetSelect } from '../controls/dataset-select.tsx';
import { Filters } from '../controls/filters.tsx';
import { RangePicker } from '../controls/range-picker.tsx';
import { useDatasets } from '../lib/queries.ts';
import { useText } from '../lib/text.ts';
import { useView } from '../lib/use-view.ts';
import { grainOf } from '../lib/view.ts';
import { PrintButton } from './print-button.tsx';

/** What narrows the whole report: time, grain, filters. On a phone also the dataset. And its way to paper. */
export function Toolbar({ dataset, cards }: { dataset: DatasetInfo; cards: number }) {
  const { t } = useText();
  const { view, change } = useView();
  const { data } = useDatasets();
  return (
    <section
      aria-label={t('controls.label')}
      className="flex flex-wrap items-center gap-2 border-b border-rule py-3 print:hidden"
    >
      <div className="sm:hidden">
        <DatasetSelect
          datasets={data?.datasets ?? []}
          value={dataset.name}
          onChange={(name) => change({ dataset: name, from: undefined, to: undefined })}
        />
      </div>
      <RangePicker dataset={dataset} range={{ from: view.from, to: view.to }} onChange={change} />
      <Choice
        label={t('controls.grain')}
        value={grainOf(view, dataset)}
        options={GRAINS.map((each) => ({ value: each, label: t(`controls.grains.${each}`) }))}
        onChange={(grain) => change({ grain })}
      />
      <Filters
        dataset={dataset.name}
        where={view.where ?? []}
        onChange={(where) => change({ where: where.length > 0 ? where : undefined })}
      />
      <PrintButton cards={cards} />
    </section>
  );
}
