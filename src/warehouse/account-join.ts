/**
 * What a join file says of accounts that the records do not: their country, class and team. It lies as a small Parquet
 * file beside the dataset, named by its content, and is joined when records are read; without one nothing is joined.
 * A country is a dimension of marts, so these rest on it; class and team are joined to what has accounts.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { contentHash } from '../generation/ids.ts';
import { ACCOUNT_CLASS, accountClass } from './account-class.ts';
import { type Engine, literal } from './engine.ts';
import { ageOf, namesIn } from './files.ts';
import type { Layout } from './layout.ts';
import { commit, type JoinedAccounts, type LakeFile, type Manifest } from './manifest.ts';
import type { MartDefinition } from './mart-definitions.ts';
import { writeTable } from './small-table.ts';

/** The dimension that only a join file states. */
const TEAM = 'team';
/** What is joined to accounts, not to records. */
export const ACCOUNT_FACTS: readonly string[] = [ACCOUNT_CLASS, TEAM];

/** One account of a join file; null = not stated. */
export interface AccountFacts {
  account: string;
  country: string | null;
  class: string | null;
  team: string | null;
}

export interface Joined {
  layout: Layout;
  manifest: Pick<Manifest, 'accounts'>;
}

const pathOf = ({ layout, manifest }: Joined): string | null =>
  manifest.accounts ? join(layout.accounts, manifest.accounts.file) : null;

/** Records with the country of their account where they state none themselves. */
export function withCountries(records: string, joined: Joined): string {
  const path = pathOf(joined);
  if (!path || !joined.manifest.accounts?.countries) return records;
  return `SELECT l.* REPLACE (coalesce(l.country, a.country) AS country)
FROM (${records}) AS l LEFT JOIN read_parquet(${literal(path)}) AS a ON a.account = l.account`;
}

/**
 * A relation that has `account`, with the class and team of each.
 * @param wanted of `ACCOUNT_FACTS`; the relation itself where it names none
 * @param large accounts of the class `large`
 */
export function withAccountFacts(
  relation: string,
  wanted: readonly string[],
  large: readonly string[],
  joined: Joined,
): string {
  if (!ACCOUNT_FACTS.some((fact) => wanted.includes(fact))) return relation;
  const path = pathOf(joined);
  const ownClass = accountClass('r.account', large);
  const columns = [
    'r.*',
    ...(wanted.includes(ACCOUNT_CLASS)
      ? [`${path ? `coalesce(a.class, ${ownClass})` : ownClass} AS ${ACCOUNT_CLASS}`]
      : []),
    ...(wanted.includes(TEAM) ? [`${path ? 'a.team' : 'NULL::VARCHAR'} AS ${TEAM}`] : []),
  ];
  const source = path ? ` LEFT JOIN read_parquet(${literal(path)}) AS a ON a.account = r.account` : '';
  return `SELECT ${columns.join(', ')} FROM (${relation}) AS r${source}`;
}

/** What a mart is computed by: its SQL, and the countries that are joined to its records. */
export function definitionOf(mart: MartDefinition, accounts: JoinedAccounts | undefined): string {
  const statesCountry = mart.dimensions.includes('country') || mart.dimensions.length === 0;
  return accounts?.countries && statesCountry ? contentHash(mart.hash, accounts.countries) : mart.hash;
}

/**
 * A lake file as its records are read. How many of them state a country is not known before they are joined: it is taken
 * for some, so that a mart is grouped by it.
 */
export function asJoined(file: LakeFile, accounts: JoinedAccounts | undefined): LakeFile {
  if (!accounts?.countries || !file.nulls.country) return file;
  return { ...file, nulls: { ...file.nulls, country: Math.min(file.nulls.country, file.rows / 2) } };
}

/** Puts a join file in the place of the one before. Answers false when nothing is different. */
export async function joinAccounts(
  engine: Engine,
  layout: Layout,
  facts: readonly AccountFacts[],
): Promise<boolean> {
  const rows = [...facts].sort((a, b) => (a.account < b.account ? -1 : 1));
  const file = `${contentHash(JSON.stringify(rows))}.parquet`;
  const types = { account: 'VARCHAR', country: 'VARCHAR', class: 'VARCHAR', team: 'VARCHAR' };
  await mkdir(layout.accounts, { recursive: true });
  await writeTable(engine, join(layout.accounts, file), types, rows);
  const countries = rows.filter((r) => r.country).map((r) => `${r.account} ${r.country}`);
  const joined: JoinedAccounts = {
    file,
    rows: rows.length,
    countries: countries.length > 0 ? contentHash(...countries) : null,
    classes: [...new Set(rows.flatMap((r) => r.class ?? []))].sort(),
    teams: [...new Set(rows.flatMap((r) => r.team ?? []))].sort(),
    at: new Date().toISOString(),
  };
  const changed = await commit(layout, (manifest) => {
    if (manifest.accounts?.file === file) return false;
    manifest.accounts = joined;
    return true;
  });
  await forgetOld(layout, file);
  // Somebody else may have tidied away an old file of the same content meanwhile.
  await writeTable(engine, join(layout.accounts, file), types, rows);
  return changed !== null;
}

/** Takes the join file away. Answers false when there was none. */
export async function removeAccounts(layout: Layout): Promise<boolean> {
  const changed = await commit(layout, (manifest) => {
    if (!manifest.accounts) return false;
    delete manifest.accounts;
    return true;
  });
  await forgetOld(layout, null);
  return changed !== null;
}

/** Readers that began before may hold a file for a while. */
const KEEP_MS = 15 * 60_000;

async function forgetOld(layout: Layout, current: string | null): Promise<void> {
  for (const name of await namesIn(layout.accounts)) {
    const path = join(layout.accounts, name);
    if (name !== current && (await ageOf(path)) > KEEP_MS) await rm(path, { force: true });
  }
}
