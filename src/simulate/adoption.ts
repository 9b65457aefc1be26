/**
 * Who uses a model when: each month new accounts adopt it, and of those before them some are still there. How many
 * adopt follows from the traffic that the plan wants and from how well the model fits (see `Fit`).
 */
import { isoDay, monthOf } from './curves.ts';
import { eachCell, type Plan } from './plan.ts';
import type { Fit, World } from './world.ts';

export interface Cohort {
  model: number;
  /** Index into `months`. */
  month: number;
  /** The accounts of the model are numbered in order of their coming; this cohort's first, and how many they are. */
  first: number;
  accounts: number;
  fit: Required<Fit>;
}

export interface Adoption {
  /** First days of the calendar months. */
  months: number[];
  cohorts: Cohort[];
  /** Expected generations, `[model][month]`. */
  generations: number[][];
  /** Expected accounts at work, `[model][month]`. */
  active: number[][];
  /** So many accounts are there altogether. */
  accounts: number;
}

/** Part of a cohort that is at work `age` months after it came. */
export function retention(fit: Required<Fit>, age: number): number {
  if (age === 0) return 1;
  const lingers = (1 - fit.fits - fit.returns) * fit.lingers ** age;
  const back = fit.returns > 0 && age >= fit.away ? fit.returns * FAITHFUL : 0;
  return fit.fits * FAITHFUL + back + lingers;
}

/** In a given month, one who stays is at work with this probability. */
export const FAITHFUL = 0.94;

function fitOf(world: World, slug: string, month: string): Required<Fit> {
  const of = world.fits[slug] ?? world.fits.default ?? {};
  const fit = of[month] ?? of['*'] ?? { fits: 0.1, lingers: 0.5 };
  return { returns: 0, away: 1, newcomers: 0.06, ...fit };
}

/** @param scale generations for one request of the plan's unit */
export function adopt(plan: Plan, scale: number): Adoption {
  const { world } = plan;
  const months = [...new Set(plan.days.map(monthOf))];
  const monthIndex = plan.days.map((day) => months.indexOf(monthOf(day)));
  const generations = plan.models.map(() => months.map(() => 0));
  eachCell(plan, (cell) => {
    if (cell.burst) return;
    const row = generations[cell.model] as number[];
    const month = monthIndex[cell.day] ?? 0;
    row[month] = (row[month] ?? 0) + cell.requests * scale;
  });
  const cohorts: Cohort[] = [];
  const active = plan.models.map(() => months.map(() => 0));
  let most = 0;
  for (const [m, model] of plan.models.entries()) {
    const own: { cohort: Cohort; size: number }[] = [];
    let come = 0;
    for (const [k, month] of months.entries()) {
      const wanted = (generations[m]?.[k] ?? 0) / world.generationsPerAccountMonth;
      if (wanted <= 0) continue;
      const stayed = own.reduce((sum, o) => sum + o.size * retention(o.cohort.fit, k - o.cohort.month), 0);
      const fit = fitOf(world, model.slug, isoDay(month).slice(0, 7));
      // Somebody always tries a model that is in use; a model in its first month needs at least one account.
      const needed = Math.max(wanted - stayed, wanted * fit.newcomers, own.length === 0 ? 1 : 0);
      const size = Math.min(needed, (world.accounts ?? Number.POSITIVE_INFINITY) - come);
      const first = Math.floor(come);
      come += size;
      const cohort: Cohort = {
        model: m,
        month: k,
        first,
        accounts: Math.floor(come) - first,
        fit,
      };
      own.push({ cohort, size });
      (active[m] as number[])[k] = stayed + size;
      if (cohort.accounts > 0) cohorts.push(cohort);
    }
    most = Math.max(most, Math.ceil(come));
  }
  return {
    months,
    cohorts,
    generations,
    active,
    accounts: world.accounts ?? Math.max(1, Math.ceil(most * 1.3)),
  };
}
