import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../testing/workspace.ts';
import { placeNewDatabase } from './new-database.ts';

test('a new database is of the PostgreSQL that PGlite has, empty, and for nobody else to read', async () => {
  await using parent = await temporaryDirectory();
  const directory = join(parent.path, 'pg');
  placeNewDatabase(directory);
  const database = await PGlite.create(directory);
  const { rows } = await database.query<{ version: string; tables: number }>(
    `select current_setting('server_version') as version,
       (select count(*)::int from pg_tables where schemaname not in ('pg_catalog', 'information_schema')) as tables`,
  );
  await database.close();
  expect(rows[0]?.tables).toBe(0);
  expect((await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim()).toBe(rows[0]?.version.split('.')[0]);
});

test('one that was begun and not finished is made anew, one that is there stays', async () => {
  await using temporary = await temporaryDirectory();
  const parent = temporary.path;
  await mkdir(join(parent, 'pg.new'));
  await writeFile(join(parent, 'pg.new', 'PG_VERSION'), 'half');
  placeNewDatabase(join(parent, 'pg'));
  expect(await readdir(parent)).toEqual(['pg']);
  await writeFile(join(parent, 'pg', 'PG_VERSION'), 'mine');
  placeNewDatabase(join(parent, 'pg'));
  expect(await readFile(join(parent, 'pg', 'PG_VERSION'), 'utf8')).toBe('mine');
});
