/**
 * What the cohorts of one model say about how well it fits: the "glass slipper" of the study, by fixed rules over the
 * rows of a retention table. A pure function: the same rows give the same verdict.
 *
 * A cohort can be read when it began with at least 10 accounts and at least two later months are known. Fewer than three
 * readable cohorts make no verdict.
 * A cohort *stands out* when, over the months 2 to 6 that it shares with at least two other readable cohorts (month 1 says
 * little: most accounts try a model twice), its mean retention is at least 8 points and at least a third above the mean of
 * the others' medians, and three standard errors above what so few accounts would show if they stayed as the others do.
 * - `dominant launch`: only the very first readable cohort stands out, with at least three times the retention that is
 *   usual and one and a half times that of every other cohort.
 * - `foundational`: otherwise, cohorts of the first half of the model's months stand out.
 * - `late fit`: only cohorts of the second half stand out.
 * - `no fit`: none stands out, and nobody returns.
 * - `boomerang`: in some readable cohort retention rises again after its lowest month so far: by at least 5 points, by at
 *   least a quarter, and by at least three standard errors of the difference. It may come with one of the first three.
 */
import { mean, median } from './statistics.ts';

export type CohortVerdict = 'foundational' | 'dominant launch' | 'late fit' | 'no fit' | 'boomerang';

/** One cohort at one age, as the retention exhibit gives it. */
export interface CohortCell {
  /** First day of the cohort's month. */
  cohort?: unknown;
  /** Months since; 0 is the first. */
  age?: unknown;
  accounts?: unknown;
  /** Share of the cohort's accounts that are active. */
  value?: unknown;
}

export interface ModelVerdict {
  /** Empty where there are too few readable cohorts. */
  verdicts: CohortVerdict[];
  /** Cohorts that can be read, those that stand out, both in order of time. */
  readable: string[];
  standouts: string[];
  /** Cohorts that came back, each with the month of its largest rise. */
  returns: { cohort: string; age: number }[];
}

const RULES = {
  minimumAccounts: 10,
  minimumLaterMonths: 2,
  minimumCohorts: 3,
  comparedFrom: 2,
  comparedTo: 6,
  lead: 0.08,
  leadRatio: 4 / 3,
  dominance: 3,
  dominanceOverEach: 1.5,
  rise: 0.05,
  riseRatio: 1.25,
  standardErrors: 3,
} as const;

interface Cohort {
  month: string;
  size: number;
  /** Retention by age; 1 at age 0. */
  kept: Map<number, number>;
}

/** @param cells all rows of one model */
export function verdictOf(cells: readonly CohortCell[]): ModelVerdict {
  const all = cohortsOf(cells);
  const cohorts = all.filter(isReadable);
  const readable = cohorts.map((c) => c.month);
  if (cohorts.length < RULES.minimumCohorts) return { verdicts: [], readable, standouts: [], returns: [] };
  const standouts = cohorts.filter((c) => standsOut(c, cohorts)).map((c) => c.month);
  const returns = cohorts.flatMap((c) => {
    const age = returnOf(c);
    return age === null ? [] : [{ cohort: c.month, age }];
  });
  const verdicts: CohortVerdict[] = [];
  const early = all.slice(0, Math.ceil(all.length / 2)).map((c) => c.month);
  if (isDominantLaunch(standouts, cohorts)) verdicts.push('dominant launch');
  else if (standouts.some((month) => early.includes(month))) verdicts.push('foundational');
  else if (standouts.length > 0) verdicts.push('late fit');
  if (returns.length > 0) verdicts.push('boomerang');
  if (verdicts.length === 0) verdicts.push('no fit');
  return { verdicts, readable, standouts, returns };
}

function cohortsOf(cells: readonly CohortCell[]): Cohort[] {
  const cohorts = new Map<string, Cohort>();
  for (const { cohort, age, accounts, value } of cells) {
    const month = String(cohort);
    const known = cohorts.get(month) ?? { month, size: 0, kept: new Map<number, number>() };
    cohorts.set(month, known);
    if (Number(age) === 0) known.size = Number(accounts);
    if (value !== null && value !== undefined) known.kept.set(Number(age), Number(value));
  }
  return [...cohorts.values()].sort((a, b) => a.month.localeCompare(b.month));
}

function isReadable({ size, kept }: Cohort): boolean {
  const later = [...kept.keys()].filter((age) => age > 0).length;
  return size >= RULES.minimumAccounts && later >= RULES.minimumLaterMonths;
}

/** A cohort's retention beside what is usual among the others, over the months that it shares with them. */
function beside(cohort: Cohort, all: readonly Cohort[]): { own: number; usual: number } | null {
  const pairs: { own: number; usual: number }[] = [];
  for (let age = RULES.comparedFrom; age <= RULES.comparedTo; age++) {
    const own = cohort.kept.get(age);
    const others = all.filter((c) => c !== cohort).flatMap((c) => c.kept.get(age) ?? []);
    if (own !== undefined && others.length >= 2) pairs.push({ own, usual: median(others) ?? 0 });
  }
  const [own, usual] = [mean(pairs.map((p) => p.own)), mean(pairs.map((p) => p.usual))];
  return own === null || usual === null ? null : { own, usual };
}

function standsOut(cohort: Cohort, all: readonly Cohort[]): boolean {
  const seen = beside(cohort, all);
  if (!seen) return false;
  const lead = seen.own - seen.usual;
  // Two accounts more on either side: with few accounts, a usual retention of 0 is no certainty of 0.
  const expected = (seen.usual * cohort.size + 2) / (cohort.size + 4);
  return (
    lead >= RULES.lead &&
    seen.own >= RULES.leadRatio * seen.usual &&
    lead >= RULES.standardErrors * deviation(expected, cohort.size)
  );
}

/** The launch towers over every other cohort, and these lie at the bottom. */
function isDominantLaunch(standouts: readonly string[], cohorts: readonly Cohort[]): boolean {
  const [launch, ...later] = cohorts;
  if (!launch || standouts.length !== 1 || standouts[0] !== launch.month) return false;
  const seen = beside(launch, cohorts);
  if (!seen || seen.own < RULES.dominance * seen.usual) return false;
  return later.every((other) => {
    const shared = [...other.kept.keys()].filter(
      (age) => age >= RULES.comparedFrom && age <= RULES.comparedTo && launch.kept.has(age),
    );
    const kept = (c: Cohort) => mean(shared.map((age) => c.kept.get(age) ?? 0)) ?? 0;
    return shared.length === 0 || kept(launch) >= RULES.dominanceOverEach * kept(other);
  });
}

/** The age of the largest rise over the lowest month before it, or null where none is large enough. */
function returnOf({ kept, size }: Cohort): number | null {
  const ages = [...kept.keys()].filter((age) => age > 0).sort((a, b) => a - b);
  let low = Number.POSITIVE_INFINITY;
  let best: { age: number; rise: number } | null = null;
  for (const age of ages) {
    const value = kept.get(age) ?? 0;
    const rise = value - low;
    const noise = Math.hypot(deviation(value, size), deviation(low, size));
    if (
      rise >= RULES.rise &&
      value >= RULES.riseRatio * low &&
      rise >= RULES.standardErrors * noise &&
      rise > (best?.rise ?? 0)
    )
      best = { age, rise };
    low = Math.min(low, value);
  }
  return best?.age ?? null;
}

/** Standard error of a share of `size` accounts. */
const deviation = (share: number, size: number): number =>
  Number.isFinite(share) ? Math.sqrt(Math.max(0, share * (1 - share)) / size) : 0;
