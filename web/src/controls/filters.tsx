import { Popover } from 'radix-ui';
import { useId, useState } from 'react';
import {
  CLOSED,
  type ClosedKey,
  closedLabel,
  FILTER_KEYS,
  type FilterKey,
  isClosed,
  isExtendable,
} from '../lib/filter-keys.ts';
import { useValues } from '../lib/queries.ts';
import { type TextKey, useText } from '../lib/text.ts';
import { useFilterLabel, useOptions } from '../lib/use-filter-labels.ts';
import { splitFilter } from '../lib/view.ts';
import { Combobox } from './combobox.tsx';
import { Close, Plus } from './icons.tsx';

interface Props {
  dataset: string;
  where: string[];
  onChange: (where: string[]) => void;
}

/** Chips of what traffic is narrowed to. Values of one key are alternatives. */
export function Filters({ dataset, where, onChange }: Props) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1.5">
      {where.map((filter) => (
        <Chip
          key={filter}
          dataset={dataset}
          filter={filter}
          onRemove={() => onChange(where.filter((each) => each !== filter))}
        />
      ))}
      <AddFilter
        dataset={dataset}
        where={where}
        onAdd={(filter) => onChange([...where.filter((each) => each !== filter), filter])}
      />
    </div>
  );
}

function Chip({ dataset, filter, onRemove }: { dataset: string; filter: string; onRemove: () => void }) {
  const { t } = useText();
  const [key, value] = splitFilter(filter);
  const name = t(`filters.keys.${key as FilterKey}`);
  const label = useFilterLabel(dataset, key as FilterKey, value);
  return (
    <span className="inline-flex h-[2.125rem] max-w-full items-center gap-1 rounded-md bg-accent-soft pl-2.5 text-[13px] text-accent">
      <span className="min-w-0 truncate">
        {name}: <b className="font-semibold">{label}</b>
      </span>
      <button
        type="button"
        className="grid h-full w-8 place-items-center"
        aria-label={t('filters.remove', { filter: `${name}: ${label}` })}
        onClick={onRemove}
      >
        <Close />
      </button>
    </span>
  );
}

interface AddProps {
  dataset: string;
  where: string[];
  onAdd: (filter: string) => void;
}

function AddFilter({ dataset, where, onAdd }: AddProps) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const [key, setKey] = useState<FilterKey>('author');
  const id = useId();
  const add = (value: string) => {
    onAdd(`${key}=${value}`);
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="control border-dashed text-muted hover:text-ink">
        <Plus />
        {t('filters.add')}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          align="start"
          collisionPadding={10}
          aria-label={t('filters.add')}
          className="floating w-80 max-w-[94vw] p-3"
        >
          <div className="grid gap-3">
            <div>
              <label htmlFor={`${id}key`} className="mb-1 block text-xs text-muted">
                {t('filters.key')}
              </label>
              <select
                id={`${id}key`}
                className="field"
                value={key}
                onChange={(event) => setKey(event.currentTarget.value as FilterKey)}
              >
                {FILTER_KEYS.map((each) => (
                  <option key={each} value={each}>
                    {t(`filters.keys.${each}`)}
                  </option>
                ))}
              </select>
            </div>
            {isClosed(key) ? (
              <Few key={key} name={key} dataset={dataset} where={where} onChoose={add} />
            ) : (
              <Many key={key} name={key} dataset={dataset} where={where} onChoose={add} />
            )}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** All values of a key that has only a few, a button each. */
function Few({
  name,
  dataset,
  where,
  onChoose,
}: {
  name: ClosedKey;
  dataset: string;
  where: string[];
  onChoose: (value: string) => void;
}) {
  const { t } = useText();
  const id = useId();
  const found = useOptions(dataset, name, isExtendable(name));
  const own = found.map((each) => each.value).filter((value) => closedLabel(name, value) === null);
  return (
    <div>
      <p id={id} className="mb-1 text-xs text-muted">
        {t('filters.value')}
      </p>
      <ul aria-labelledby={id} className="flex max-h-64 flex-wrap gap-1.5 overflow-y-auto">
        {[...CLOSED[name], ...own].map((value) => (
          <li key={value}>
            <button
              type="button"
              className="rounded-full border border-rule px-3 py-1 text-[13px] hover:border-muted disabled:opacity-50"
              disabled={where.includes(`${name}=${value}`)}
              onClick={() => onChoose(value)}
            >
              {own.includes(value) ? value : t(`filters.values.${name}.${value}` as TextKey)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ManyProps {
  name: FilterKey;
  dataset: string;
  where: string[];
  onChoose: (value: string) => void;
}

/** Names that occur in the dataset as suggestions; any other text can be typed. */
function Many({ name, dataset, where, onChoose }: ManyProps) {
  const { t } = useText();
  const options = useOptions(dataset, name);
  const isKnown = useValues(dataset, name).isSuccess;
  return (
    <Combobox
      label={t('filters.value')}
      options={options}
      placeholder={t(`filters.examples.${name}` as TextKey)}
      noMatch={t('filters.noMatch')}
      none={isKnown ? t('filters.none') : undefined}
      chosen={where.filter((each) => splitFilter(each)[0] === name).map((each) => splitFilter(each)[1])}
      free
      onChoose={onChoose}
    />
  );
}
