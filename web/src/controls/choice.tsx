import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';

interface Option<T extends string> {
  value: T;
  label: string;
  /** Shown instead of the label, which is then only spoken. */
  icon?: ReactNode;
  lang?: string;
}

interface Props<T extends string> {
  label: string;
  value: T;
  options: Option<T>[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function Choice<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next !== '' && onChange(next as T)}
      className="inline-flex h-[2.125rem] items-stretch rounded-md border border-rule bg-card p-[3px]"
    >
      {options.map((each) => (
        <ToggleGroup.Item
          key={each.value}
          value={each.value}
          aria-label={each.icon ? each.label : undefined}
          title={each.icon ? each.label : undefined}
          lang={each.lang}
          className="inline-flex items-center rounded px-2 text-[13px] whitespace-nowrap text-muted hover:text-ink data-[state=on]:bg-well data-[state=on]:font-medium data-[state=on]:text-ink"
        >
          {each.icon ?? each.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
