/** `stateai accounts …`: country, class and team of accounts from a file, for logs that do not state them. */
import pc from 'picocolors';
import { amount } from '../exhibits/amounts.ts';
import { StateaiError } from '../generation/errors.ts';
import { type AccountEntry, readAccountFile } from '../ingest/account-file.ts';
import { type AccountFacts, joinAccounts, removeAccounts } from '../warehouse/account-join.ts';
import { type JoinCoverage, joinCoverage, knownAmong } from '../warehouse/known-accounts.ts';
import { type Dataset, openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';

interface Options {
  data: string;
  dataset: string;
}

const say = (text: string) => process.stderr.write(`${text}\n`);
const whole = new Intl.NumberFormat('en-GB');

export async function joinCommand(path: string, options: Options): Promise<void> {
  await using opened = await open(options);
  const { warehouse, dataset } = opened;
  const isNew = await joinFile(warehouse, dataset, path);
  if (isNew && (await dataset.manifest()).lake.length > 0) await dataset.settle();
  say(isNew ? `Joined to ${pc.bold(dataset.name)}.` : `Joined before, unchanged.`);
  await tell(dataset);
}

/** Answers false when the dataset has exactly this already. @throws `bad_accounts_file` */
export async function joinFile(warehouse: Warehouse, dataset: Dataset, path: string): Promise<boolean> {
  const entries = await readAccountFile(path);
  const facts = await withPseudonyms(warehouse, dataset, entries, path);
  return joinAccounts(await dataset.engine(), dataset.layout, facts);
}

export async function showJoined(options: Options & { format: 'table' | 'json' }): Promise<void> {
  await using opened = await open(options);
  const { dataset } = opened;
  const coverage = await joinCoverage(await dataset.engine(), dataset.layout);
  const { accounts } = await dataset.manifest();
  if (options.format === 'json') {
    const told = coverage && accounts && { ...coverage, classes: accounts.classes, teams: accounts.teams };
    process.stdout.write(
      `${JSON.stringify(told && { dataset: dataset.name, ...told, at: accounts?.at }, null, 2)}\n`,
    );
  } else if (coverage && accounts) {
    process.stdout.write(`${describe(coverage)}\n`);
    if (accounts.teams.length > 0) process.stdout.write(`Teams: ${accounts.teams.join(', ')}\n`);
    if (accounts.classes.length > 0) process.stdout.write(`Classes: ${accounts.classes.join(', ')}\n`);
  } else process.stdout.write(`No file is joined to ${dataset.name}.\n`);
}

export async function removeJoined(options: Options): Promise<void> {
  await using opened = await open(options);
  const { dataset } = opened;
  const removed = await removeAccounts(dataset.layout);
  if (removed && (await dataset.manifest()).lake.length > 0) await dataset.settle();
  say(removed ? `No file is joined to ${dataset.name} any more.` : `No file was joined to ${dataset.name}.`);
}

async function open({ data, dataset }: Options) {
  const warehouse = await openWarehouse(data);
  return {
    warehouse,
    dataset: warehouse.dataset(dataset),
    [Symbol.asyncDispose]: () => warehouse.close(),
  };
}

/** What looks like a pseudonym is one, unless the dataset knows an account of that name instead. */
async function withPseudonyms(
  warehouse: Warehouse,
  dataset: Dataset,
  entries: readonly AccountEntry[],
  path: string,
): Promise<AccountFacts[]> {
  const alike = entries.map((e) => e.account).filter((name) => PSEUDONYM.test(name));
  const known = await knownAmong(await dataset.engine(), dataset.layout, [
    ...alike,
    ...alike.map(warehouse.hashAccount),
  ]);
  const pseudonymOf = (name: string): string => {
    const hashed = warehouse.hashAccount(name);
    if (!PSEUDONYM.test(name)) return hashed;
    return known.has(hashed) && !known.has(name) ? hashed : name;
  };
  const lines = new Map<string, number>();
  return entries.map(({ line, account: name, ...stated }) => {
    const account = pseudonymOf(name);
    const before = lines.get(account);
    if (before !== undefined)
      throw new StateaiError(
        'bad_accounts_file',
        `${path}:${line}: the same account stands in line ${before}, there by ${PSEUDONYM.test(name) ? 'name' : 'pseudonym'}`,
        'Nothing was changed. Keep one of the lines.',
      );
    lines.set(account, line);
    return { account, ...stated };
  });
}
const PSEUDONYM = /^[0-9a-f]{16}$/;

async function tell(dataset: Dataset): Promise<void> {
  const coverage = await joinCoverage(await dataset.engine(), dataset.layout);
  if (coverage) say(describe(coverage));
}

function describe({ accounts, known, countries, teams, classes, tokenShare }: JoinCoverage): string {
  const stated = [
    ...(countries > 0 ? [`${whole.format(countries)} with a country`] : []),
    ...(teams > 0 ? [`${whole.format(teams)} with a team`] : []),
    ...(classes > 0 ? [`${whole.format(classes)} with a class`] : []),
  ];
  const lines = [
    `${whole.format(accounts)} ${accounts === 1 ? 'account' : 'accounts'}: ${stated.join(', ') || 'nothing is stated of them'}`,
  ];
  if (known < accounts)
    lines.push(
      `${whole.format(accounts - known)} of them do not occur in the dataset (yet): check how the source spells them`,
    );
  if (tokenShare !== null)
    lines.push(`Those that do stand for ${amount(tokenShare, 'share', 'en')} of all tokens`);
  return lines.join('\n');
}
