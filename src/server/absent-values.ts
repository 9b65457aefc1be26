/** Finds the values of a selection's filters that occur nowhere in the dataset. */
import type { AbsentValue } from '../exhibits/absent-notes.ts';
import type { OpenDataset } from '../warehouse/dataset-reader.ts';
import { type FilterKey, isOpenKey, keysOf, type Selection } from '../warehouse/filters.ts';
import type { Dataset } from '../warehouse/warehouse.ts';
import { filterValues } from './filter-values.ts';

/** Of a key with more values nothing is said. */
const MOST = 20_000;

/** What occurs, by filter; it stays as long as the dataset is the same. */
const known = new WeakMap<OpenDataset, Map<FilterKey, string[]>>();

export async function absentValues(
  dataset: Dataset,
  opened: OpenDataset,
  selection: Selection,
): Promise<AbsentValue[]> {
  const absent: AbsentValue[] = [];
  for (const filter of keysOf(selection).filter(isOpenKey)) {
    const values = await valuesOf(dataset, opened, filter);
    if (values.length === 0 || values.length >= MOST) continue;
    const there = new Set(values.map((value) => value.toLowerCase()));
    for (const value of selection.where[filter] ?? [])
      if (value.toLowerCase() !== 'unknown' && !there.has(value.toLowerCase()))
        absent.push({ filter, value, known: values });
  }
  return absent;
}

async function valuesOf(dataset: Dataset, opened: OpenDataset, key: FilterKey): Promise<string[]> {
  const byKey = known.get(opened) ?? new Map<FilterKey, string[]>();
  known.set(opened, byKey);
  const all = { most: MOST, unused: true };
  const values = byKey.get(key) ?? (await filterValues(dataset, opened, key, all)).map(({ value }) => value);
  byKey.set(key, values);
  return values;
}
