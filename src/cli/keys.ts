/** `stateai keys`: keys for the gateway, also while the server runs. */
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { openAccounts } from '../accounts/accounts.ts';
import type { AccountWithUsage, KeyWithUsage, LimitsInput } from '../accounts/admin-contract.ts';
import type { Period } from '../accounts/contract.ts';
import { lockOwner } from '../accounts/data-lock.ts';
import { httpAdmin, type KeyAdmin } from '../accounts/http-admin.ts';
import { encryptionSecret } from '../accounts/secrets.ts';
import { readServerAddress } from '../accounts/server-address.ts';
import { StateaiError } from '../generation/errors.ts';
import { parseTime } from '../generation/validate.ts';
import { workspaceSecret } from '../warehouse/warehouse.ts';
import { cellsOf, fillEnd, printable } from './terminal.ts';

interface Options {
  data: string;
  database?: string;
  format: 'table' | 'json';
}
export interface CreateOptions extends Options {
  account: string;
  country?: string;
  app?: string;
  limitDay?: string;
  limitWeek?: string;
  limitMonth?: string;
  limitTotal?: string;
  rpm?: string;
  tpm?: string;
  models?: string;
  expires?: string;
  byokCounts: boolean;
  management: boolean;
  ingest: boolean;
}

export async function listKeys(options: Options & { account?: string }): Promise<void> {
  await withAdmin(options, async (admin) => {
    const account = options.account === undefined ? undefined : await accountNamed(admin, options.account);
    if (options.account !== undefined && !account) throw noAccount(options.account);
    const found: KeyWithUsage[] = [];
    for (;;) {
      const page = await admin.listKeys({ account: account?.id, offset: found.length });
      found.push(...page.items);
      if (page.items.length === 0 || found.length >= page.total) break;
    }
    if (options.format === 'json') print(found);
    else process.stdout.write(table(found, await accountNames(admin)));
  });
}

export async function createKey(name: string, options: CreateOptions): Promise<void> {
  const limits = limitsOf(options);
  const expiresAt = options.expires === undefined ? null : timeOf(options.expires, Date.now());
  await withAdmin(options, async (admin) => {
    const account = await preparedAccount(admin, options);
    const { secret, key } = await admin.createKey({
      name,
      account: account.id,
      app: options.app ?? null,
      limits,
      expiresAt,
      includeByokInLimit: options.byokCounts,
      management: options.management,
      ingest: options.ingest,
    });
    if (options.format === 'json') return print({ secret, key });
    process.stdout.write(`${secret}\n`);
    process.stderr.write(
      `Keep it: it is not shown again. ${key.name} (${key.label}) belongs to the account ${account.name}.\n`,
    );
  });
}

export const showKey = (wanted: string, options: Options): Promise<void> =>
  withAdmin(options, async (admin) => report(admin, await keyNamed(admin, wanted), options));

export const setDisabled = (wanted: string, disabled: boolean, options: Options): Promise<void> =>
  withAdmin(options, async (admin) => {
    const { hash } = await keyNamed(admin, wanted);
    await report(admin, await admin.updateKey(hash, { disabled }), options);
  });

export const deleteKey = (wanted: string, options: Options): Promise<void> =>
  withAdmin(options, async (admin) => {
    const key = await keyNamed(admin, wanted);
    await admin.deleteKey(key.hash);
    if (options.format === 'json') print({ deleted: true, hash: key.hash });
    else process.stdout.write(`${key.name} (${key.label}) is deleted\n`);
  });

/** The database itself if nobody else has it, else the server that does. */
async function withAdmin(options: Options, work: (admin: KeyAdmin) => Promise<void>): Promise<void> {
  const dataDir = resolve(options.data);
  if (!options.database && (await lockOwner(join(dataDir, 'accounts'))) !== null) {
    const server = await readServerAddress(dataDir);
    if (server) return work(httpAdmin(server.url, process.env.STATEAI_ADMIN_SECRET ?? null));
  }
  const accounts = await openAccounts({
    databaseUrl: options.database ?? null,
    dataDir,
    secret: encryptionSecret(await workspaceSecret(dataDir)),
    open: false,
    waitMs: 5000,
  });
  try {
    await work(accounts.admin);
  } finally {
    await accounts.close();
  }
}

/** The account that is named, made if there is none, with the country and the app that were given. */
async function preparedAccount(admin: KeyAdmin, options: CreateOptions): Promise<AccountWithUsage> {
  const { account: name, country, app } = options;
  const found = await accountNamed(admin, name);
  if (!found) return admin.createAccount({ name, country: country ?? null, apps: app ? [app] : [] });
  const apps = app && !found.apps.includes(app) ? [...found.apps, app] : undefined;
  if (apps === undefined && country === undefined) return found;
  return admin.updateAccount(found.id, { ...(country ? { country } : {}), ...(apps ? { apps } : {}) });
}

async function accountNamed(admin: KeyAdmin, wanted: string): Promise<AccountWithUsage | null> {
  for await (const account of allAccounts(admin))
    if (account.id === wanted || isCalled(account.name, wanted)) return account;
  return null;
}

/** Names by id: a person knows no ids. */
async function accountNames(admin: KeyAdmin): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const { id, name } of allAccounts(admin)) names.set(id, name);
  return names;
}

async function* allAccounts(admin: KeyAdmin): AsyncGenerator<AccountWithUsage> {
  for (let offset = 0; ; ) {
    const { items, total } = await admin.listAccounts({ offset });
    yield* items;
    offset += items.length;
    if (items.length === 0 || offset >= total) return;
  }
}

