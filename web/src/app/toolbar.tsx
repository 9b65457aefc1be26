import { type RefObject, useEffect, useRef } from 'react';
import { type DatasetInfo, GRAINS } from '../../../src/exhibits/contract.ts';
import { Choice } from '../controls/choice.tsx';
import { DatasetSelect } from '../controls/dataset-select.tsx';
import { Filters } from '../controls/filters.tsx';
import { RangePicker } from '../controls/range-picker.tsx';
import { useDatasets } from '../lib/queries.ts';
import { useText } from '../lib/text.ts';
import { useView } from '../lib/use-view.ts';
import { grainOf, isNarrowed, WIDE } from '../lib/view.ts';
import { PrintButton } from './print-button.tsx';

/**
 * What narrows the whole report: time, grain, filters; it stays in sight where there is room. On a phone also the
 * dataset. And its way to paper.
 */
export function Toolbar({ dataset, cards }: { dataset: DatasetInfo; cards: number }) {
  const { t } = useText();
  const { view, change } = useView();
  const { data } = useDatasets();
  const bar = useRef<HTMLElement>(null);
  useRoomAbove(bar);
  return (
    <section
      ref={bar}
      aria-label={t('controls.label')}
      className="bar flex items-start gap-2 border-b border-rule bg-paper py-3 print:hidden"
    >
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
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
        {isNarrowed(view) && (
          <button
            type="button"
            className="px-1.5 text-[13.5px] text-muted underline underline-offset-2 hover:text-ink"
            onClick={() => change(WIDE)}
          >
            {t('controls.reset')}
          </button>
        )}
      </div>
      <PrintButton cards={cards} />
    </section>
  );
}

/** Tells the style sheet how tall the bar is, which grows with every filter: what is scrolled to stands below it. */
function useRoomAbove(bar: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!bar.current) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) style.setProperty('--bar', `${Math.ceil(entry.borderBoxSize[0]?.blockSize ?? 0)}px`);
    });
    observer.observe(bar.current);
    return () => {
      observer.disconnect();
      style.removeProperty('--bar');
    };
  }, [bar]);
}
