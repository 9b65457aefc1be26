/** Truths of accounts: where they are billed, what they speak, and how long they stay with a model. */
import { type Adoption, retention } from '../adoption.ts';
import { dayNumber, isoDay, monthOf } from '../curves.ts';
import { accountSlots, continentSlots, languagesOf } from '../draws.ts';
import type { Plan } from '../plan.ts';
import { type Cube, pointsOf, shares, type TruthPoint } from './sums.ts';

export interface CohortTruth {
  model: string;
  /** First day of its month. */
  cohort: string;
  /** Its size. */
  accounts: number;
  /** Share at work, by age in months. */
  retention: number[];
}

/** Part of a model's generations in a month that go round its accounts once, whatever the continent. */
function roundRobin(adoption: Adoption, m: number, day: number): number {
  const month = adoption.months.indexOf(monthOf(day));
  const all = adoption.generations[m]?.[month] ?? 0;
  return all > 0 ? Math.min(1, (adoption.active[m]?.[month] ?? 0) / all) : 0;
}

export function spendByContinent(plan: Plan, adoption: Adoption, cube: Cube): TruthPoint[] {
  const names = Object.keys(plan.world.places);
  const settled = shares(
    accountSlots(plan).map((s) => s.continent),
    names.length,
  );
  return plan.weeks.flatMap((week, w) => {
    const drawn = shares(continentSlots(plan, week), names.length);
    const by = new Map<string, number>();
    for (const [m, sum] of (cube.models[w] ?? []).entries()) {
      const round = roundRobin(adoption, m, Math.min(week + 3, dayNumber(plan.world.to)));
      for (const [i, name] of names.entries())
        by.set(
          name,
          (by.get(name) ?? 0) + sum.cost * (round * (settled[i] ?? 0) + (1 - round) * (drawn[i] ?? 0)),
        );
    }
    return pointsOf(isoDay(week), by, true);
  });
}

export function languages(plan: Plan, adoption: Adoption): Record<string, number> {
  const slots = accountSlots(plan);
  const names = Object.keys(plan.world.places);
  const settled = shares(
    slots.map((s) => s.continent),
    names.length,
  );
  const speak = names.map((_, i) => {
    const here = slots.filter((s) => s.continent === i);
    const by = new Map<string, number>();
    for (const [country, of] of Map.groupBy(here, (s) => s.country))
      for (const [language, part] of languagesOf(plan, country))
        by.set(language, (by.get(language) ?? 0) + (part * of.length) / here.length);
    return by;
  });
  const out: Record<string, number> = {};
  let whole = 0;
  const count = (language: string, tokens: number) => {
    out[language] = (out[language] ?? 0) + tokens;
    whole += tokens;
  };
  for (const [d, day] of plan.days.entries()) {
    if (day < dayNumber(plan.world.labelsFrom)) continue;
    const drawn = shares(continentSlots(plan, plan.weeks[plan.weekOfDay[d] ?? 0] ?? 0), names.length);
    for (const [m, of] of plan.tokens.entries()) {
      const round = roundRobin(adoption, m, day);
      for (const [i] of names.entries())
        for (const [language, part] of speak[i] ?? [])
          count(language, (of[d] ?? 0) * part * (round * (settled[i] ?? 0) + (1 - round) * (drawn[i] ?? 0)));
    }
    count('en', plan.burst?.tokens[d] ?? 0);
  }
  for (const language of Object.keys(out)) out[language] = (out[language] ?? 0) / whole;
  return out;
}

export function cohorts(plan: Plan, adoption: Adoption): CohortTruth[] {
  const last = adoption.months.length - 1;
  return adoption.cohorts.map((cohort) => ({
    model: plan.models[cohort.model]?.slug ?? '',
    cohort: isoDay(adoption.months[cohort.month] ?? 0),
    accounts: cohort.accounts,
    retention: Array.from({ length: last - cohort.month + 1 }, (_, age) => retention(cohort.fit, age)),
  }));
}
