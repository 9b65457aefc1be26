/** Which accounts a dataset knows, and how much of it they stand for. */
import { join } from 'node:path';
import { type Engine, literal } from './engine.ts';
import type { Layout } from './layout.ts';
import { readManifest } from './manifest.ts';
import { ACCOUNT_MONTHS } from './mart-definitions.ts';
import { martSource } from './mart-source.ts';

async function totals(layout: Layout): Promise<string> {
  const manifest = await readManifest(layout);
  const uses = martSource({ manifest, layout }, ACCOUNT_MONTHS, ['account', 'total_tokens']);
  return `SELECT account, sum(total_tokens)::DOUBLE AS tokens FROM (${uses}) GROUP BY account`;
}

/** Those of some pseudonyms that occur in the dataset. */
export async function knownAmong(
  engine: Engine,
  layout: Layout,
  pseudonyms: readonly string[],
): Promise<Set<string>> {
  if (pseudonyms.length === 0) return new Set();
  const found = await engine.query<{ account: string }>(
    `SELECT account FROM (${await totals(layout)}) WHERE account IN (SELECT unnest([${pseudonyms.map(literal).join(', ')}]))`,
  );
  return new Set(found.map((f) => f.account));
}

export interface JoinCoverage {
  /** Accounts of the join file, and those of them that occur in the dataset. */
  accounts: number;
  known: number;
  countries: number;
  teams: number;
  classes: number;
  /** Share of all tokens that the known ones stand for; null where there are no records. */
  tokenShare: number | null;
}

/** What the join file of a dataset reaches; null when there is none. */
export async function joinCoverage(engine: Engine, layout: Layout): Promise<JoinCoverage | null> {
  const { accounts } = await readManifest(layout);
  if (!accounts) return null;
  const [found] = await engine.query<JoinCoverage>(`
    WITH totals AS (${await totals(layout)}),
    joined AS (
      SELECT a.*, t.tokens FROM read_parquet(${literal(join(layout.accounts, accounts.file))}) AS a
      LEFT JOIN totals AS t ON t.account = a.account
    )
    SELECT count(*)::INTEGER AS accounts, count(tokens)::INTEGER AS known, count(country)::INTEGER AS countries,
      count(team)::INTEGER AS teams, count(class)::INTEGER AS classes,
      coalesce(sum(tokens), 0) / (SELECT nullif(sum(tokens), 0) FROM totals) AS "tokenShare"
    FROM joined`);
  return found ?? null;
}
