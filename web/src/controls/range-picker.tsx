import { Popover } from 'radix-ui';
import { useId } from 'react';
import { formatDays } from '../../../src/charts/format.ts';
import type { DatasetInfo } from '../../../src/exhibits/contract.ts';
import { PRESETS, presetOf, presetRange, type Range } from '../lib/range.ts';
import { useText } from '../lib/text.ts';
import { isDay } from '../lib/view.ts';
import { Calendar, Chevron } from './icons.tsx';

interface Props {
  dataset: DatasetInfo;
  range: Range;
  onChange: (range: { from: string | undefined; to: string | undefined }) => void;
}

/** From–to with the usual shortcuts. An empty end is open. */
export function RangePicker({ dataset, range, onChange }: Props) {
  const { t, lang } = useText();
  const preset = presetOf(range, dataset.to);
  const from = range.from ?? dataset.from;
  const to = range.to ?? dataset.to;
  const shown = preset !== null ? t(`range.${preset}`) : formatDays(from, to, lang);
  const set = (part: Range) => onChange({ from: range.from, to: range.to, ...part });
  return (
    <Popover.Root>
      <Popover.Trigger className="control" aria-label={t('range.label', { range: shown })}>
        <Calendar />
        <span>{shown}</span>
        <Chevron />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          align="start"
          collisionPadding={10}
          className="floating w-[23rem] max-w-[94vw] p-3"
        >
          <div className="mb-3 flex flex-wrap gap-1.5">
            {PRESETS.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === preset}
                onClick={() => onChange({ from: undefined, to: undefined, ...presetRange(each, dataset.to) })}
                className="rounded-full border border-rule px-3 py-1 text-[13px] hover:border-muted aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-card"
              >
                {t(`range.${each}`)}
              </button>
            ))}
          </div>
          <div className="grid grid-cols-2 gap-3">
            <Day
              label={t('range.from')}
              value={range.from}
              dataset={dataset}
              onChange={(day) => set({ from: day })}
            />
            <Day
              label={t('range.to')}
              value={range.to}
              dataset={dataset}
              onChange={(day) => set({ to: day })}
            />
          </div>
          <p className="mt-3 text-xs text-muted">{t('range.utc')}</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface DayProps {
  label: string;
  value: string | undefined;
  dataset: DatasetInfo;
  onChange: (day: string | undefined) => void;
}

function Day({ label, value, dataset, onChange }: DayProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      <input
        id={id}
        type="date"
        key={value}
        defaultValue={value}
        min={dataset.from ?? undefined}
        max={dataset.to ?? undefined}
        onBlur={(event) => commit(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget.value)}
        className="field"
      />
    </div>
  );

  function commit(text: string): void {
    const day = isDay(text) ? text : undefined;
    if (day !== value) onChange(day);
  }
}
