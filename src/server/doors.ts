/** Every door over HTTP: what came through it and when, what it refused and why, what its data can show. */
import { type Static, Type, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { exhibitsOf } from '../exhibits/registry.ts';
import type { DoorField } from '../ingest/door.ts';
import { fieldsOf, LIVE_DOORS } from '../ingest/door-fields.ts';
import { type DoorCounts, readDoorCounts } from '../ingest/door-log.ts';
import { SOURCES } from '../ingest/pull/sources.ts';
import { FORMATS } from '../ingest/registry.ts';
import { readWatches, type Watch } from '../ingest/watch-state.ts';
import { type Manifest, readManifest } from '../warehouse/manifest.ts';
import type { Context } from './context.ts';
import { coverageOf, fieldsWith } from './door-coverage.ts';
import { guideOf } from './guides.ts';

const Time = Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);
const Count = Type.Union([Type.Integer(), Type.Null()], { description: 'null = not known' });

const WatchSchema = Type.Object({
  running: Type.Boolean({ description: 'false: it gave no sign for a while and has stopped' }),
  paths: Type.Array(Type.String()),
  everySeconds: Type.Number(),
  startedAt: Type.String(),
  lastSignAt: Type.String(),
  runs: Type.Integer(),
  lastRunAt: Time,
  lastBrought: Type.Union([Type.Object({ at: Type.String(), rows: Type.Integer() }), Type.Null()]),
  lastError: Type.Union([Type.Object({ at: Type.String(), message: Type.String() }), Type.Null()]),
});

const DoorSchema = Type.Object({
  door: Type.String(),
  summary: Type.Union([Type.String(), Type.Null()]),
  guide: Type.Union([Type.String(), Type.Null()], { description: 'address of its guide on this server' }),
  source: Type.Union([Type.Object({ format: Type.String(), example: Type.String() }), Type.Null()], {
    description: 'where it can be fetched from a URL: the format to name and an example',
  }),
  kind: Type.String({ description: 'live: open while the server runs; else how files of it are read' }),
  state: Type.Union(
    [
      Type.Literal('unused'),
      Type.Literal('watching'),
      Type.Literal('active'),
      Type.Literal('quiet'),
      Type.Literal('stopped'),
      Type.Literal('trouble'),
    ],
    {
      description:
        'trouble: the last run of a watch failed. stopped: a watch ended without saying so. watching: a watch runs. active: something came within the last hour. quiet: nothing did',
    },
  ),
  lastRecordAt: Time,
  lastSeenAt: Time,
  lagMs: Type.Union([Type.Number(), Type.Null()], { description: 'age of the newest record' }),
  accepted: Count,
  duplicates: Count,
  ignored: Count,
  rejected: Count,
  reasons: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer() })),
  rejectsFile: Type.Union([Type.String(), Type.Null()], {
    description: 'name of the newest file in the dataset’s rejects folder',
  }),
  watches: Type.Array(WatchSchema),
  has: Type.Union([Type.Array(Type.String()), Type.Null()], {
    description: 'fields that its data can carry, with what a join file adds; null = as its mapping says',
  }),
  drawn: Type.Array(Type.String(), { description: 'exhibits that its data alone can show' }),
  missing: Type.Array(Type.Object({ field: Type.String(), exhibits: Type.Array(Type.String()) })),
});
const AnswerSchema = Type.Object({
  dataset: Type.String(),
  at: Type.String(),
  exhibits: Type.Integer({ description: 'how many there are' }),
  doors: Type.Array(DoorSchema),
});

export type DoorStatus = Static<typeof DoorSchema>;
export type DoorsAnswer = Static<typeof AnswerSchema>;

/** Something that came so lately is still coming. */
const ACTIVE_MS = 3_600_000;

export const doors = (context: Context) => async (base: FastifyInstance) => {
  const app = base.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/doors',
    {
      schema: {
        querystring: Type.Object({
          dataset: Type.Optional(Type.String({ description: 'default: live' })),
        }),
        response: { 200: AnswerSchema },
      },
    },
    async ({ query }) => doorsOf(context, query.dataset ?? 'live'),
  );
};

