/** Brings the tables up to date: each file of `migrations/` once, in order, forward only, all or nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { StateaiError } from '../generation/errors.ts';
import type { Orm } from './schema.ts';

const DIRECTORY = new URL('./migrations/', import.meta.url);

/** Nodes that start at the same time wait for each other here. @throws `accounts_newer` a later version was here */
export async function migrate(orm: Orm): Promise<void> {
  const files = readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  await orm.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(4141001)`);
    await transaction.execute(sql`create schema if not exists stateai`);
    await transaction.execute(
      sql`create table if not exists stateai.migrations (name text primary key, applied_at timestamptz not null default now())`,
    );
    const answer = await transaction.execute(sql`select name from stateai.migrations`);
    const applied = new Set((answer as unknown as { rows: { name: string }[] }).rows.map((row) => row.name));
    const unknown = [...applied].find((name) => !files.includes(name));
    if (unknown)
      throw new StateaiError(
        'accounts_newer',
        `The accounts database was brought up to ${unknown} by a later version of StateAI`,
        'Run that version, or restore a backup from before.',
      );
    for (const name of files.filter((file) => !applied.has(file))) {
      for (const statement of statementsOf(readFileSync(new URL(name, DIRECTORY), 'utf8')))
        await transaction.execute(sql.raw(statement));
      await transaction.execute(sql`insert into stateai.migrations (name) values (${name})`);
    }
  });
}

/** A file as single statements: they end with `;` at the end of a line, except between two `$$`. */
function statementsOf(text: string): string[] {
  const statements: string[] = [];
  let begun = '';
  for (const line of text.split('\n')) {
    begun += `${line}\n`;
    if (line.trimEnd().endsWith(';') && begun.split('$$').length % 2 === 1) {
      statements.push(begun);
      begun = '';
    }
  }
  return statements;
}
