import { Popover } from 'radix-ui';
import { useId } from 'react';
import type { ExhibitResult } from '../../../src/exhibits/contract.ts';
import { Combobox } from '../controls/combobox.tsx';
import { Chevron, Close } from '../controls/icons.tsx';
import { useText } from '../lib/text.ts';
import { useFilterLabel, useOptions } from '../lib/use-filter-labels.ts';
import { useView } from '../lib/use-view.ts';
import { MAX_COHORTS } from '../lib/view.ts';

/** Which models' cohorts are drawn. Nothing picked: those that the exhibit itself chooses. */
export function ModelPicker({ result }: { result: ExhibitResult }) {
  const { t } = useText();
  const { view, change } = useView();
  const id = useId();
  const picked = view.cohorts ?? [];
  const set = (cohorts: string[]) => change({ cohorts: cohorts.length > 0 ? cohorts : undefined });
  const toggle = (model: string) =>
    set(picked.includes(model) ? picked.filter((each) => each !== model) : [...picked, model]);
  return (
    <section aria-labelledby={id} className="mb-5 flex flex-wrap items-center gap-1.5 print:hidden">
      <h4 id={id} className="mr-1 text-[13.5px] text-muted">
        {t('cohorts.models')}
      </h4>
      {picked.length === 0 && (
        <span className="mr-1 text-[13.5px]">{t('cohorts.default', { count: result.panels.length })}</span>
      )}
      {picked.map((model) => (
        <Picked key={model} dataset={result.dataset} model={model} onRemove={() => toggle(model)} />
      ))}
      <Popover.Root>
        <Popover.Trigger className="control">
          {t('cohorts.choose')}
          <Chevron />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            sideOffset={6}
            align="start"
            collisionPadding={10}
            aria-label={t('cohorts.choose')}
            className="floating w-80 max-w-[94vw] p-3"
          >
            <Choose dataset={result.dataset} picked={picked} onToggle={toggle} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {picked.length > 0 && (
        <button
          type="button"
          className="px-1.5 text-[13.5px] text-muted underline underline-offset-2 hover:text-ink"
          onClick={() => set([])}
        >
          {t('cohorts.reset')}
        </button>
      )}
    </section>
  );
}

interface ChooseProps {
  dataset: string;
  picked: string[];
  onToggle: (model: string) => void;
}

function Choose({ dataset, picked, onToggle }: ChooseProps) {
  const { t } = useText();
  const options = useOptions(dataset, 'model');
  const full = picked.length >= MAX_COHORTS;
  return (
    <>
      <Combobox
        label={t('cohorts.models')}
        options={full ? options.filter((each) => picked.includes(each.value)) : options}
        placeholder={t('filters.examples.model')}
        noMatch={t('filters.noMatch')}
        chosen={picked}
        onChoose={onToggle}
      />
      <p className="mt-2 text-xs text-muted">{t('cohorts.hint', { max: MAX_COHORTS })}</p>
    </>
  );
}

function Picked({ dataset, model, onRemove }: { dataset: string; model: string; onRemove: () => void }) {
  const { t } = useText();
  const label = useFilterLabel(dataset, 'model', model);
  return (
    <span className="inline-flex h-[2.125rem] max-w-full items-center rounded-md bg-well pl-2.5 text-[13px]">
      <span className="min-w-0 truncate">{label}</span>
      <button
        type="button"
        className="grid h-full w-8 place-items-center text-muted hover:text-ink"
        aria-label={t('cohorts.remove', { model: label })}
        onClick={onRemove}
      >
        <Close />
      </button>
    </span>
  );
}
