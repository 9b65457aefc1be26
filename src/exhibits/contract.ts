/**
 * What an exhibit is, and what every consumer (CLI, HTTP, page, static report) gets when it is run.
 * Only types and small constants: the page imports this file too.
 */
import type { FieldName } from './requirements.ts';

export type Grain = 'day' | 'week' | 'month';
export const GRAINS: readonly Grain[] = ['day', 'week', 'month'];

/** `share`: fraction of 1. `tokens`, `models`: whole numbers. `tokens_per_request`: mean. */
export type Unit = 'share' | 'tokens' | 'tokens_per_request' | 'models' | 'usd' | 'usd_per_million';

/** The study's chapters, in its order. */
export const SECTIONS = [
  'open-vs-closed',
  'agentic',
  'categories',
  'geography',
  'retention',
  'cost',
] as const;
export type Section = (typeof SECTIONS)[number];

export type Kind = 'series' | 'composition' | 'scatter' | 'cohorts' | 'table';

/**
 * How to draw the rows. `stacked-area`: shares that add up to 1. `stacked-columns`: amounts that add up; with
 * `whole`, shares that fill each column. `lines`: one line a series. `bars`: one horizontal bar a row, longest first.
 * `composition`: one 100 % column a group. `scatter`: one dot a row, both axes logarithmic. `cohorts`: one line a
 * cohort over its age. `table`: the rows themselves.
 */
export interface ChartSpec {
  type:
    | 'stacked-area'
    | 'stacked-columns'
    | 'lines'
    | 'bars'
    | 'composition'
    | 'scatter'
    | 'cohorts'
    | 'table';
  /** `bars` only: which columns hold the name and the length. */
  label?: string;
  value?: string;
  /** Draw dashed lines at the notable releases that the result carries. */
  annotateReleases?: boolean;
  /** `stacked-columns` only: the values of a period are shares of 1. */
  whole?: boolean;
  /** `scatter` only. The dashed lines stand at the facts `median_x` and `median_y`, where they are given. */
  scatter?: {
    x: Unit;
    y: Unit;
    /** Draw the line through the facts `slope` and `intercept` (of log10 y on log10 x), with its equation. */
    regression?: boolean;
    /** Names of the quadrants, as message ids under `quadrants.`: top left, top right, bottom left, bottom right. */
    quadrants?: readonly [string, string, string, string];
  };
  /** `composition` only: groups side by side in one row of columns; more make another panel below. */
  groupsPerPanel?: number;
}

/** A series as the chart shows it: stable key (as in `rows.series`), text in the reader's language, colour. */
export interface SeriesInfo {
  key: string;
  label: string;
  /** `#rrggbb` for light and for dark backgrounds. */
  color: { light: string; dark: string };
  /** The group of what nobody knows: drawn hatched or grey, always last. */
  unknown?: boolean;
}

export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

/** A release that a chart marks with a dashed line. */
export interface Release {
  date: string;
  label: string;
}

/** Where a number came from: enough to compute it again. */
export interface Provenance {
  exhibit: string;
  query: string;
  catalog: string;
  data: string;
  classifier: string | null;
  filters: { from: string | null; to: string | null; grain: Grain; where: Record<string, string[]> };
  software: string;
}

/** A number that the study printed, for comparison with the dataset's own. */
export interface PublishedValue {
  label: string;
  /** As the study printed it, ready to show: "≈ 70 %", "≥ 50 %". */
  text: string;
  /** The same of this dataset; null where its rows do not have it, absent where it cannot be compared. */
  measured?: string | null;
}

export interface ColumnInfo {
  name: string;
  label: string;
  unit: Unit | 'date' | 'text' | 'boolean' | 'requests';
}

/** `stateai exhibit <id> --format json` and `GET /stats/v1/exhibits/<id>`. */
export interface ExhibitResult {
  id: string;
  title: string;
  dataset: string;
  unit: Unit;
  columns: string[];
  /**
   * Series: `period` (ISO date of its first day), `series`, `value`, `requests`, `partial`. Compositions: `group`,
   * `series`, `value`, `requests`. Scatters: `name`, `group`, `x`, `y`. Cohorts: `model`, `cohort` (ISO date of its
   * month), `age` (months), `accounts`, `value`. Tables: columns of their own. Where `panels` is not empty, series rows
   * carry `panel` in front.
   */
  rows: Row[];
  /** What the numbers say, in the reader's language. Empty when the dataset lacks what the exhibit needs. */
  statement: string;
  provenance: Provenance;

  slug: string;
  section: Section;
  kind: Kind;
  subtitle: string;
  chart: ChartSpec;
  series: SeriesInfo[];
  /** The columns that a table of the rows shows, in order. */
  columnInfo: ColumnInfo[];
  /** Small charts that stand side by side, in order: the value of `panel` (of `model` for cohorts) and what to call it. */
  panels: { key: string; label: string }[];
  /** What the groups of a composition or scatter are called, in order, with their colours. */
  groups: SeriesInfo[];
  /** Numbers about the whole result: medians, a regression, how much was left out. Which, the exhibit's method says. */
  facts: Record<string, Cell>;
  releases: Release[];
  method: string;
  published: PublishedValue[];
  /** Sentences the reader must know: partial periods, unknown shares, fields known only in part. */
  notes: string[];
  /** Set instead of rows when the dataset lacks a field: which, and how to get it, as one sentence each. */
  lacking: { field: string; sentence: string }[];
  /** Every period of the range in order, also those without rows, so that a gap is drawn as a gap. */
  periods: { period: string; partial: boolean }[];
  /** The dataset is simulated and every face must say so. */
  simulated: boolean;
  /** The simulated world is the one that is calibrated to the study's published figures. */
  calibrated?: boolean;
}

/** `GET /stats/v1/exhibits`: what there is, without running anything. */
export interface ExhibitInfo {
  id: string;
  slug: string;
  title: string;
  subtitle: string;
  section: Section;
  unit: Unit;
  kind: Kind;
  /** Fields that it cannot do without. */
  needs: FieldName[];
}

/** `GET /stats/v1/datasets`. */
export interface DatasetInfo {
  name: string;
  simulated: boolean;
  calibrated?: boolean;
  /** Changes whenever the data changes. */
  version: string;
  sources: string[];
  /** First and last day with data, ISO, UTC; null when empty. */
  from: string | null;
  to: string | null;
  tokens: number;
  /** null when no row says how many generations it stands for. */
  requests: number | null;
  models: number;
  /** Share of tokens whose model the catalog does not know. */
  unknownModelShare: number | null;
  /** For each field, the share of the rows that state it. */
  fields: Record<FieldName, number>;
  /** Share of the rows of which only the prompt or only the completion is known: at least so many. */
  halfCounted: number;
}