const isCalled = (name: string, wanted: string): boolean =>
  name.toLowerCase() === wanted.trim().toLowerCase();

async function keyNamed(admin: KeyAdmin, wanted: string): Promise<KeyWithUsage> {
  const { items } = await admin.listKeys({ search: wanted });
  const isHash = /^[0-9a-f]{8,64}$/.test(wanted);
  const exact = items.filter(
    (key) => key.name === wanted || key.label === wanted || (isHash && key.hash.startsWith(wanted)),
  );
  const fits = exact.length > 0 ? exact : items.filter((key) => isCalled(key.name, wanted));
  const [key] = fits;
  if (!key) throw new StateaiError('not_found', `There is no key ${wanted}`, 'stateai keys list shows them.');
  if (fits.length > 1)
    throw new StateaiError(
      'bad_key',
      `${fits.length} keys are called ${wanted}`,
      `Say which by its hash: ${fits.map(({ hash }) => hash.slice(0, 12)).join(', ')}.`,
    );
  return key;
}

const noAccount = (name: string): StateaiError =>
  new StateaiError(
    'not_found',
    `There is no account ${name}`,
    'stateai keys list shows the accounts of keys.',
  );

function limitsOf(options: CreateOptions): LimitsInput {
  const spend: Partial<Record<Period, number>> = {};
  const given = {
    day: options.limitDay,
    week: options.limitWeek,
    month: options.limitMonth,
    total: options.limitTotal,
  };
  for (const [period, text] of Object.entries(given))
    if (text !== undefined) spend[period as Period] = numberOf(`--limit-${period}`, text);
  return {
    spend,
    requestsPerMinute: options.rpm === undefined ? null : numberOf('--rpm', options.rpm),
    tokensPerMinute: options.tpm === undefined ? null : numberOf('--tpm', options.tpm),
    models: options.models?.split(',').map((model) => model.trim()) ?? null,
  };
}

function numberOf(option: string, text: string): number {
  const value = Number(text.replace(/^\$/, ''));
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new StateaiError('bad_limits', `${option} ${text} is no amount`, 'Give a number from 0 on.');
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `30d`, or a date or time (UTC without an offset). @throws `bad_duration` */
function timeOf(text: string, now: number): number {
  const [, number, unit = ''] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  const at = number ? now + Number(number) * (UNITS[unit] ?? 0) : parseTime(text);
  if (at > now) return at;
  throw new StateaiError(
    'bad_duration',
    `--expires ${text} is no time to come`,
    'Write 90m, 12h, 30d, 4w, or a date such as 2027-01-31.',
  );
}

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

async function report(admin: KeyAdmin, key: KeyWithUsage, options: Options): Promise<void> {
  if (options.format === 'json') {
    print(key);
    return;
  }
  const lines: [string, string][] = [
    ['name', key.name],
    ['label', key.label],
    ['hash', key.hash],
    ['account', (await accountNamed(admin, key.account))?.name ?? key.account],
    ['app', key.app ?? '–'],
    ['state', stateOf(key)],
    ['limits', limitText(key)],
    [
      'spent',
      `${usd(key.usage.day.cost)} today, ${usd(key.usage.month.cost)} this month, ${usd(key.usage.total.cost)} in total`,
    ],
    ['own provider keys', `${usd(key.usage.total.byokCost)} in total`],
    ['requests', `${key.usage.total.requests}, of which ${key.usage.total.unknownCost} of unknown cost`],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  process.stdout.write(
    lines.map(([name, value]) => `${pc.dim(name.padEnd(width))}  ${printable(value)}\n`).join(''),
  );
}

function table(keys: readonly KeyWithUsage[], names: ReadonlyMap<string, string>): string {
  if (keys.length === 0) return 'No key yet. Make one: stateai keys create <name>\n';
  const rows = keys.map((key) => [
    key.name,
    key.label,
    key.hash.slice(0, 12),
    names.get(key.account) ?? key.account,
    stateOf(key),
    usd(key.usage.month.cost),
    limitText(key),
  ]);
  const head = ['name', 'label', 'hash', 'account', 'state', 'this month', 'limits'];
  const widths = head.map((title, n) => Math.max(...rows.map((row) => cellsOf(row[n] ?? '')), title.length));
  const line = (row: readonly string[]) =>
    row
      .map((cell, n) => fillEnd(printable(cell), widths[n] ?? 0))
      .join('  ')
      .trimEnd();
  return `${pc.bold(line(head))}\n${rows.map((row) => `${line(row)}\n`).join('')}`;
}

function stateOf(key: KeyWithUsage): string {
  if (key.disabled) return 'disabled';
  if (key.expiresAt === null) return key.management ? 'management' : key.ingest ? 'ingest' : 'active';
  const day = new Date(key.expiresAt).toISOString().slice(0, 10);
  return key.expiresAt <= Date.now() ? `expired ${day}` : `until ${day}`;
}

function limitText({ limits }: KeyWithUsage): string {
  const parts = Object.entries(limits.spend).map(
    ([period, limit]) => `$${limit} ${period === 'total' ? 'in total' : `a ${period}`}`,
  );
  if (limits.requestsPerMinute !== null) parts.push(`${limits.requestsPerMinute} requests/min`);
  if (limits.tokensPerMinute !== null) parts.push(`${limits.tokensPerMinute} tokens/min`);
  if (limits.models) parts.push(limits.models.join(' ') || 'no model');
  return parts.join(', ') || 'none';
}

const usd = (value: number): string => `$${value.toFixed(value !== 0 && value < 0.01 ? 6 : 2)}`;
