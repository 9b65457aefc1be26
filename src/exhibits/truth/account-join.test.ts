/**
 * Exhibits of a dataset with a join file are those of the same records with the file's facts written into them: whether
 * marts, records or both answer, however the records came in, and as before when the file is taken away.
 */
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRollup } from '../../classify/rollup.ts';
import { openReports, parseRange, type ReportService } from '../../server/report-service.ts';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { type AccountFacts, joinAccounts, removeAccounts } from '../../warehouse/account-join.ts';
import { fileList, literal, openEngine } from '../../warehouse/engine.ts';
import { queryViews } from '../../warehouse/query-views.ts';
import { type Dataset, openWarehouse, type Warehouse } from '../../warehouse/warehouse.ts';
import { EXHIBITS } from '../registry.ts';
import { differences, openPlain, type Plain } from './plain-queries.fixture.ts';
import { load, records } from './records.fixture.ts';

/** Every third account is in the file; what it states differs from account to account. */
const FACTS: AccountFacts[] = Array.from({ length: 100 }, (_, i) => ({
  account: `a${i * 3}`,
  country: ['DE', 'BR', null, 'JP'][i % 4] ?? null,
  class: i % 5 === 0 ? 'vip' : i % 7 === 0 ? 'regular' : null,
  team: ['search', 'Sales & more', null][i % 3] ?? null,
}));
const named = (wanted: (facts: AccountFacts) => boolean): string =>
  `account IN (${FACTS.filter(wanted)
    .map((f) => literal(f.account))
    .join(', ')})`;
const CLASSED = named((f) => f.class !== null);

/** Filters as a user writes them, and what they mean in words of the records. */
const SELECTIONS: { where: string[]; sql: string }[] = [
  { where: [], sql: 'true' },
  { where: ['country=DE'], sql: "country = 'DE'" },
  { where: ['region=south-america', 'region=asia'], sql: "continent IN ('south-america', 'asia')" },
  { where: ['country=unknown'], sql: 'country IS NULL' },
  { where: ['team=search'], sql: named((f) => f.team === 'search') },
  {
    where: ['team=sales & more', 'open=true'],
    sql: `${named((f) => f.team === 'Sales & more')} AND openness = 'open'`,
  },
  { where: ['team=unknown'], sql: `(account IS NULL OR NOT ${named((f) => f.team !== null)})` },
  { where: ['account_class=vip'], sql: named((f) => f.class === 'vip') },
  {
    where: ['account_class=regular'],
    sql: `(${named((f) => f.class === 'regular')} OR (account_class = 'regular' AND NOT ${CLASSED}))`,
  },
  {
    where: ['account_class=large', 'country=JP'],
    sql: `account_class = 'large' AND NOT ${CLASSED} AND country = 'JP'`,
  },
  { where: ['account_class=unknown'], sql: "account_class = 'unknown'" },
  { where: ['team=nobody'], sql: 'false' },
];

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let warehouse: Warehouse;
let reports: ReportService;
let dataset: Dataset;
let before: string;
beforeAll(async () => {
  directory = await temporaryDirectory();
  warehouse = await openWarehouse(directory.path);
  reports = await openReports(warehouse, { cache: false });
  dataset = warehouse.dataset('joined');
  await load(warehouse, 'joined', [records.slice(0, 4000)]);
});
afterAll(async () => {
  await warehouse.close();
  await directory[Symbol.asyncDispose]();
});

const joinFacts = async (facts: readonly AccountFacts[]) =>
  joinAccounts(await dataset.engine(), dataset.layout, facts);
const exhibit = (id: string, where: readonly string[] = []) =>
  reports.exhibit('joined', id, parseRange({ where }), 'en');
const everything = async (): Promise<string> => {
  const results = [];
  for (const { id } of EXHIBITS) results.push(await exhibit(id));
  return JSON.stringify(results);
};

/** The records as they would be if their source stated what the file does. */
async function openTruth(facts: readonly AccountFacts[]): Promise<Plain> {
  const files = (await dataset.manifest()).lake.map(({ file }) => join(dataset.layout.lake, file));
  const stated = facts.map((f) => `(${literal(f.account)}, ${f.country ? literal(f.country) : 'NULL'})`);
  return openPlain(
    `SELECT r.* REPLACE (coalesce(r.country, a.country) AS country)
     FROM read_parquet(${fileList(files)}) AS r
     LEFT JOIN (VALUES ${stated.join(', ')}) AS a(account, country) ON a.account = r.account`,
    reports.catalog,
    loadRollup(),
  );
}

/** One for each view and each way of narrowing. */
const SOME = ['F1', 'F14', 'F22', 'F24', 'F25', 'T2'];
const ALL = EXHIBITS.map((e) => e.id);

