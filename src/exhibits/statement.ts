/** The sentence under an exhibit, with the numbers in it, computed from its rows. Partial periods are never read. */
import { spaced } from '../messages/spacing.ts';
import type { Exhibit } from './define.ts';
import { cohortsStatement } from './statements/cohorts.ts';
import { compositionStatement } from './statements/composition.ts';
import { costByCategory, elasticity, quadrants } from './statements/cost.ts';
import { longest, mix, ratio } from './statements/mix.ts';
import { firstLast, leader, total } from './statements/series.ts';
import type { Story } from './statements/story.ts';
import { authors, languages, segments } from './statements/tables.ts';
import { withThinEnd } from './statements/thin-end.ts';

const KINDS: Record<Exhibit['statement'], (story: Story) => string> = {
  'first-last': firstLast,
  leader,
  total,
  mix,
  longest,
  ratio,
  composition: compositionStatement,
  cohorts: cohortsStatement,
  'cost-by-category': costByCategory,
  elasticity,
  quadrants,
  table: authors,
  languages,
  segments,
  none: () => '',
};

/** Empty when there is nothing to say. */
export const statementOf = (story: Story): string =>
  story.rows.length === 0
    ? ''
    : spaced(withThinEnd(KINDS[story.exhibit.statement](story), story), story.lang);
