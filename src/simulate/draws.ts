/** How shares become draws: short lists by slot, as many slots as the share. Both the records and their truth read these. */
import { at, dayNumber } from './curves.ts';
import type { Plan } from './plan.ts';
import type { WorldModel } from './world.ts';

/** Draws from a short list are made by slot: as many slots as its share of this number. */
export const SLOTS = 1024;
const MIX_SLOTS = 64;
const CONTINENT_SLOTS = 512;
/** Shares as slots, by largest remainder: exact to one slot. */
export function slots<T>(weights: readonly (readonly [T, number])[], count: number): T[] {
  const sum = weights.reduce((a, [, w]) => a + w, 0);
  const exact = weights.map(([key, w]) => ({ key, exact: (w / sum) * count }));
  const taken = exact.map((e) => ({ ...e, n: Math.floor(e.exact) }));
  let left = count - taken.reduce((a, t) => a + t.n, 0);
  for (const t of [...taken].sort((a, b) => b.exact - b.n - (a.exact - a.n))) if (left-- > 0) t.n++;
  return taken.flatMap((t) => Array<T>(t.n).fill(t.key));
}

/** How readily a model is given tools, compared with a plain one. */
export const toolReadiness = (model: WorldModel): number => (model.tools ?? 0.4) / 0.5;

/** The chance that a request of this model and category offers tools, and that one which does ends in a tool call. */
export function toolChances(plan: Plan, model: number, category: number, week: number) {
  const { world } = plan;
  const middle = (plan.weeks[week] ?? 0) + 3;
  const factor = world.categories[plan.categories[category] ?? '']?.toolFactor ?? 1;
  const readiness = toolReadiness(plan.models[model] as WorldModel);
  return {
    offered: Math.min(0.97, at(world.toolsOffered, middle) * factor * readiness),
    called: Math.min(0.95, at(world.toolCalls, middle)),
  };
}

const countrySharesOf = new WeakMap<Plan, Map<string, number>>();

/** Share of tokens by country, over the days that have labels: what the languages are fitted to. */
function countryShares(plan: Plan): Map<string, number> {
  const known = countrySharesOf.get(plan);
  if (known) return known;
  const shares = new Map<string, number>();
  let whole = 0;
  for (const [d, day] of plan.days.entries()) {
    if (day < dayNumber(plan.world.labelsFrom)) continue;
    const tokens = plan.tokens.reduce((sum, of) => sum + (of[d] ?? 0), 0);
    whole += tokens;
    for (const [country, share] of placesOn(plan, day))
      shares.set(country, (shares.get(country) ?? 0) + tokens * share);
  }
  for (const [country, tokens] of shares) shares.set(country, whole > 0 ? tokens / whole : 0);
  return shares;
}

/** Country → share on a day. */
function placesOn(plan: Plan, day: number): [string, number][] {
  const places = Object.values(plan.world.places);
  const whole = places.reduce((sum, p) => sum + at(p.weight, day), 0);
  return places.flatMap((p) => {
    const inside = Object.values(p.countries).reduce((a, b) => a + b, 0);
    return Object.entries(p.countries).map(([country, weight]): [string, number] => [
      country,
      ((at(p.weight, day) / whole) * weight) / inside,
    ]);
  });
}

/** Language → weight among the people billed in a country; what no language claims is English. */
export function languagesOf(plan: Plan, country: string): [string, number][] {
  const shares = countryShares(plan);
  const out: [string, number][] = [];
  let claimed = 0;
  for (const [language, { share, countries }] of Object.entries(plan.world.languages)) {
    if (!countries.includes(country)) continue;
    const base = countries.reduce((sum, c) => sum + (shares.get(c) ?? 0), 0);
    const part = base > 0 ? Math.min(0.95 - claimed, share / base) : 0;
    claimed += part;
    if (part > 0) out.push([language, part]);
  }
  return [...out, ['en', 1 - claimed]];
}

/** Index of the continent that a generation of the week goes to, by slot. */
export const continentSlots = (plan: Plan, week: number): number[] =>
  slots(
    Object.values(plan.world.places).map(({ weight }, i) => [i, at(weight, week + 3)] as const),
    CONTINENT_SLOTS,
  );

/** Where accounts are billed, by slot: as the world is in the middle of its traffic. */
export function accountSlots(plan: Plan): { continent: number; country: string }[] {
  const middle = weightedDay(plan);
  return slots(
    Object.values(plan.world.places).flatMap(({ weight, countries }, continent) => {
      const inside = Object.values(countries).reduce((a, b) => a + b, 0);
      return Object.entries(countries).map(
        ([country, part]) => [{ continent, country }, (at(weight, middle) * part) / inside] as const,
      );
    }),
    SLOTS,
  );
}

/** Categories that a wrong label names, by slot: those of the other requests of the same kind and week. */
export const wrongLabelSlots = (plan: Plan, mix: number, week: number): number[] =>
  slots(
    requestMix(plan, mix, week).map((s, c) => [c, s] as const),
    MIX_SLOTS,
  );

/** Category shares of the requests (not tokens) of a mix in a week. */
function requestMix(plan: Plan, mix: number, week: number): number[] {
  const shares = (plan.mixes[mix]?.[week] ?? []).map((s, c) => {
    const length = plan.length[week]?.[c];
    return length ? s / (length.promptTokens + length.completionTokens) : 0;
  });
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((s) => s / sum);
}

/** The day in the middle of the traffic: accounts are spread over the world as it is then. */
function weightedDay(plan: Plan): number {
  let sum = 0;
  let tokens = 0;
  for (const [d, day] of plan.days.entries()) {
    const all = plan.tokens.reduce((a, of) => a + (of[d] ?? 0), 0);
    sum += all * day;
    tokens += all;
  }
  return Math.round(sum / tokens);
}
