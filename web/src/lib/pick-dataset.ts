import type { DatasetInfo } from '../../../src/exhibits/contract.ts';

/** The one the address names if it exists; else real data before simulated; null when there is none at all. */
export function pickDataset(datasets: DatasetInfo[], wanted: string | undefined): DatasetInfo | null {
  const named = datasets.find((each) => each.name === wanted);
  if (named && named.from !== null) return named;
  const filled = datasets.filter((each) => each.from !== null);
  return filled.find((each) => !each.simulated) ?? filled[0] ?? null;
}
