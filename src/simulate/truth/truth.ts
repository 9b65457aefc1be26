/**
 * The truth of a simulated world: what each exhibit should show, from the plan's own numbers. It never looks at the
 * lake or the marts. Where a closed form exists it is that; which models get any generation at all in a week (F5) is
 * counted while they are dealt out.
 */
import type { Engine } from '../../warehouse/engine.ts';
import type { Adoption } from '../adoption.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';
import { categoryPoints, labelledSeries, tags } from './labelled.ts';
import { modelPoints, modelSeries, modelsInUse, openAuthors } from './models.ts';
import { type CohortTruth, cohorts, languages, spendByContinent } from './places.ts';
import { expectedSums, type TruthPoint } from './sums.ts';

export interface Truth {
  /** Identifies world, size, seed and catalog. */
  key: string;
  seed: number;
  generations: number;
  sampleRate: number;
  /** The parameters. */
  world: World;
  /**
   * Expected values by exhibit, over the whole span, in weeks. Series are the exhibit's own, before any "top N": models
   * and authors by slug, tags by content path. Shares of labelled traffic leave out `other`.
   */
  series: Record<string, TruthPoint[]>;
  /** T1, F21, T2: name → share (F21: `category path`). */
  totals: Record<string, Record<string, number>>;
  /** F26 by category, F27 and F28 by model: USD per million tokens, tokens. */
  points: Record<string, { name: string; x: number; y: number }[]>;
  /** F25: share of a cohort at work, by age in months; `accounts` is the cohort's size. */
  cohorts: CohortTruth[];
}

export async function truthOf(
  engine: Engine,
  plan: Plan,
  adoption: Adoption,
  facts: { key: string; seed: number; generations: number; sampleRate: number; scale: number },
): Promise<Truth> {
  const cube = expectedSums(plan, facts.scale);
  const { key, seed, generations, sampleRate } = facts;
  return {
    key,
    seed,
    generations,
    sampleRate,
    world: plan.world,
    series: {
      ...modelSeries(plan, cube),
      F5: await modelsInUse(engine, plan),
      ...labelledSeries(plan, cube),
      F24: spendByContinent(plan, adoption, cube),
    },
    totals: { T1: openAuthors(plan, cube), F21: tags(plan), T2: languages(plan, adoption) },
    points: { F26: categoryPoints(plan, cube), F27: modelPoints(plan, cube) },
    cohorts: cohorts(plan, adoption),
  };
}
