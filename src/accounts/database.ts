/**
 * The database of the accounts, through Drizzle: PGlite in a directory (one process at a time), or PostgreSQL by URL
 * (as many nodes as you like). Nothing that was sent to it gets into an error message.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQL } from 'drizzle-orm';
import { explain, isStateaiError, StateaiError } from '../generation/errors.ts';
import { type ComingUp, comeUp } from './coming-up.ts';
import { compileOnce } from './compile-once.ts';
import { lockDirectory } from './data-lock.ts';
import { unavailable } from './errors.ts';
import { migrate } from './migrate.ts';
import { newDatabase, placeNewDatabase } from './new-database.ts';
import type { Orm } from './schema.ts';

export interface Database {
  orm: Orm;
  /** Runs something on the database. @throws `accounts_unavailable` when it cannot be asked */
  ask<T>(work: (orm: Orm) => Promise<T>): Promise<T>;
  /** The rows of a statement. */
  rows<T>(statement: SQL): Promise<T[]>;
  /** Why it could not be reached since it was opened; null: it was. */
  trouble(): string | null;
  close(): Promise<void>;
}

export interface Place {
  /** `postgres://…`; null or absent: PGlite in `dataDir`. */
  databaseUrl?: string | null;
  /** The data directory; null: in memory, for tests. */
  dataDir: string | null;
  /** How long to wait for another process that has the directory open, milliseconds. */
  waitMs?: number;
  /**
   * With it, a PostgreSQL that cannot be reached yet does not fail the opening: questions throw
   * `accounts_unavailable` until it is there. Hears why, and null as soon as it is reached.
   */
  whileAway?(trouble: string | null): void;
}

/**
 * Opens the database and brings its tables up to date.
 * @param fill what the tables hold from the start; may be done again
 * @throws `accounts_unavailable`, `accounts_in_use` (another process has the directory open), `accounts_newer`, `bad_setting`
 */
export async function openDatabase(place: Place, fill: Fill): Promise<Database> {
  return place.databaseUrl
    ? openPostgres(place.databaseUrl, fill, place.whileAway ?? null)
    : compileOnce(() => openPglite(place.dataDir, place.waitMs ?? 0, fill));
}
type Fill = (orm: Orm) => Promise<unknown>;

// Either driver is loaded only where it is used: PGlite alone takes some 150 MB.
async function openPostgres(
  url: string,
  fill: Fill,
  whileAway: Place['whileAway'] | null,
): Promise<Database> {
  // The address may hold a password: it is not repeated.
  if (!/^(postgres(ql)?:\/\/|socket:|\/)/i.test(url))
    throw new StateaiError(
      'bad_setting',
      'The database of the accounts has an address that is none of PostgreSQL',
      'Set STATEAI_DATABASE_URL to postgres://user:password@host:5432/database.',
    );
  const [{ default: pg }, { drizzle }] = await Promise.all([
    import('pg'),
    import('drizzle-orm/node-postgres'),
  ]);
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: 3000,
    query_timeout: 10_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'stateai',
    // A process that does nothing else may end.
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is taken out of the pool; the next question opens another.
  pool.on('error', () => undefined);
  // One that breaks in the middle of a transaction fails that; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return prepared(drizzle({ client: pool }) as unknown as Orm, fill, () => pool.end(), whileAway);
}

/** All of the accounts fit into little memory; the usual 128 MB cost half a second at each start. */
const startWith = ({ defaultStartParams }: { defaultStartParams: string[] }) => ({
  startParams: [...defaultStartParams, '-c', 'shared_buffers=16MB'],
});

async function openPglite(dataDir: string | null, waitMs: number, fill: Fill): Promise<Database> {
  const [{ PGlite }, { drizzle }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('drizzle-orm/pglite'),
  ]);
  if (dataDir === null) {
    const memory = await PGlite.create({ loadDataDir: new Blob([newDatabase()]), ...startWith(PGlite) });
    return prepared(drizzle({ client: memory }) as unknown as Orm, fill, () => memory.close());
  }
  const directory = join(dataDir, 'accounts');
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explain(error, `Creating ${directory}`);
  }
  const unlock = await lockDirectory(directory, waitMs);
  try {
    placeNewDatabase(join(directory, 'pg'));
    const client = await PGlite.create(join(directory, 'pg'), startWith(PGlite));
    return await prepared(drizzle({ client }) as unknown as Orm, fill, async () => {
      await client.close();
      await unlock();
    });
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function prepared(
  orm: Orm,
  fill: Fill,
  end: () => Promise<void>,
  whileAway: Place['whileAway'] | null = null,
): Promise<Database> {
  const prepare = () =>
    readably(async () => {
      await migrate(orm);
      await fill(orm);
    });
  try {
    if (whileAway) return databaseOf(orm, end, await comeUp(prepare, whileAway));
    await prepare();
    return databaseOf(orm, end, null);
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
}

function databaseOf(orm: Orm, end: () => Promise<void>, comingUp: ComingUp | null): Database {
  let closing: Promise<void> | null = null;
  const ask = async <T>(work: (orm: Orm) => Promise<T>): Promise<T> => {
    comingUp?.check();
    return readably(() => work(orm));
  };
  return {
    orm,
    ask,
    rows: async <T>(statement: SQL) =>
      ((await ask((o) => o.execute(statement))) as unknown as { rows: T[] }).rows,
    trouble: () => comingUp?.trouble() ?? null,
    close() {
      comingUp?.stop();
      closing ??= end();
      return closing;
    },
  };
}

async function readably<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw readable(error);
  }
}

/** SQLSTATE classes that speak of the question, not of the database: 22 data, 23 constraints, 42 syntax and rights. */
const OUR_FAULT = /^(22|23|42)/;
/** The one character that the database cannot keep; it may come in any name or id. */
const NUL_IN_TEXT = '22021';

/**
 * What the driver threw, without the statement and its values: `accounts_unavailable`, or for errors of ours the
 * driver's error itself, whose `code` tells a broken constraint (23505).
 */
function readable(error: unknown): unknown {
  if (isStateaiError(error)) return error;
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (isStateaiError(inner)) return inner;
  const { code } = inner as { code?: unknown };
  if (code === NUL_IN_TEXT)
    return new StateaiError('bad_value', 'A text holds a NUL character', 'Leave it out.');
  if (typeof code === 'string' && OUR_FAULT.test(code)) return inner;
  return unavailable(reason(inner, code), 1, inner);
}

function reason(error: unknown, code: unknown): string {
  if (typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code)) return code;
  const text = error instanceof Error ? error.message : '';
  if (/timeout/i.test(text)) return 'no answer in time';
  return /terminated|closed|ended/i.test(text) ? 'connection closed' : 'no connection';
}
