/**
 * From a world to expected traffic: tokens by model and day, what they are about, how long a request is and what it
 * costs. Everything here is arithmetic on the world's curves; no dice.
 */
import type { Catalog } from '../catalog/contract.ts';
import { StateaiError } from '../generation/errors.ts';
import { at, dayNumber, growthAt, isoDay, weekOf } from './curves.ts';
import type { Mix, World, WorldModel } from './world.ts';

export interface PlannedModel extends WorldModel {
  author: string;
  group: string;
  openness: 'open' | 'closed';
  origin: 'chinese' | 'row';
  size: 'small' | 'medium' | 'large' | null;
  reasoning: boolean;
  /** First day, as a day number. */
  start: number;
  /** USD per million prompt tokens; completions cost four times as much, cached prompt tokens a tenth. */
  promptPrice: number;
}

/** What holds for one category in one week. */
export interface WeekOfCategory {
  promptTokens: number;
  completionTokens: number;
}

export interface Plan {
  world: World;
  models: PlannedModel[];
  categories: string[];
  /** Day numbers, and the week (an index into `weeks`) of each. */
  days: number[];
  weekOfDay: number[];
  weeks: number[];
  /** Expected tokens, in the world's own unit: `tokens[model][day]`. */
  tokens: Float64Array[];
  /** Which mix each model has, and `mixes[mix][week][category]`: shares of tokens. Models of an author share one. */
  mixOf: number[];
  mixes: number[][][];
  /** `length[week][category]`. */
  length: WeekOfCategory[][];
  /** Tokens of the burst on each day, and its model. */
  burst: { model: number; category: number; tokens: Float64Array } | null;
}

/** Compared with the price of a prompt token: that of a completion token, and what a cached prompt token saves. */
export const COMPLETION_PRICE = 4;
export const CACHED_DISCOUNT = 0.9;

/** USD of a request before the price of a prompt token (in units of it). */
export const costUnits = (promptTokens: number, completionTokens: number, cached: number): number =>
  promptTokens * (1 - CACHED_DISCOUNT * cached) + COMPLETION_PRICE * completionTokens;

export function makePlan(world: World, catalog: Catalog): Plan {
  const days: number[] = [];
  for (let day = dayNumber(world.from); day <= dayNumber(world.to); day++) days.push(day);
  const weeks = [...new Set(days.map(weekOf))];
  const weekOfDay = days.map((day) => weeks.indexOf(weekOf(day)));
  const models = world.models.map((m) => describe(m, catalog, world));
  const categories = Object.keys(world.categories);
  const tokens = tokensByDay(world, models, days);
  const kinds: Mix[] = [];
  const mixOf = models.map((m) => {
    const own = m.mix ?? world.authors[`${m.group} ${m.author}`]?.mix ?? {};
    const at = kinds.indexOf(own);
    return at >= 0 ? at : kinds.push(own) - 1;
  });
  const mixes = kinds.map((own) => weeks.map((week) => normalised(own, categories, week + 3)));
  const plan: Plan = {
    world,
    models,
    categories,
    days,
    weekOfDay,
    weeks,
    tokens,
    mixOf,
    mixes,
    length: [],
    burst: null,
  };
  checkMixes(plan);
  plan.length = weeks.map((_, week) => lengths(plan, week));
  checkLengths(plan);
  plan.burst = burstOf(plan);
  for (const [m, model] of models.entries()) model.promptPrice = promptPrice(plan, m);
  return plan;
}

function describe(model: WorldModel, catalog: Catalog, world: World): PlannedModel {
  const facts = catalog.resolve(model.slug);
  const start = model.from ?? facts.released;
  if (facts.openness === 'unknown' || facts.origin === 'unknown' || facts.reasoning === null || !start)
    throw new StateaiError(
      'bad_world',
      `World “${world.name}”: the catalog does not know enough of ${model.slug}`,
      'A model of a world needs openness, origin, reasoning and a release date in the catalog (or "from" in the world).',
    );
  const group = facts.openness === 'closed' ? 'closed' : `open-${facts.origin}`;
  if (!world.authors[`${group} ${facts.author}`])
    throw new StateaiError(
      'bad_world',
      `World “${world.name}”: ${model.slug} belongs to “${group} ${facts.author}”, which has no entry among the authors`,
      'Add the author with its weight and mix.',
    );
  return {
    ...model,
    author: facts.author,
    group,
    openness: facts.openness,
    origin: facts.origin,
    size: facts.size === 'unknown' ? null : facts.size,
    reasoning: facts.reasoning,
    start: dayNumber(start),
    promptPrice: 0,
  };
}

