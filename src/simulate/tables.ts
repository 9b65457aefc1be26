/** The plan as small tables in the engine, from which the records are computed. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentHash } from '../generation/ids.ts';
import { type Engine, identifier, literal } from '../warehouse/engine.ts';
import { uniqueName } from '../warehouse/files.ts';
import type { Adoption } from './adoption.ts';
import { at, dayNumber, isoDay } from './curves.ts';
import type { Plan } from './plan.ts';
import type { WorldModel } from './world.ts';

/** Draws from a short list are made by slot: as many slots as its share of this number. */
const SLOTS = 1024;
const MIX_SLOTS = 64;
const CONTINENT_SLOTS = 512;
const PROVIDER_SLOTS = 64;

type Value = string | number | boolean | null;

/** Makes a table of rows with the given columns (name and type). */
async function table(
  engine: Engine,
  directory: string,
  name: string,
  columns: Record<string, string>,
  rows: readonly (readonly Value[])[],
): Promise<void> {
  const path = join(directory, `${name}-${uniqueName()}.csv`);
  const cell = (value: Value) => (typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : value);
  await writeFile(path, `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`, { mode: 0o600 });
  const types = Object.entries(columns).map(([n, type]) => `${literal(n)}: ${literal(type)}`);
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${identifier(`sim_${name}`)} AS SELECT * FROM read_csv(${literal(path)}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${types.join(', ')}})`,
  );
  await rm(path);
}

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

/** Lays all tables that do not depend on the month. @param scale generations for one request of the plan's unit */
export async function layTables(
  engine: Engine,
  directory: string,
  plan: Plan,
  adoption: Adoption,
  scale: number,
): Promise<void> {
  const put = (name: string, columns: Record<string, string>, rows: readonly (readonly Value[])[]) =>
    table(engine, directory, name, columns, rows);
  await layModels(put, plan, adoption);
  await layTraffic(put, plan, scale);
  await layCategories(put, plan);
  await layPlaces(put, plan);
}

type Put = (
  name: string,
  columns: Record<string, string>,
  rows: readonly (readonly Value[])[],
) => Promise<void>;

async function layModels(put: Put, plan: Plan, adoption: Adoption): Promise<void> {
  await put(
    'models',
    {
      m: 'SMALLINT',
      slug: 'VARCHAR',
      prompt_price: 'DOUBLE',
      reasoning: 'BOOLEAN',
      free: 'DOUBLE',
      tools: 'DOUBLE',
      stride: 'BIGINT',
      shift: 'BIGINT',
    },
    plan.models.map((model, m) => [
      m,
      model.slug,
      model.promptPrice,
      model.reasoning,
      model.free ?? 0,
      toolReadiness(model),
      stride(adoption.accounts, m),
      Number.parseInt(contentHash(model.slug).slice(0, 8), 16) % adoption.accounts,
    ]),
  );
  await put(
    'providers',
    { m: 'SMALLINT', slot: 'SMALLINT', provider: 'VARCHAR' },
    plan.models.flatMap((model, m) =>
      slots(
        (model.providers ?? [providerOf(model.author)]).map((p) => [p, 1] as const),
        PROVIDER_SLOTS,
      ).map((provider, slot): Value[] => [m, slot, provider]),
    ),
  );
  await put(
    'cohorts',
    {
      m: 'SMALLINT',
      month: 'DATE',
      first: 'BIGINT',
      accounts: 'BIGINT',
      fits: 'DOUBLE',
      returns: 'DOUBLE',
      away: 'SMALLINT',
      lingers: 'DOUBLE',
    },
    adoption.cohorts.map(({ model, month, first, accounts, fit }) => [
      model,
      isoDay(adoption.months[month] ?? 0),
      first,
      accounts,
      fit.fits,
      fit.returns,
      fit.away,
      fit.lingers,
    ]),
  );
}

/** Expected tokens by model and day, what they are about by week, and how long requests are. */
async function layTraffic(put: Put, plan: Plan, scale: number): Promise<void> {
  const { world, categories, weeks } = plan;
  const day = (d: number) => isoDay(plan.days[d] ?? 0);
  const tokens: Value[][] = [];
  for (const [m, of] of plan.tokens.entries())
    for (const [d, n] of of.entries()) if (n > 0) tokens.push([m, plan.mixOf[m] ?? 0, day(d), n * scale]);
  await put('tokens', { m: 'SMALLINT', mix: 'SMALLINT', day: 'DATE', tokens: 'DOUBLE' }, tokens);
  await put(
    'burst',
    { m: 'SMALLINT', c: 'SMALLINT', day: 'DATE', tokens: 'DOUBLE' },
    [...(plan.burst?.tokens ?? [])].flatMap((n, d) =>
      n > 0 ? [[plan.burst?.model ?? 0, plan.burst?.category ?? 0, day(d), n * scale]] : [],
    ),
  );
  await put(
    'mixes',
    { mix: 'SMALLINT', week: 'DATE', c: 'SMALLINT', share: 'DOUBLE' },
    plan.mixes.flatMap((byWeek, mix) =>
      byWeek.flatMap((shares, w) =>
        shares.flatMap((share, c): Value[][] => (share > 0 ? [[mix, isoDay(weeks[w] ?? 0), c, share]] : [])),
      ),
    ),
  );
  await put(
    'weeks',
    {
      week: 'DATE',
      c: 'SMALLINT',
      prompt_mean: 'DOUBLE',
      completion_mean: 'DOUBLE',
      cached: 'DOUBLE',
      cost_factor: 'DOUBLE',
      offers: 'DOUBLE',
      calls: 'DOUBLE',
    },
    plan.length.flatMap((lengths, w) =>
      lengths.map((length, c): Value[] => {
        const category = world.categories[categories[c] ?? ''];
        const middle = (weeks[w] ?? 0) + 3;
        return [
          isoDay(weeks[w] ?? 0),
          c,
          length.promptTokens,
          length.completionTokens,
          category?.cached ?? 0,
          category?.costFactor ?? 1,
          at(world.toolsOffered, middle) * (category?.toolFactor ?? 1),
          Math.min(0.95, at(world.toolCalls, middle)),
        ];
      }),
    ),
  );
}

/** Content paths of each category, and what a wrong label says instead. */
async function layCategories(put: Put, plan: Plan): Promise<void> {
  const { world, categories, weeks } = plan;
  await put(
    'paths',
    { c: 'SMALLINT', slot: 'SMALLINT', path: 'VARCHAR', second: 'VARCHAR' },
    categories.flatMap((name, c) =>
      slots(Object.entries(world.categories[name]?.paths ?? {}), SLOTS).map((path, i): Value[] => {
        const [first = '', second = null] = path.split(' + ');
        return [c, i, first, second];
      }),
    ),
  );
  await put(
    'wrong',
    { mix: 'SMALLINT', week: 'DATE', slot: 'SMALLINT', c: 'SMALLINT' },
    plan.mixes.flatMap((_, mix) =>
      weeks.flatMap((week, w) =>
        week + 6 < dayNumber(world.labelsFrom)
          ? []
          : wrongLabelSlots(plan, mix, w).map((c, slot): Value[] => [mix, isoDay(week), slot, c]),
      ),
    ),
  );
}

async function layPlaces(put: Put, plan: Plan): Promise<void> {
  const { world } = plan;
  const continents = Object.keys(world.places);
  await put(
    'continents',
    { week: 'DATE', slot: 'SMALLINT', continent: 'TINYINT' },
    plan.weeks.flatMap((week) => continentSlots(plan, week).map((c, i): Value[] => [isoDay(week), i, c])),
  );
  await put(
    'countries',
    { slot: 'SMALLINT', continent: 'TINYINT', country: 'VARCHAR' },
    accountSlots(plan).map(({ continent, country }, slot) => [slot, continent, country]),
  );
  await put(
    'languages',
    { country: 'VARCHAR', slot: 'SMALLINT', language: 'VARCHAR' },
    continents.flatMap((name) =>
      Object.keys(world.places[name]?.countries ?? {}).flatMap((country) =>
        slots(languagesOf(plan, country), SLOTS).map((language, i): Value[] => [country, i, language]),
      ),
    ),
  );
  await put(
    'apps',
    { slot: 'SMALLINT', app: 'VARCHAR' },
    slots(Object.entries(world.apps), SLOTS).map((app, i) => [i, app]),
  );
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
export function requestMix(plan: Plan, mix: number, week: number): number[] {
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

const providerOf = (author: string): string =>
  ({ anthropic: 'Anthropic', google: 'Google', openai: 'OpenAI', 'x-ai': 'xAI' })[author] ?? author;

/** A number without a common divisor with `count`, so that its multiples visit every account once. */
function stride(count: number, m: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  let candidate = Math.max(1, Math.floor(count * 0.618) + m);
  while (gcd(candidate, count) !== 1) candidate++;
  return candidate;
}
