/**
 * Worlds of your own: a YAML file says how a world differs from the study's. Objects are merged key by key (`null`
 * takes a key away), lists replace; `models` names those that stay, change and come new.
 */
import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { explain, StateaiError } from '../generation/errors.ts';
import { STUDY_WORLD } from './study-world/index.ts';
import type { World, WorldModel } from './world.ts';
import { senseless } from './world-sense.ts';

const Amount = Type.Number({ minimum: 0, maximum: 1e12 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Points = Type.Array(Type.Tuple([Day, Amount]), { minItems: 1 });
const CurveSchema = Type.Union([Amount, Points]);
/** Tokens of a request: none is no request. */
const Length = Type.Number({ minimum: 1, maximum: 1e7 });
const LengthSchema = Type.Union([Length, Type.Array(Type.Tuple([Day, Length]), { minItems: 1 })]);
const strict = { additionalProperties: false } as const;
const Weights = Type.Record(Type.String(), Amount);
const MixSchema = Type.Record(Type.String(), CurveSchema);

const ModelSchema = Type.Object(
  {
    slug: Type.String({ minLength: 1 }),
    price: Amount,
    weight: Amount,
    from: Type.Optional(Day),
    ramp: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    declines: Type.Optional(
      Type.Object(
        { from: Day, halfLife: Type.Number({ exclusiveMinimum: 0 }), to: Type.Optional(Share) },
        strict,
      ),
    ),
    tools: Type.Optional(Amount),
    providers: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    mix: Type.Optional(MixSchema),
    free: Type.Optional(Type.Number({ minimum: 0, maximum: 0.95 })),
  },
  strict,
);
const FitSchema = Type.Object(
  {
    fits: Share,
    lingers: Share,
    returns: Type.Optional(Share),
    newcomers: Type.Optional(Share),
    away: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  strict,
);
const WorldSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,40}$' }),
    description: Type.String({ maxLength: 300 }),
    from: Day,
    to: Day,
    labelsFrom: Day,
    volume: Type.Union([
      Type.Number({ exclusiveMinimum: 0 }),
      Type.Array(Type.Tuple([Day, Type.Number({ exclusiveMinimum: 0 })]), { minItems: 1 }),
    ]),
    weekend: Amount,
    groups: Type.Object(
      { closed: CurveSchema, 'open-chinese': CurveSchema, 'open-row': CurveSchema },
      strict,
    ),
    authors: Type.Record(Type.String(), Type.Object({ weight: CurveSchema, mix: MixSchema }, strict)),
    models: Type.Array(ModelSchema, { minItems: 1 }),
    categories: Type.Record(
      Type.String(),
      Type.Object(
        {
          promptTokens: Type.Union([LengthSchema, Type.Null()]),
          completionFactor: Type.Number({ minimum: 0.001, maximum: 1000 }),
          cached: Share,
          costFactor: Amount,
          toolFactor: Amount,
          paths: Weights,
        },
        strict,
      ),
    ),
    promptTokens: LengthSchema,
    completionTokens: LengthSchema,
    reasoningPart: Share,
    toolsOffered: CurveSchema,
    toolCalls: CurveSchema,
    places: Type.Record(Type.String(), Type.Object({ weight: CurveSchema, countries: Weights }, strict)),
    languages: Type.Record(
      Type.String(),
      Type.Object({ share: Share, countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' })) }, strict),
    ),
    apps: Weights,
    fits: Type.Record(Type.String(), Type.Record(Type.String(), FitSchema)),
    accounts: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    generationsPerAccountMonth: Type.Number({ minimum: 1 }),
    accountSkew: Type.Number({ minimum: 0.1, maximum: 20 }),
    byokAccounts: Share,
    wrongLabels: Share,
    unsureLabels: Share,
    burst: Type.Union([
      Type.Object(
        { from: Day, to: Day, model: Type.String(), share: Type.Number({ minimum: 0, maximum: 0.9 }) },
        strict,
      ),
      Type.Null(),
    ]),
  },
  strict,
);
// The schema and the type must say the same.
export const sameShape = (world: Static<typeof WorldSchema>): World => world;

/** What a file may say of models; each model is looked at once it is whole. */
const ModelsSchema = Type.Object(
  {
    keep: Type.Optional(Type.Array(Type.String())),
    change: Type.Optional(Type.Record(Type.String(), Type.Object({}))),
    add: Type.Optional(Type.Array(Type.Object({}))),
  },
  strict,
);

interface ModelChanges {
  keep?: string[];
  change?: Record<string, Partial<WorldModel>>;
  add?: WorldModel[];
}

/** @throws `bad_world` naming what is wrong and where */
export function readWorld(path: string): World {
  let given: unknown;
  try {
    given = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const known = explain(error, `Reading ${path}`);
    throw known.code === 'failed' ? bad(path, known.message) : known;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw bad(path, 'it is not a mapping of names to values');
  const { models, ...changes } = given as Record<string, unknown>;
  if (!Value.Check(ModelsSchema, models ?? {}))
    throw bad(path, 'models are changed by keep (a list), change (slug → what is other) and add (a list)');
  const world = {
    ...(merge(STUDY_WORLD as unknown as Plain, changes as Plain) as unknown as World),
    models: changedModels(path, (models ?? {}) as ModelChanges),
  };
  return checkWorld(world, path);
}

/** @throws `bad_world` */
export function checkWorld(world: World, path: string): World {
  if (!Value.Check(WorldSchema, world)) {
    const deepest = [...Value.Errors(WorldSchema, world)].sort(
      (a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length,
    )[0];
    const where = deepest?.instancePath.slice(1).replaceAll('/', ' → ') || 'the world';
    const unknown = deepest?.keyword === 'boolean' || deepest?.keyword === 'additionalProperties';
    throw bad(path, `${where} ${unknown ? 'is not a key of a world' : (deepest?.message ?? 'is not right')}`);
  }
  const wrong = senseless(world);
  if (wrong) throw bad(path, wrong);
  return world;
}

type Plain = { [key: string]: unknown };
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys that may be null themselves, so that null does not take them away. */
const NULLABLE = new Set(['burst', 'accounts', 'promptTokens']);

function merge(base: Plain, changes: Plain): Plain {
  const out = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    if (key === '__proto__') continue;
    if (value === null && !NULLABLE.has(key)) delete out[key];
    else out[key] = isPlain(value) && isPlain(base[key]) ? merge(base[key], value) : value;
  }
  return out;
}

function changedModels(path: string, changes: ModelChanges): WorldModel[] {
  const known = new Set(STUDY_WORLD.models.map((m) => m.slug));
  for (const slug of [...(changes.keep ?? []), ...Object.keys(changes.change ?? {})])
    if (!known.has(slug))
      throw bad(
        path,
        `models: ${slug} is not a model of the study’s world; add it with its price and weight`,
      );
  return [
    ...STUDY_WORLD.models
      .filter((m) => !changes.keep || changes.keep.includes(m.slug))
      .map((m) => ({ ...m, ...changes.change?.[m.slug] })),
    ...(changes.add ?? []),
  ];
}

const bad = (path: string, what: string): StateaiError =>
  new StateaiError('bad_world', `${path}: ${what}`, 'Examples of worlds lie in examples/worlds/.');
