/** A view, and what views are made from: shared by those who make them. */
import type { Selection } from './filters.ts';
import type { Layout } from './layout.ts';
import type { Manifest } from './manifest.ts';
import type { Period } from './periods.ts';

/** One statement a relation, in the order in which they must be made. */
export interface View {
  name: string;
  sql: string;
  /** It has few rows that do not change with the query: an engine does better to keep them as a table. */
  small?: true;
  /** It is the same for many selections: an engine that is asked for it again does better to keep it as a table. */
  kept?: true;
}

/** What the views are made from. */
export interface ViewInput {
  manifest: Manifest;
  layout: Layout;
  selection: Selection;
  periods: readonly Period[];
  /** Parquet file with the catalog's answer for each slug of the dataset (see `model-table.ts`). */
  models: string;
  /** Parquet file with the category and tag of each path (see `path-table.ts`). */
  paths: string | null;
  /** First day with labels; null where there are none or the query does not read them. */
  labelsFrom: string | null;
  /** Whether the labelled sample is small enough to be kept in memory. */
  keepLabels: boolean;
  /** Accounts of the class `large`. */
  largeAccounts: readonly string[];
  /** Parquet file with the cohorts' activity, where one is kept that answers the selection (see `cohort-table.ts`). */
  cohorts: string | null;
}