/** Fields that an exhibit cannot be narrowed by are no business here: all of these can be taken by every view. */
async function compare(plain: Plain, ids: readonly string[], selections = SELECTIONS): Promise<number> {
  let compared = 0;
  for (const { where, sql } of selections) {
    await plain.select({ where: sql });
    for (const id of ids) {
      const result = await exhibit(id, where);
      const rows = await plain.rows(id);
      expect(result.lacking, `${id} ${where}`).toEqual([]);
      expect(differences(id, result, rows).slice(0, 5).join('\n'), `${id} ${where}`).toBe('');
      compared += rows.length;
    }
  }
  return compared;
}

describe('a join file', () => {
  it('answers from the records at once, before any mart is built anew', async () => {
    before = await everything();
    expect(await joinFacts(FACTS)).toBe(true);
    const plain = await openTruth(FACTS);
    expect(await compare(plain, SOME)).toBeGreaterThan(2000);
    plain.close();
  });

  it('answers the same from marts, and from both when more records came in', async () => {
    await dataset.settle();
    const again = await openTruth(FACTS);
    expect(await compare(again, ALL, SELECTIONS.slice(0, 1))).toBeGreaterThan(2000);
    expect(await compare(again, SOME, SELECTIONS.slice(1, 5))).toBeGreaterThan(500);
    again.close();
    const journal = await dataset.journal();
    await journal.append([...records.slice(3900)]);
    await dataset.settle();
    const plain = await openTruth(FACTS);
    expect(await compare(plain, SOME)).toBeGreaterThan(2000);
    plain.close();
  });

  it('leaves marts alone that hold no country', async () => {
    const built = async () => new Set((await dataset.manifest()).marts.map((m) => m.file));
    const first = await built();
    await joinFacts(FACTS.map((f) => ({ ...f, team: 'x', class: 'y' })));
    await dataset.settle();
    expect(await built()).toEqual(first);
    await joinFacts(FACTS.map((f) => ({ ...f, country: 'FR' })));
    await dataset.settle();
    const manifest = await dataset.manifest();
    const fresh = manifest.marts.filter((m) => !first.has(m.file)).map((m) => m.mart);
    expect(new Set(fresh)).toEqual(
      new Set(['account_months', 'labelled', 'origins', 'places', 'places_by_account', 'traffic_by_country']),
    );
  });

  it('makes the same script with marts and with raw records', async () => {
    const engine = await dataset.engine();
    const reader = await openEngine();
    for (const { where } of SELECTIONS.slice(3, 9))
      for (const { id, sql } of EXHIBITS.filter((e) => SOME.includes(e.id))) {
        const range = parseRange({ where });
        const script = await reports.sql('joined', id, range);
        const raw = await queryViews(engine, await reports.views('joined', range, sql, { raw: true }), sql);
        await reader.run(script.slice(0, script.lastIndexOf(sql.trimEnd().replace(/;$/, ''))));
        expect(await reader.query(sql), `${id} ${where}`).toEqual(raw);
      }
    reader.close();
  });

  it('taken away, leaves everything as it was', async () => {
    await load(warehouse, 'plain', [records.slice(0, 4000), [...records.slice(3900)]]);
    const never = [];
    for (const { id } of EXHIBITS)
      never.push((await reports.exhibit('plain', id, parseRange({}), 'en')).rows);
    expect(await removeAccounts(dataset.layout)).toBe(true);
    expect(await removeAccounts(dataset.layout)).toBe(false);
    for (const settled of [false, true]) {
      if (settled) await dataset.settle();
      const now = [];
      for (const { id } of EXHIBITS) now.push((await exhibit(id)).rows);
      expect(JSON.stringify(now) === JSON.stringify(never), `settled: ${settled}`).toBe(true);
    }
    expect(JSON.stringify(await reports.views('joined', parseRange({})))).not.toContain('accounts/');
    expect(before.length).toBeGreaterThan(1000);
  });

  it('of any content gives what the records with it give', async () => {
    const facts = fc.uniqueArray(
      fc.record({
        account: fc.integer({ min: 0, max: 400 }).map((i) => `a${i}`),
        country: fc.constantFrom('DE', 'US', 'CN', null),
        class: fc.constantFrom('vip', 'large', null),
        team: fc.constantFrom('x', 'y', null),
      }),
      { selector: (f) => f.account, minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(facts, fc.boolean(), async (stated, settled) => {
        await joinFacts(stated);
        if (settled) await dataset.settle();
        const plain = await openTruth(stated);
        const ofTeam = stated.filter((f) => f.team === 'x').map((f) => literal(f.account));
        for (const [where, sql] of [
          [[], 'true'],
          [['country=US'], "country = 'US'"],
          [['team=x'], ofTeam.length > 0 ? `account IN (${ofTeam.join(', ')})` : 'false'],
        ] as const) {
          await plain.select({ where: sql });
          for (const id of ['F14', 'F24', 'F25'])
            expect(differences(id, await exhibit(id, where), await plain.rows(id)).join('\n')).toBe('');
        }
        plain.close();
      }),
      { numRuns: 6 },
    );
  });
});