/** The volume of a day goes to groups, a group's to its authors, an author's to its models. */
function tokensByDay(world: World, models: PlannedModel[], days: number[]): Float64Array[] {
  const tokens = models.map(() => new Float64Array(days.length));
  for (const [d, day] of days.entries()) {
    const weekend = (day + 3) % 7 >= 5;
    const volume = growthAt(world.volume, day) * (weekend ? world.weekend : 1);
    const groups = new Map<string, Map<string, { weight: number; models: [number, number][] }>>();
    for (const [m, model] of models.entries()) {
      const weight = modelWeight(model, day);
      const author = `${model.group} ${model.author}`;
      const share = at(world.authors[author]?.weight ?? 0, day);
      if (weight <= 0 || share <= 0) continue;
      const authors = groups.get(model.group) ?? new Map();
      groups.set(model.group, authors);
      const entry = authors.get(author) ?? { weight: share, models: [] };
      authors.set(author, entry);
      entry.models.push([m, weight]);
    }
    const shares = [...groups.keys()].map((g) => at(world.groups[g as keyof World['groups']] ?? 0, day));
    const whole = shares.reduce((a, b) => a + b, 0);
    if (whole <= 0) continue;
    for (const [g, authors] of [...groups.values()].entries()) {
      const ofGroup = (volume * (shares[g] ?? 0)) / whole;
      const all = [...authors.values()].reduce((a, b) => a + b.weight, 0);
      for (const { weight, models: own } of authors.values()) {
        const sum = own.reduce((a, [, w]) => a + w, 0);
        for (const [m, w] of own) (tokens[m] as Float64Array)[d] = (ofGroup * (weight / all) * w) / sum;
      }
    }
  }
  return tokens;
}

function modelWeight(model: PlannedModel, day: number): number {
  const age = day - model.start;
  if (age < 0) return 0;
  const rise = 1 - 0.5 ** ((age + 1) / (model.ramp ?? 12));
  if (!model.declines) return model.weight * rise;
  const past = day - dayNumber(model.declines.from);
  const floor = model.declines.to ?? 0;
  const left = past <= 0 ? 1 : floor + (1 - floor) * 0.5 ** (past / model.declines.halfLife);
  return model.weight * rise * left;
}

