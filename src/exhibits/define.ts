/** An exhibit's definition: what its folder says about it. The query beside it is plain SQL over the views. */
import { existsSync, readFileSync } from 'node:fs';
import { contentHash } from '../generation/ids.ts';
import type { ChartSpec, Kind, Section, Unit } from './contract.ts';
import type { FieldName } from './requirements.ts';

/** A number that the study printed: `series` as in the rows where there is one, `stat` names the moment. */
export interface Published {
  series: string;
  stat: 'mean' | 'min' | 'max' | 'start' | 'end' | 'total';
  text: string;
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
  /** What a series key is: a word of the message file, a model or an author. */
  seriesKind: 'message' | 'model' | 'author';
  /** Which sentence the numbers fill (see `statement.ts`). */
  statement: 'first-last' | 'leader' | 'total' | 'table' | 'none';
  /** The series that the sentence follows. */
  focus?: string;
  published: readonly Published[];
  /** Titles of a workspace's own exhibit, which has no entry in the message files. */
  text?: { title: string; subtitle?: string; method?: string };
}

export interface Exhibit extends ExhibitDefinition {
  sql: string;
  /** A query that gives one row of named numbers about the whole result; null for none. */
  factsSql: string | null;
  /** Version of the queries. */
  hash: string;
}

/** @param url `import.meta.url` of the exhibit: `query.sql`, and `facts.sql` where there is one, lie beside it */
export function defineExhibit(url: string, definition: ExhibitDefinition): Exhibit {
  const sql = readFileSync(new URL('./query.sql', url), 'utf8');
  const facts = new URL('./facts.sql', url);
  const factsSql = existsSync(facts) ? readFileSync(facts, 'utf8') : null;
  const hash = contentHash(sql, ...(factsSql === null ? [] : [factsSql]));
  return { ...definition, sql, factsSql, hash };
}
