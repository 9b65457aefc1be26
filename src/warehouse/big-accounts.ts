/**
 * Finds the large accounts of a dataset (see `account-class.ts`) and chooses the big ones, which have cubes of their own.
 * Big are all from half the size of a large one on, so that the choice holds for long: until the dataset has grown by half
 * a large account, no other account can have become large. Where the choice lags behind, the records answer.
 */
import { LARGE_FROM } from './account-class.ts';
import type { Engine } from './engine.ts';
import type { Layout } from './layout.ts';
import { commit, type Manifest, readManifest } from './manifest.ts';
import { ACCOUNT_MONTHS } from './mart-definitions.ts';
import { martSource, sumsBy } from './mart-source.ts';

interface Source {
  manifest: Manifest;
  layout: Layout;
}

/** Ids of the large accounts, at most `LARGE_FROM`. */
export const largeAccounts = (engine: Engine, source: Source): Promise<string[]> =>
  accountsFrom(engine, source, LARGE_FROM);

/** Accounts that have at least one token in `parts` of the dataset. */
async function accountsFrom(engine: Engine, source: Source, parts: number): Promise<string[]> {
  const found = await engine.query<{ account: string }>(`
    WITH totals AS (
      SELECT account, sum(total_tokens) AS tokens
      FROM (${martSource(source, ACCOUNT_MONTHS, ['account', 'total_tokens'])})
      GROUP BY account
    )
    SELECT account FROM totals
    WHERE account IS NOT NULL AND tokens > 0 AND tokens * ${parts} >= (SELECT sum(tokens) FROM totals)
    ORDER BY account`);
  return found.map((f) => f.account);
}

/** Chooses the big accounts anew where a large one may be missing among them. */
export async function chooseBigAccounts(engine: Engine, layout: Layout): Promise<void> {
  const source = { manifest: await readManifest(layout), layout };
  const [total] = await engine.query<{ tokens: number | null }>(
    `SELECT sum(total_tokens)::BIGINT AS tokens FROM (${sumsBy(source, ['month'], ['total_tokens'], [])})`,
  );
  const tokens = total?.tokens ?? 0;
  const chosen = source.manifest.bigAccounts;
  if (chosen && Math.abs(tokens - chosen.tokens) * 2 * LARGE_FROM < chosen.tokens) return;
  if (chosen && tokens === chosen.tokens) return;
  const large = chosen ? await largeAccounts(engine, source) : null;
  const keep = chosen && large?.every((id) => chosen.ids.includes(id));
  const ids = keep ? chosen.ids : await accountsFrom(engine, source, 2 * LARGE_FROM);
  await commit(layout, (manifest) => {
    manifest.bigAccounts = { ids, tokens };
    return true;
  });
}
