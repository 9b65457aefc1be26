import { Popover } from 'radix-ui';
import { type FormEvent, useId, useState } from 'react';
import { useText } from '../lib/text.ts';
import { FILTER_KEYS, type FilterKey, splitFilter } from '../lib/view.ts';
import { Close, Plus } from './icons.tsx';

interface Props {
  where: string[];
  onChange: (where: string[]) => void;
}

/** Chips of what traffic is narrowed to. Values of one key are alternatives. */
export function Filters({ where, onChange }: Props) {
  const { t } = useText();
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1.5">
      {where.map((filter) => {
        const [key, value] = splitFilter(filter);
        const name = t(`filters.keys.${key as FilterKey}`);
        return (
          <span
            key={filter}
            className="inline-flex h-[2.125rem] max-w-full items-center gap-1 rounded-md bg-accent-soft pl-2.5 text-[13px] text-accent"
          >
            <span className="min-w-0 truncate">
              {name}: <b className="font-semibold">{value}</b>
            </span>
            <button
              type="button"
              className="grid h-full w-8 place-items-center"
              aria-label={t('filters.remove', { filter: `${name}: ${value}` })}
              onClick={() => onChange(where.filter((each) => each !== filter))}
            >
              <Close />
            </button>
          </span>
        );
      })}
      <AddFilter onAdd={(filter) => onChange([...where.filter((each) => each !== filter), filter])} />
    </div>
  );
}

function AddFilter({ onAdd }: { onAdd: (filter: string) => void }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const [key, setKey] = useState<FilterKey>('author');
  const id = useId();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get('value') ?? '').trim();
    if (value === '') return;
    onAdd(`${key}=${value}`);
    setOpen(false);
  }

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
          className="floating w-72 max-w-[94vw] p-3"
        >
          <form onSubmit={submit} className="grid gap-3">
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
            <div>
              <label htmlFor={`${id}value`} className="mb-1 block text-xs text-muted">
                {t('filters.value')}
              </label>
              <input
                id={`${id}value`}
                key={key}
                name="value"
                className="field"
                autoComplete="off"
                spellCheck={false}
                required
                maxLength={200}
                placeholder={t(`filters.examples.${key}`)}
              />
            </div>
            <button type="submit" className="control justify-center bg-ink text-card">
              {t('filters.apply')}
            </button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
