/** An exhibit's definition: what its folder says about it. The queries beside it are plain SQL over the views. */
import { existsSync, readFileSync } from 'node:fs';
import { contentHash } from '../generation/ids.ts';
import type { ChartSpec, Kind, Section, Unit } from './contract.ts';
import type { FieldName } from './requirements.ts';

/**
 * What is read from an exhibit's rows to stand beside a printed number (see `published.ts`). `mean`: over the window's
 * whole weeks. `typical`: their median. `start`, `end`: mean of its first and last four whole weeks. `min`, `max`: the
 * lowest and highest week. `total`: of the whole window. `proportion`: the series' part of all series listed with it.
 * `order`: which series lead, in order. `ratio`: the first series over the second. `largest`: the largest series.
 * `retention`, `verdict`: of a cohort, of a model. `price`, `use`: of a model. `fact`: a number about the whole result.
 */
const STATS = [
  'mean',
  'typical',
  'start',
  'end',
  'min',
  'max',
  'total',
  'proportion',
  'order',
  'ratio',
  'largest',
  'retention',
  'verdict',
  'price',
  'use',
  'fact',
] as const;
export type Stat = (typeof STATS)[number];

/** A number that the study printed, for readers (`text`) and for machines (one of `value` … `verdict`). */
export interface Published {
  /** As in the rows; several are added up. `*` is the largest series, whichever it is. */
  series: string | readonly string[];
  stat: Stat;
  /** As the study printed it. */
  text: string;
  /** The panel (`panel` in the rows), the group of a composition, or the segment of a table. */
  panel?: string;
  /** Where the study says when: a month (2025-07), a week by its Monday, or two of them with a slash. */
  at?: string;
  /** `retention` and `verdict`: the cohort's month, and months since. */
  cohort?: string;
  age?: number;
  value?: number;
  between?: readonly [number, number];
  atLeast?: number;
  atMost?: number;
  verdict?: string;
  /** The study says "about", or it was read off a chart. */
  approx?: boolean;
}

/** One small chart of several. `exhibit F22a` asks for one by its letter. */
export interface PanelDefinition {
  letter: string;
  /** `panel` in the rows; `model` for cohorts; empty for the columns of a composition. */
  key: string;
}

export interface ExhibitDefinition {
  id: string;
  slug: string;
  section: Section;
  unit: Unit;
  kind: Kind;
  chart: ChartSpec;
  /** Fields that a dataset must have. */
  needs: readonly FieldName[];
  /** It asks the catalog what the models are, beside fields that it needs. One that needs none always does. */
  ofModels?: true;
  /** What a series key is: a word of the message file, a model, an author, or a tag inside a category. */
  seriesKind: 'message' | 'model' | 'author' | 'tag';
  /** What a panel's or a group's key is. */
  panelKind?: 'message' | 'model' | 'author';
  panels?: readonly PanelDefinition[];
  /** Models beyond those of `panels` may take the letters that these leave free. */
  openPanels?: boolean;
  /** Tables: columns, also of an empty result. */
  columns?: readonly string[];
  /** Which sentence the numbers fill (see `statements/`). */
  statement:
    | 'first-last'
    | 'leader'
    | 'total'
    | 'mix'
    | 'longest'
    | 'ratio'
    | 'composition'
    | 'cohorts'
    | 'cost-by-category'
    | 'elasticity'
    | 'quadrants'
    | 'table'
    | 'languages'
    | 'segments'
    | 'none';
  /** The series that the sentence follows, or several, one after the other. */
  focus?: string | readonly string[];
  /**
   * Sentences under `notes.`, filled with the facts; each is said where the fact `when` is above 0. One that says how
   * far a needed field is known names it, so that it is not said twice.
   */
  notes?: readonly { id: string; when: string; field?: FieldName }[];
  published: readonly Published[];
  /** Titles of a workspace's own exhibit, which has no entry in the message files. */
  text?: { title: string; subtitle?: string; method?: string };
}

export interface Exhibit extends ExhibitDefinition {
  sql: string;
  /** One row of named numbers about the whole result. */
  factsSql: string | null;
  /** The labelled generations that the values rest on (see `intervals.ts`), where they rest on them. */
  sampleSql: string | null;
  /** Version of the queries. */
  hash: string;
  /** Narrowed to the panel with this letter. */
  only?: string;
}

/** @param url `import.meta.url` of the exhibit: `query.sql` lies beside it, `facts.sql` where there are facts, `sample.sql` where there are intervals */
export function defineExhibit(url: string, definition: ExhibitDefinition): Exhibit {
  const sql = readFileSync(new URL('./query.sql', url), 'utf8');
  const beside = (name: string) => {
    const file = new URL(name, url);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  };
  const [factsSql, sampleSql] = [beside('./facts.sql'), beside('./sample.sql')];
  const hash = contentHash(...[sql, factsSql, sampleSql].filter((text) => text !== null));
  return { ...definition, sql, factsSql, sampleSql, hash };
}
