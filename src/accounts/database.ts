/**
 * The database of the accounts, through Drizzle: PGlite in a directory (one process at a time), or PostgreSQL by URL
 * (as many nodes as you like). Nothing that was sent to it gets into an error message.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { explain, isStateaiError } from '../generation/errors.ts';
import { lockDirectory } from './data-lock.ts';
import { unavailable } from './errors.ts';
import { migrate } from './migrate.ts';

export type Orm = PgDatabase<PgQueryResultHKT, Record<string, never>>;

export interface Database {
  orm: Orm;
  /** Runs something on the database. @throws `accounts_unavailable` when it cannot be asked */
  ask<T>(work: (orm: Orm) => Promise<T>): Promise<T>;
  /** The rows of a statement. */
  rows<T>(statement: SQL): Promise<T[]>;
  close(): Promise<void>;
}

export interface Place {
  /** `postgres://…`; null or absent: PGlite in `dataDir`. */
  databaseUrl?: string | null;
  /** The data directory; null: in memory, for tests. */
  dataDir: string | null;
  /** How long to wait for another process that has the directory open, milliseconds. */
  waitMs?: number;
}

/**
 * Opens the database and brings its tables up to date.
 * @throws `accounts_unavailable`, `accounts_in_use` (another process has the directory open), `accounts_newer`
 */
export async function openDatabase(place: Place): Promise<Database> {
  return place.databaseUrl ? openPostgres(place.databaseUrl) : openPglite(place.dataDir, place.waitMs ?? 0);
}

// Either driver is loaded only where it is used: PGlite alone takes some 300 MB.
async function openPostgres(url: string): Promise<Database> {
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
  return prepared(drizzle({ client: pool }) as unknown as Orm, () => pool.end());
}

async function openPglite(dataDir: string | null, waitMs: number): Promise<Database> {
  const [{ PGlite }, { drizzle }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('drizzle-orm/pglite'),
  ]);
  if (dataDir === null) {
    const memory = new PGlite();
    return prepared(drizzle({ client: memory }) as unknown as Orm, () => memory.close());
  }
  const directory = join(dataDir, 'accounts');
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explain(error, `Creating ${directory}`);
  }
  const unlock = await lockDirectory(directory, waitMs);
  try {
    const client = await PGlite.create(join(directory, 'pg'));
    return await prepared(drizzle({ client }) as unknown as Orm, async () => {
      await client.close();
      await unlock();
    });
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function prepared(orm: Orm, end: () => Promise<void>): Promise<Database> {
  const database = databaseOf(orm, end);
  try {
    await database.ask(migrate);
    return database;
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
}

function databaseOf(orm: Orm, end: () => Promise<void>): Database {
  let closing: Promise<void> | null = null;
  const ask = async <T>(work: (orm: Orm) => Promise<T>): Promise<T> => {
    try {
      return await work(orm);
    } catch (error) {
      throw readable(error);
    }
  };
  return {
    orm,
    ask,
    rows: async <T>(statement: SQL) =>
      ((await ask((o) => o.execute(statement))) as unknown as { rows: T[] }).rows,
    close() {
      closing ??= end();
      return closing;
    },
  };
}

/** SQLSTATE classes that speak of the question, not of the database: 22 data, 23 constraints, 42 syntax and rights. */
const OUR_FAULT = /^(22|23|42)/;

/**
 * What the driver threw, without the statement and its values: `accounts_unavailable`, or for errors of ours the
 * driver's error itself, whose `code` tells a broken constraint (23505).
 */
function readable(error: unknown): unknown {
  if (isStateaiError(error)) return error;
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (isStateaiError(inner)) return inner;
  const { code } = inner as { code?: unknown };
  if (typeof code === 'string' && OUR_FAULT.test(code)) return inner;
  return unavailable(reason(inner, code), 1, inner);
}

function reason(error: unknown, code: unknown): string {
  if (typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code)) return code;
  const text = error instanceof Error ? error.message : '';
  if (/timeout/i.test(text)) return 'no answer in time';
  return /terminated|closed|ended/i.test(text) ? 'connection closed' : 'no connection';
}
