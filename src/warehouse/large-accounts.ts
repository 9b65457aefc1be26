/** Finds the large accounts of a dataset (see `account-class.ts`). */
import { LARGE_FROM } from './account-class.ts';
import type { Engine } from './engine.ts';
import type { Layout } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { ACCOUNT_MONTHS } from './mart-definitions.ts';
import { martSource } from './mart-source.ts';

/** Ids of the large accounts, at most `LARGE_FROM`. */
export async function largeAccounts(
  engine: Engine,
  source: { manifest: Manifest; layout: Layout },
): Promise<string[]> {
  const found = await engine.query<{ account: string }>(`
    WITH totals AS (
      SELECT account, sum(total_tokens) AS tokens
      FROM (${martSource(source, ACCOUNT_MONTHS, ['account', 'total_tokens'])})
      GROUP BY account
    )
    SELECT account FROM totals
    WHERE account IS NOT NULL AND tokens > 0 AND tokens * ${LARGE_FROM} >= (SELECT sum(tokens) FROM totals)
    ORDER BY account`);
  return found.map((f) => f.account);
}
