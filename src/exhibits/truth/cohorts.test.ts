/** Retention (F25) against a reference over the same records. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { parseRange } from '../../server/report-service.ts';
import { load, openWorld, records, type World } from './records.fixture.ts';
import {
  compare,
  filters,
  type Knowledge,
  knowledge,
  monthOf,
  type Reference,
  tokens,
} from './reference.fixture.ts';

let world: World;
let know: Knowledge;
beforeAll(async () => {
  world = await openWorld();
  know = knowledge(world.reports.catalog);
});
afterAll(() => world.close());

/** The records end on 6 June 2025: June is not over. */
const MONTHS = ['2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01', '2025-05-01'];
const STUDY = [
  'google/gemini-2.5-pro',
  'openai/gpt-4o-mini',
  'deepseek/deepseek-r1',
  'deepseek/deepseek-chat-v3-0324',
];

function cohortsOf(model: string, list: readonly Generation[]): Reference {
  const used = list.filter((g) => g.account !== null && know.facts(g).model === model);
  const first = new Map<string, string>();
  for (const [account, own] of Map.groupBy(used, (g) => String(g.account)))
    first.set(account, monthOf(Math.min(...own.map((g) => g.createdAt))));
  const active = new Set(used.map((g) => `${g.account} ${monthOf(g.createdAt)}`));
  const out: Reference = new Map();
  for (const [at, cohort] of MONTHS.entries()) {
    const accounts = [...first].filter(([, month]) => month === cohort).map(([account]) => account);
    if (accounts.length === 0) continue;
    for (const [age, month] of MONTHS.slice(at).entries()) {
      const there = accounts.filter((account) => active.has(`${account} ${month}`));
      out.set([model, cohort, age].join(' | '), there.length / accounts.length);
    }
  }
  return out;
}

/** The models of the study that are there, then the most used. */
function shown(list: readonly Generation[]): string[] {
  const whole = list.filter((g) => MONTHS.includes(monthOf(g.createdAt)));
  const used = [...Map.groupBy(whole, (g) => know.facts(g).model)]
    .filter(([, own]) => own.some((g) => g.account !== null))
    .sort((a, b) => tokens(b[1]) - tokens(a[1]))
    .map(([model]) => model);
  return [...STUDY.filter((m) => used.includes(m)), ...used.filter((m) => !STUDY.includes(m))].slice(0, 8);
}

const reference = (list: readonly Generation[]) =>
  new Map(shown(list).flatMap((model) => [...cohortsOf(model, list)]));

describe.each(['t', 'pieces'])('in dataset %s', (dataset) => {
  it.each([undefined, 'author=openai', 'open=true', 'region=europe', 'country=unknown'] as const)(
    'F25 equals the reference under %s',
    async (where) => {
      const keep = where ? filters(know)[where] : () => true;
      const { rows } = await world.reports.exhibit(
        dataset,
        'F25',
        parseRange({ where: where ? [where] : [] }),
        'en',
      );
      compare(rows, reference(records.filter(keep)), ['model', 'cohort', 'age']);
    },
  );
});

const run = (id: string, where: string[] = []) => world.reports.exhibit('t', id, parseRange({ where }), 'en');

it('the panels are the study’s models first, and each has its letter', async () => {
  const whole = await run('F25');
  expect(whole.panels.map((p) => p.key).sort()).toEqual(shown(records).sort());
  expect(whole.facts).toMatchObject({ shown: 8, filled: 4 });
  const mini = await run('F25d');
  expect(mini.id).toBe('F25d');
  expect(mini.panels).toEqual([{ key: 'openai/gpt-4o-mini', label: 'GPT-4o mini' }]);
  expect(mini.rows).toEqual(whole.rows.filter((r) => r.model === 'openai/gpt-4o-mini'));
  // Letters of models that are not there go to the most used others.
  expect((await run('F25a')).panels[0]?.key).toBe(shown(records).find((m) => !STUDY.includes(m)));
});

it('shows the models that are asked for', async () => {
  const { panels } = await run('F25', ['model=qwen/qwen-2.5-coder-32b-instruct']);
  expect(panels.map((p) => p.key)).toEqual(['qwen/qwen-2.5-coder-32b-instruct']);
});

it('says nothing of a month in which no record states an account', async () => {
  const [some] = records;
  const used = (id: string, at: string, account: string | null) =>
    ({ ...some, id, createdAt: Date.parse(at), account, model: 'openai/gpt-4o-mini' }) as Generation;
  await load(world.warehouse, 'silent', [
    [
      used('a', '2025-01-31T23:59:59.999Z', 'x'),
      used('b', '2025-02-01T00:00:00Z', 'x'),
      used('c', '2025-03-15T00:00:00Z', null),
      used('d', '2025-05-31T23:00:00Z', 'y'),
    ],
  ]);
  const { rows } = await world.reports.exhibit('silent', 'F25', parseRange({}), 'en');
  expect(rows.map((r) => [r.cohort, r.age, r.accounts, r.value])).toEqual([
    ['2025-01-01', 0, 1, 1],
    ['2025-01-01', 1, 1, 1],
    ['2025-01-01', 2, null, null],
    ['2025-01-01', 3, null, null],
    ['2025-01-01', 4, 0, 0],
    ['2025-05-01', 0, 1, 1],
  ]);
});

it('says what it cannot be narrowed by', async () => {
  const { lacking, rows } = await run('F25', ['provider=a']);
  expect(rows).toEqual([]);
  expect(lacking).toMatchObject([{ field: 'provider' }]);
});