function normalised(mix: Mix, categories: string[], day: number): number[] {
  const weights = categories.map((c) => Math.max(0, at(mix[c] ?? 0, day)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => (sum > 0 ? w / sum : 0));
}

/** Traffic that is about nothing would be in the truth and not among the records. @throws `bad_world` */
function checkMixes({ world, models, tokens, mixOf, mixes, weeks, weekOfDay }: Plan): void {
  for (const [m, of] of tokens.entries())
    for (const [d, n] of of.entries()) {
      const week = weekOfDay[d] ?? 0;
      if (n <= 0 || mixes[mixOf[m] ?? 0]?.[week]?.some((share) => share > 0)) continue;
      throw new StateaiError(
        'bad_world',
        `World “${world.name}”: ${models[m]?.slug} has traffic in the week of ${isoDay(weeks[week] ?? 0)}, but no category in its mix has a weight then`,
        'Give one of the categories in the mix of the model, or of its author, a weight above 0.',
      );
    }
}

/** Longer requests than this tell that the means cannot be had. */
const LONGEST = 1e9;

/** @throws `bad_world` */
function checkLengths({ world, length, weeks }: Plan): void {
  const week = length.findIndex((all) =>
    all.some((l) => !(l.promptTokens <= LONGEST && l.completionTokens <= LONGEST)),
  );
  if (week >= 0)
    throw new StateaiError(
      'bad_world',
      `World “${world.name}”: the mean lengths of the week of ${isoDay(weeks[week] ?? 0)} cannot be reached`,
      'The means over all requests, promptTokens and completionTokens, must go together with the lengths of the categories.',
    );
}

/** Prompt and completion tokens of each category in a week, such that the means over all requests are the world's. */
function lengths(plan: Plan, week: number): WeekOfCategory[] {
  const { world, categories } = plan;
  const day = (plan.weeks[week] ?? 0) + 3;
  const volume = categories.map(() => 0);
  for (const [d, w] of plan.weekOfDay.entries()) {
    if (w !== week) continue;
    for (const [m, tokens] of plan.tokens.entries())
      for (const [c, share] of (plan.mixes[plan.mixOf[m] ?? 0]?.[week] ?? []).entries())
        volume[c] = (volume[c] ?? 0) + (tokens[d] ?? 0) * share;
  }
  const wanted = { prompt: at(world.promptTokens, day), completion: at(world.completionTokens, day) };
  const given = categories.map((c) => {
    const curve = world.categories[c]?.promptTokens ?? null;
    return curve === null ? null : at(curve, day);
  });
  const factor = categories.map((c) => world.categories[c]?.completionFactor ?? 1);
  let free = wanted.prompt;
  let completion = wanted.completion;
  for (let round = 0; round < 60; round++) {
    let requests = 0;
    let prompts = 0;
    let completions = 0;
    for (const [c, tokens] of volume.entries()) {
      const p = given[c] ?? free;
      const q = completion * (factor[c] ?? 1);
      const n = tokens / (p + q);
      requests += n;
      prompts += n * p;
      completions += n * q;
    }
    if (requests === 0) break;
    free = Math.max(50, free * (wanted.prompt / (prompts / requests)) ** 0.9);
    completion *= (wanted.completion / (completions / requests)) ** 0.9;
  }
  return categories.map((_, c) => ({
    promptTokens: given[c] ?? free,
    completionTokens: completion * (factor[c] ?? 1),
  }));
}

function burstOf(plan: Plan): Plan['burst'] {
  const { burst } = plan.world;
  if (!burst) return null;
  const model = plan.models.findIndex((m) => m.slug === burst.model);
  const category = plan.categories.indexOf('other');
  if (model < 0 || category < 0)
    throw new StateaiError(
      'bad_world',
      model < 0
        ? `World “${plan.world.name}”: the burst names ${burst.model}, which is not among its models`
        : `World “${plan.world.name}”: the burst is of the category other, which the world has taken away`,
      model < 0 ? 'Name one of the models, or set burst: null.' : 'Leave the category, or set burst: null.',
    );
  const tokens = Float64Array.from(plan.days, (day, d) => {
    if (day < dayNumber(burst.from) || day > dayNumber(burst.to)) return 0;
    const others = plan.tokens.reduce((sum, of) => sum + (of[d] ?? 0), 0);
    return (others * burst.share) / (1 - burst.share);
  });
  return { model, category, tokens };
}

/** The price of a prompt token at which all tokens of the model cost what the world says. */
function promptPrice(plan: Plan, m: number): number {
  const model = plan.models[m] as PlannedModel;
  let tokens = 0;
  let units = 0;
  eachCell(
    plan,
    (cell) => {
      if (cell.model !== m) return;
      const category = plan.world.categories[plan.categories[cell.category] ?? ''];
      tokens += cell.requests * (cell.promptTokens + cell.completionTokens);
      units +=
        cell.requests *
        costUnits(cell.promptTokens, cell.completionTokens, category?.cached ?? 0) *
        (category?.costFactor ?? 1);
    },
    m,
  );
  return units > 0 ? (model.price * tokens) / units / (1 - (model.free ?? 0)) : 0;
}

export interface Cell {
  model: number;
  category: number;
  day: number;
  week: number;
  /** Expected requests, in the world's own unit. */
  requests: number;
  promptTokens: number;
  completionTokens: number;
  burst: boolean;
}

/** Visits every model, category and day with expected traffic; the visited object is reused. */
export function eachCell(plan: Plan, visit: (cell: Cell) => void, only?: number): void {
  const cell: Cell = {
    model: 0,
    category: 0,
    day: 0,
    week: 0,
    requests: 0,
    promptTokens: 0,
    completionTokens: 0,
    burst: false,
  };
  const show = (model: number, category: number, d: number, tokens: number, burst: boolean) => {
    if (tokens <= 0) return;
    const week = plan.weekOfDay[d] ?? 0;
    const length = plan.length[week]?.[category];
    if (!length) return;
    cell.model = model;
    cell.category = category;
    cell.day = d;
    cell.week = week;
    cell.promptTokens = length.promptTokens;
    cell.completionTokens = length.completionTokens;
    cell.requests = tokens / (length.promptTokens + length.completionTokens);
    cell.burst = burst;
    visit(cell);
  };
  for (const [m, tokens] of plan.tokens.entries()) {
    if (only !== undefined && m !== only) continue;
    for (const [d, all] of tokens.entries()) {
      if (all <= 0) continue;
      const shares = plan.mixes[plan.mixOf[m] ?? 0]?.[plan.weekOfDay[d] ?? 0] ?? [];
      for (const [c, share] of shares.entries()) show(m, c, d, all * share, false);
    }
  }
  const { burst } = plan;
  if (burst && (only === undefined || only === burst.model))
    for (const [d, tokens] of burst.tokens.entries()) show(burst.model, burst.category, d, tokens, true);
}

/** Requests of the whole plan, in its own unit. */
export function totalRequests(plan: Plan): number {
  let sum = 0;
  eachCell(plan, (cell) => {
    sum += cell.requests;
  });
  return sum;
}
