import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, openEngine } from './engine.ts';
import { queryViews } from './query-views.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await engine.run('CREATE TABLE numbers AS SELECT range AS n FROM range(10)');
});
afterAll(() => engine.close());

const above = (least: number) =>
  ({ name: 'part', sql: `SELECT n FROM numbers WHERE n >= ${least}`, kept: true }) as const;
const countAbove = async (least: number) =>
  (await queryViews<{ count: number }>(engine, [above(least)], 'SELECT count(*) AS count FROM part'))[0]
    ?.count;
const tablesKept = async () =>
  (
    await engine.query<{ name: string }>(
      "SELECT table_name AS name FROM duckdb_tables() WHERE table_name LIKE 'kept%'",
    )
  ).length;

test('a view that may be kept is a table from the second query on, and the last two of them stay', async () => {
  expect(await countAbove(3)).toBe(7);
  expect(await tablesKept()).toBe(0);
  expect(await countAbove(3)).toBe(7);
  expect(await tablesKept()).toBe(1);
  for (const least of [4, 4, 5, 5, 6, 6]) expect(await countAbove(least)).toBe(10 - least);
  expect(await tablesKept()).toBe(2);
  expect(await countAbove(3)).toBe(7);
});

test('a table that is kept is made anew when one that it reads is another', async () => {
  const joined = {
    name: 'joined',
    sql: 'SELECT n, word FROM numbers JOIN words USING (n)',
    kept: true,
  } as const;
  const wordOf = async (word: string) => {
    const words = { name: 'words', sql: `SELECT 1 AS n, '${word}' AS word`, small: true } as const;
    return queryViews(engine, [words, joined], 'SELECT word FROM joined');
  };
  for (const word of ['old', 'old', 'new', 'new']) expect(await wordOf(word)).toEqual([{ word }]);
});

test('what cannot be kept is read as it is', async () => {
  const wide = { name: 'wide', sql: 'SELECT 1 AS n, 2 AS n', kept: true } as const;
  for (let i = 0; i < 3; i++)
    expect(await queryViews(engine, [wide], 'SELECT count(*) AS count FROM wide')).toEqual([{ count: 1 }]);
});

test('a view that a query does not name is gone', async () => {
  await countAbove(3);
  await expect(queryViews(engine, [], 'SELECT * FROM part')).rejects.toThrow(/part/);
});
