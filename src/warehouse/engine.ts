/** DuckDB in process, behind the few calls that the warehouse needs. */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { setting } from '../generation/setting.ts';

export type SqlValue = string | number | boolean | null | SqlValue[] | { [key: string]: SqlValue };
export type SqlRow = Record<string, SqlValue>;

export interface Engine {
  /** Runs one or more statements, the rows of the last one are dropped. */
  run(sql: string): Promise<void>;
  /** Rows with plain JavaScript values: integers as numbers (exact up to 2^53), times and dates as ISO text. */
  query<T extends object = SqlRow>(sql: string): Promise<T[]>;
  /** Several queries at once. They see tables and views, but no temporary ones. */
  queryAll<T extends object = SqlRow>(queries: readonly string[]): Promise<T[][]>;
  /** Progress of the running statement, 0 … 1, or null when the engine cannot tell. */
  progress(): number | null;
  interrupt(): void;
  close(): void;
}

export interface EngineOptions {
  /** DuckDB's memory limit, for example `2GB`. Spills to `tempDir` beyond it. */
  memory?: string;
  tempDir?: string;
  /** Of the processor; without it, and without `STATEAI_THREADS`, one for each core. */
  threads?: number;
}

/**
 * A database in memory: everything durable lies in files that it reads and writes.
 * @throws `bad_setting` where the environment asks for what cannot be
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  // Loaded when it is needed: an import that finds nothing new never does.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const threads = options.threads ?? setting('STATEAI_THREADS', /^[1-9]\d{0,2}$/, '1 to 999, for example 2');
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit:
      options.memory ??
      setting('STATEAI_MEMORY', MEMORY, 'an amount with its unit, for example 4GB') ??
      '1500MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(threads ? { threads: String(threads) } : {}),
    ...(options.tempDir ? { temp_directory: options.tempDir } : { temp_directory: '' }),
  });
  return wrap(instance, [await connect(instance)]);
}

const MEMORY = /^\d+(\.\d+)?\s*[kmgt]i?b$/i;

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run(
    // Files of lake and marts never change under their name, so what their footers say may be kept. A partitioned write
    // holds so many rows a thread before it hands them on: more only costs memory, as row groups are put together later.
    "SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET enable_progress_bar = false; SET parquet_metadata_cache = true; SET partitioned_write_flush_threshold = 61440",
  );
  return connection;
}

async function rowsOf<T extends object>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  const reader = await connection.runAndReadAll(sql);
  const types = reader.columnTypes().map((t) => String(t));
  const names = reader.columnNames();
  return reader.getRowObjectsJson().map((row) => {
    names.forEach((name, i) => {
      const value = row[name];
      if (typeof value === 'string' && /^(U?BIGINT|HUGEINT|UHUGEINT|DECIMAL.*)$/.test(types[i] ?? ''))
        row[name] = Number(value);
    });
    return row as T;
  });
}

function wrap(instance: DuckDBInstance, connections: DuckDBConnection[]): Engine {
  const [connection] = connections as [DuckDBConnection];
  return {
    async run(sql) {
      await connection.run(sql);
    },
    query: (sql) => rowsOf(connection, sql),
    async queryAll<T extends object>(queries: readonly string[]) {
      while (connections.length < queries.length) connections.push(await connect(instance));
      return Promise.all(queries.map((sql, i) => rowsOf<T>(connections[i] as DuckDBConnection, sql)));
    },
    progress() {
      const { percentage } = connection.progress;
      return percentage < 0 ? null : percentage / 100;
    },
    interrupt() {
      for (const each of connections) each.interrupt();
    },
    close() {
      for (const each of connections) each.closeSync();
      instance.closeSync();
    },
  };
}

/** A string as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** A name as an SQL identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A list of files for `read_parquet`, `read_json` … */
export const fileList = (files: readonly string[]): string => `[${files.map(literal).join(', ')}]`;
