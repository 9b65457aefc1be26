import { useState } from 'react';
import type { SeriesInfo } from '../../../src/exhibits/contract.ts';
import { useMedium } from '../lib/print.ts';
import { useText } from '../lib/text.ts';
import { useTheme } from '../lib/theme.ts';

const FEW = 24;

interface Props {
  series: SeriesInfo[];
  hidden: ReadonlySet<string>;
  onChange: (hidden: ReadonlySet<string>) => void;
}

/** A button a series: pressed while it is shown. Twice, or with Shift, it stays alone; the same again brings all back. */
export function Legend({ series, hidden, onChange }: Props) {
  const { t } = useText();
  const theme = useTheme();
  const [isOpen, setIsOpen] = useState(false);
  const isPrinted = useMedium() === 'paper';
  const all = isOpen || isPrinted;
  const shown = all ? series : series.slice(0, FEW);
  return (
    <ul
      aria-label={t('exhibit.legend')}
      title={series.length > 2 ? t('exhibit.legendHint') : undefined}
      className="mb-2 flex flex-wrap gap-x-4 gap-y-0.5 text-[13px] print:mb-0 print:gap-y-0 print:text-[11.5px]"
    >
      {shown.map((each) => (
        <li key={each.key} className="max-w-full">
          <button
            type="button"
            aria-pressed={!hidden.has(each.key)}
            onClick={(event) =>
              onChange(event.shiftKey ? alone(series, hidden, each.key) : toggled(hidden, each.key))
            }
            onDoubleClick={() => onChange(alone(series, hidden, each.key))}
            className="flex max-w-full items-center gap-1.5 py-0.5 text-left aria-[pressed=false]:text-muted aria-[pressed=false]:line-through"
          >
            <span
              aria-hidden="true"
              className="keeps-color size-2.5 shrink-0 rounded-[2px]"
              style={swatch(each, theme, hidden.has(each.key))}
            />
            <span className="truncate">{each.label}</span>
          </button>
        </li>
      ))}
      {hidden.size > 0 && (
        <li>
          <button
            type="button"
            className="py-0.5 text-muted underline underline-offset-2 print:hidden"
            onClick={() => onChange(new Set())}
          >
            {t('exhibit.showAll')}
          </button>
        </li>
      )}
      {series.length > FEW && !all && (
        <li>
          <button
            type="button"
            className="py-0.5 text-muted underline underline-offset-2"
            onClick={() => setIsOpen(true)}
          >
            {t('exhibit.more', { count: series.length - FEW })}
          </button>
        </li>
      )}
    </ul>
  );
}

/** All but one hidden; nothing hidden where that is so already. */
function alone(series: readonly SeriesInfo[], hidden: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const others = series.map((each) => each.key).filter((each) => each !== key);
  return !hidden.has(key) && others.every((each) => hidden.has(each)) ? new Set() : new Set(others);
}

function toggled(hidden: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(key)) next.add(key);
  return next;
}

function swatch(series: SeriesInfo, theme: 'light' | 'dark', off: boolean) {
  const color = series.color[theme];
  if (off) return { boxShadow: `inset 0 0 0 1.5px ${color}` };
  if (!series.unknown) return { background: color };
  return { background: `repeating-linear-gradient(45deg, ${color} 0 2px, transparent 2px 3.5px)` };
}
