import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { Check } from './icons.tsx';

export interface Option {
  value: string;
  label: string;
}

interface Props {
  label: string;
  options: readonly Option[];
  placeholder?: string;
  /** Said when nothing matches what was typed. */
  noMatch: string;
  /** Said when there is nothing to suggest. */
  none?: string;
  /** Options that are already taken are marked. */
  chosen?: readonly string[];
  /** Whether a text that no option has may be chosen. */
  free?: boolean;
  autoFocus?: boolean;
  onChoose: (value: string) => void;
}

const SHOWN = 50;

/**
 * A text field with a list of suggestions below it, as the ARIA combobox pattern has it: arrows move, Enter chooses
 * what is marked or, where free text is allowed, what was typed.
 */
export function Combobox({
  label,
  options,
  placeholder,
  noMatch,
  none = '',
  chosen = [],
  free = false,
  onChoose,
}: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const [active, setActive] = useState(-1);
  const wanted = text.trim().toLowerCase();
  const matches = options
    .filter(({ value, label }) => `${label} ${value}`.toLowerCase().includes(wanted))
    .slice(0, SHOWN);

  function mark(index: number): void {
    setActive(index);
    list.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: 'nearest' });
  }

  function choose(value: string): void {
    setText('');
    setActive(-1);
    onChoose(value);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    const last = matches.length - 1;
    if (event.key === 'ArrowDown') mark(active >= last ? 0 : active + 1);
    else if (event.key === 'ArrowUp') mark(active <= 0 ? last : active - 1);
    else if (event.key === 'Home' && active >= 0) mark(0);
    else if (event.key === 'End' && active >= 0) mark(last);
    else if (event.key === 'Enter') {
      const exact = matches.find((each) => each.value.toLowerCase() === wanted);
      const value = matches[active]?.value ?? exact?.value ?? (free ? text.trim() : matches[0]?.value);
      if (wanted !== '' || active >= 0) if (value) choose(value);
    } else return;
    event.preventDefault();
  }

  return (
    <div>
      <label htmlFor={`${id}text`} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      <input
        id={`${id}text`}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 && matches[active] ? `${id}option-${active}` : undefined}
        className="field"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={200}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(-1);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        id={`${id}list`}
        role="listbox"
        aria-label={label}
        tabIndex={-1}
        className="mt-1.5 max-h-56 overflow-y-auto rounded-md border border-rule empty:hidden"
      >
        {matches.map((each, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above has the keys
          <div
            key={each.value}
            id={`${id}option-${i}`}
            data-index={i}
            role="option"
            tabIndex={-1}
            aria-selected={chosen.includes(each.value)}
            onClick={() => choose(each.value)}
            onPointerMove={() => setActive(i)}
            className={`flex cursor-pointer items-center gap-2 px-2.5 py-1.5 text-[13.5px] ${i === active ? 'bg-well' : ''}`}
          >
            <span className="min-w-0 flex-1">
              <span className="block truncate">{each.label}</span>
              {each.value !== 'unknown' && !each.label.toLowerCase().includes(each.value.toLowerCase()) && (
                <span className="block truncate text-xs text-muted">{each.value}</span>
              )}
            </span>
            {chosen.includes(each.value) && <Check />}
          </div>
        ))}
      </div>
      <p aria-live="polite" className="mt-1 text-xs text-muted empty:hidden">
        {matches.length > 0 ? '' : wanted !== '' ? noMatch : none}
      </p>
    </div>
  );
}
