/** Makes views in an engine and runs queries over them; what is asked for again stays, the rest goes. */
import { contentHash } from '../generation/ids.ts';
import { type Engine, identifier } from './engine.ts';
import type { View } from './view-input.ts';

interface Made {
  /** Name → the statement that made it. Queries of one dataset mostly need the same. */
  relations: Map<string, string>;
  /** Tables that views may be kept as, the last used last, and whether each is made by now. */
  kept: Map<string, boolean>;
}
const made = new WeakMap<Engine, Made>();

/** Views in use at once are those of a dataset, and of it under a filter that adds to its rows. */
const MOST_KEPT = 2;

/** Makes the views in the engine and runs a query over them; one caller at a time. */
export async function queryViews<T extends object>(
  engine: Engine,
  views: readonly View[],
  sql: string,
): Promise<T[]> {
  const [rows = []] = await queryViewsAtOnce<T>(engine, views, [sql]);
  return rows;
}

/** The same for several queries: each takes but a part of the processors. */
export async function queryViewsAtOnce<T extends object>(
  engine: Engine,
  views: readonly View[],
  queries: readonly string[],
): Promise<T[][]> {
  const { relations, kept } = made.get(engine) ?? { relations: new Map(), kept: new Map() };
  made.set(engine, { relations, kept });
  // A view of an earlier query must not answer for one that this query names and does not get.
  for (const [name, statement] of relations) {
    if (views.some((v) => v.name === name)) continue;
    relations.delete(name);
    await engine.run(`DROP ${kindOf(statement)} ${identifier(name)}`);
  }
  for (const view of views) {
    const sql = view.kept ? await keptOr(engine, kept, view.sql, tableOf(view, views)) : view.sql;
    const statement = `CREATE OR REPLACE ${view.small ? 'TABLE' : 'VIEW'} ${identifier(view.name)} AS ${sql}`;
    if (relations.get(view.name) === statement) continue;
    await engine.run(statement);
    relations.set(view.name, statement);
  }
  return engine.queryAll<T>(queries);
}

/** The query itself where it is asked for the first time; afterwards it is a table, and this reads it. */
async function keptOr(engine: Engine, kept: Made['kept'], sql: string, table: string): Promise<string> {
  const isTable = kept.get(table);
  kept.delete(table);
  kept.set(table, isTable ?? false);
  if (isTable === undefined) {
    for (const [oldest, wasTable] of [...kept].slice(0, -MOST_KEPT)) {
      kept.delete(oldest);
      if (wasTable) await engine.run(`DROP TABLE ${oldest}`);
    }
    return sql;
  }
  if (!isTable && !(await isMade(engine, `CREATE TABLE ${table} AS ${sql}`))) return sql;
  kept.set(table, true);
  return `SELECT * FROM ${table}`;
}

/** What finds no room is read from its files, as before. What is wrong with it, the query says. */
const isMade = (engine: Engine, statement: string): Promise<boolean> =>
  engine.run(statement).then(
    () => true,
    () => false,
  );

/** Named by all that it is made from: its query and the tables that this reads. */
function tableOf({ sql }: View, views: readonly View[]): string {
  const read = views.filter((v) => v.small && new RegExp(`\\b${v.name}\\b`).test(sql));
  return identifier(`kept ${contentHash(sql, ...read.map((v) => v.sql))}`);
}

const kindOf = (statement: string): string => (/^CREATE OR REPLACE TABLE/.test(statement) ? 'TABLE' : 'VIEW');

/** The same as a script that anyone can paste into DuckDB. */
export function scriptOf(views: readonly View[], sql: string): string {
  const make = views.map((v) => `CREATE OR REPLACE TEMP VIEW ${identifier(v.name)} AS\n${v.sql};`);
  return `${["SET TimeZone = 'UTC';", ...make].join('\n\n')}\n\n${sql.trimEnd().replace(/;$/, '')};\n`;
}
