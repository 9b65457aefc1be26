/** Makes the records of a plan, month by month, in the engine: SQL over small tables, one hash a draw. */
import { readFileSync } from 'node:fs';
import { type Engine, literal } from '../warehouse/engine.ts';
import { type Adoption, FAITHFUL } from './adoption.ts';
import { CACHED_DISCOUNT, COMPLETION_PRICE, type Plan } from './plan.ts';
import { layTables } from './tables.ts';

const sql = (name: string): string => readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8');

export interface Dice {
  seed: number;
  generations: number;
  /** Part of the generations of a labelled month that is sampled. */
  sampleRate: number;
  /** Generations for one request of the plan's unit. */
  scale: number;
}

export interface Generator {
  /** First days of the months that have records, and how many each has. */
  months: { month: string; generations: number }[];
  /** Prepares a month and answers the relation of its records (the lake's columns). */
  month(month: string): Promise<string>;
  /** Drops the tables. */
  close(): Promise<void>;
}

/** @param directory for small files; deleted by the caller */
export async function openGenerator(
  engine: Engine,
  directory: string,
  plan: Plan,
  adoption: Adoption,
  dice: Dice,
): Promise<Generator> {
  const { world } = plan;
  await layTables(engine, directory, plan, adoption, dice.scale);
  await engine.run(`CREATE OR REPLACE TEMP TABLE sim_settings AS SELECT
    ${dice.seed}::BIGINT AS seed, (hash(${dice.seed}) % 1000000000000000)::BIGINT AS salt, ${dice.generations}::BIGINT AS generations, ${adoption.accounts}::BIGINT AS accounts,
    ${world.byokAccounts}::DOUBLE AS byok, ${world.accountSkew}::DOUBLE AS skew, ${world.reasoningPart}::DOUBLE AS reasoning_part,
    DATE ${literal(world.labelsFrom)} AS labels_from, ${dice.sampleRate}::DOUBLE AS rate,
    ${world.wrongLabels}::DOUBLE AS wrong, ${world.unsureLabels}::DOUBLE AS unsure, ${FAITHFUL}::DOUBLE AS faithful,
    ${CACHED_DISCOUNT}::DOUBLE AS cached_discount, ${COMPLETION_PRICE}::DOUBLE AS completion_price`);
  await engine.run(sql('accounts'));
  await engine.run(sql('cells'));
  const months = await engine.query<{ month: string; generations: number }>(
    'SELECT month::VARCHAR AS month, sum(n)::BIGINT AS generations FROM sim_cells GROUP BY ALL ORDER BY month',
  );
  return {
    months,
    async month(month) {
      await engine.run(`CREATE OR REPLACE TEMP TABLE sim_month AS SELECT DATE ${literal(month)} AS month`);
      for (const name of ['active', 'crews', 'month-cells']) await engine.run(sql(name));
      return sql('generations');
    },
    async close() {
      const tables = await engine.query<{ name: string }>(
        "SELECT table_name AS name FROM duckdb_tables() WHERE temporary AND table_name LIKE 'sim\\_%' ESCAPE '\\'",
      );
      for (const { name } of tables) await engine.run(`DROP TABLE ${name}`);
    },
  };
}
