/** The plan as small tables in the engine, from which the records are computed. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentHash } from '../generation/ids.ts';
import { type Engine, identifier, literal } from '../warehouse/engine.ts';
import { uniqueName } from '../warehouse/files.ts';
import type { Adoption } from './adoption.ts';
import { at, dayNumber, isoDay } from './curves.ts';
import {
  accountSlots,
  continentSlots,
  languagesOf,
  SLOTS,
  slots,
  toolReadiness,
  wrongLabelSlots,
} from './draws.ts';
import type { Plan } from './plan.ts';

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

const providerOf = (author: string): string =>
  ({ anthropic: 'Anthropic', google: 'Google', openai: 'OpenAI', 'x-ai': 'xAI' })[author] ?? author;

/** A number without a common divisor with `count`, so that its multiples visit every account once. */
function stride(count: number, m: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  let candidate = Math.max(1, Math.floor(count * 0.618) + m);
  while (gcd(candidate, count) !== 1) candidate++;
  return candidate;
}