async function doorsOf({ warehouse, dataDir }: Context, dataset: string): Promise<DoorsAnswer> {
  const { layout } = warehouse.dataset(dataset);
  const [counts, watches, manifest] = await Promise.all([
    readDoorCounts(layout),
    readWatches(layout),
    readManifest(layout),
  ]);
  const exhibits = exhibitsOf(dataDir);
  const withJoined = fieldsWith(manifest.accounts);
  const now = Date.now();
  const status = ({ door, kind, has: stated, summary }: Known): DoorStatus => {
    const has = stated && withJoined(stated);
    const counted = counts.find((c) => c.door === door) ?? null;
    const own = watches.filter((w) => w.door === door);
    const newest = counted ? counted.newest : newestInLake(manifest, door);
    return {
      door,
      summary,
      guide: guideOf(door, kind),
      source: sourceOf(door),
      kind,
      state: stateOf(counted, newest, own, now),
      lastRecordAt: iso(newest),
      lastSeenAt: iso(counted?.lastSeen ?? null),
      lagMs: newest === null ? null : Math.max(0, now - newest),
      ...amounts(counted),
      reasons: counted?.reasons ?? [],
      rejectsFile: counted?.rejectsFile ?? null,
      watches: own.map(told),
      has: has ? [...has] : null,
      ...(has ? coverageOf(has, exhibits) : { drawn: [], missing: [] }),
    };
  };
  const known = allDoors();
  const others = counts.filter((c) => !known.some((k) => k.door === c.door));
  return {
    dataset,
    at: new Date(now).toISOString(),
    exhibits: exhibits.length,
    doors: [...known, ...others.map(({ door }) => ({ door, kind: 'other', summary: null, has: null }))].map(
      status,
    ),
  };
}

function sourceOf(door: string): DoorStatus['source'] {
  const source = SOURCES.find((s) => (s.rowsAs ?? s.format) === door);
  // Some examples go on in words.
  return source ? { format: source.format, example: source.example.split(' ')[0] ?? '' } : null;
}

interface Known {
  door: string;
  kind: string;
  summary: string | null;
  has: readonly DoorField[] | null;
}

const allDoors = (): Known[] => [
  ...LIVE_DOORS.map(({ door, has }) => ({ door, kind: 'live', summary: null, has })),
  ...FORMATS.map((f) => ({ door: f.format, kind: f.kind, summary: f.summary, has: fieldsOf(f) })),
];

/** What came in before doors were counted is known by its time alone. */
function newestInLake(manifest: Manifest, door: string): number | null {
  const times = manifest.lake.filter((f) => f.sources.includes(door)).map((f) => Date.parse(f.to));
  return times.length > 0 ? Math.max(...times) : null;
}

function amounts(counted: DoorCounts | null) {
  if (!counted) return { accepted: null, duplicates: null, ignored: null, rejected: null };
  const { accepted, duplicates, ignored, rejected } = counted;
  return { accepted, duplicates, ignored, rejected };
}

function stateOf(
  counted: DoorCounts | null,
  newest: number | null,
  watches: readonly Watch[],
  now: number,
): DoorStatus['state'] {
  if (watches.some((w) => w.running && w.lastError)) return 'trouble';
  if (watches.some((w) => w.running)) return 'watching';
  if (watches.length > 0) return 'stopped';
  if (!counted && newest === null) return 'unused';
  return counted && now - counted.lastSeen < ACTIVE_MS ? 'active' : 'quiet';
}

const told = (w: Watch): Static<typeof WatchSchema> => ({
  running: w.running,
  paths: w.paths,
  everySeconds: w.everyMs / 1000,
  startedAt: new Date(w.startedAt).toISOString(),
  lastSignAt: new Date(w.beatAt).toISOString(),
  runs: w.runs,
  lastRunAt: iso(w.lastRunAt),
  lastBrought: w.lastBrought && { ...w.lastBrought, at: new Date(w.lastBrought.at).toISOString() },
  lastError: w.lastError && { ...w.lastError, at: new Date(w.lastError.at).toISOString() },
});

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
