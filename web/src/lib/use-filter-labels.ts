/** What values of filters are called in the reader's language. */
import { useMemo } from 'react';
import type { Option } from '../controls/combobox.tsx';
import { countryName } from './country-name.ts';
import { closedLabel, type FilterKey, isClosed } from './filter-keys.ts';
import { useValues } from './queries.ts';
import { useText } from './text.ts';

/** The values that occur, the most used first, with their names. */
export function useOptions(dataset: string, key: FilterKey, wanted = true): Option[] {
  const { lang, t } = useText();
  const { data } = useValues(dataset, key, wanted);
  return useMemo(
    () =>
      (data ?? []).map(({ value, label }) => ({
        value,
        label:
          value === 'unknown' ? t('filters.unknown') : key === 'country' ? countryName(value, lang) : label,
      })),
    [data, key, lang, t],
  );
}

/** The name of one value; itself while nobody knows a better one. */
export function useFilterLabel(dataset: string, key: FilterKey, value: string): string {
  const { lang, t } = useText();
  const asked = !isClosed(key) && key !== 'country' && value !== 'unknown';
  const { data } = useValues(dataset, key, asked);
  const closed = closedLabel(key, value);
  if (closed) return t(closed);
  if (value === 'unknown') return t('filters.unknown');
  if (key === 'country') return countryName(value, lang);
  return data?.find((each) => each.value.toLowerCase() === value.toLowerCase())?.label ?? value;
}
