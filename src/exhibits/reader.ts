/** The one thing that exhibits ask of the warehouse. */
import type { AbsentValue } from './absent-notes.ts';
import type { DatasetInfo, Row } from './contract.ts';

/** What an exhibit reads from: the views of one dataset under one selection. */
export interface Reader {
  /** Runs queries over the views, all at once. */
  query(queries: readonly string[]): Promise<Row[][]>;
  /** Views and query as one script. */
  script(sql: string): Promise<string>;
  /** Filters of the selection that a query's views cannot take, each with the first such view. */
  notTaken(sql: string): { filter: string; view: string }[];
  /** Values of the selection's filters that occur nowhere in the dataset. */
  absent(): Promise<AbsentValue[]>;
  /** Classifiers and roll-up that a query's categories rest on; null when it reads none. */
  classifier(sql: string): Promise<string | null>;
  periods: { period: string; partial: boolean }[];
  info: DatasetInfo;
  /** Generations whose labels are known, their share of all, and the part of them without a sample rate. */
  sample: { generations: number; rate: number; unrated: number } | null;
  /** Notes of the dataset that every exhibit must repeat. */
  notes: readonly string[];
}
