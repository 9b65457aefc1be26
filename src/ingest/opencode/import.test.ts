/** OpenCode's directory as a whole: what an import finds in it, and what it finds the next time. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { openWarehouse } from '../../warehouse/warehouse.ts';
import { runImport } from '../import.ts';
import { message, stored, writeDatabase, writeFiles } from './store.fixture.ts';

it('files and database count once, and what was added to a database in use is found the next time', async () => {
  await using temporary = await temporaryDirectory();
  const home = join(temporary.path, 'opencode');
  const messages = [1, 2, 3].map((n) => message({ id: `msg_${n}`, created: message().created + n }));
  const [first] = writeFiles(home, messages.slice(0, 2));
  writeFileSync(`${first}.gz`, gzipSync(readFileSync(first as string)));
  rmSync(first as string);
  writeFileSync(join(home, 'auth.json'), '{"tokens": broken');
  mkdirSync(join(home, 'log'));
  const file = join(home, 'opencode.db');
  writeDatabase(file, messages.slice(1));
  const warehouse = await openWarehouse(join(temporary.path, 'data'));
  const go = () =>
    runImport(warehouse, warehouse.dataset('d'), { format: 'opencode', paths: [home], settle: false });
  try {
    expect(await go()).toMatchObject({ files: 3, rows: 3, duplicates: 1, rejected: 0, failures: [] });
    expect(await go()).toMatchObject({ skipped: 2, rows: 0, duplicates: 2 });
    // Open: what it writes stays in the log beside the database.
    using db = new DatabaseSync(file);
    const added = message({ id: 'msg_4', created: message().created + 4 });
    db.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?)').run(
      'msg_4',
      'ses_1',
      0,
      0,
      JSON.stringify(stored(added)),
    );
    expect(await go()).toMatchObject({ skipped: 2, rows: 1, duplicates: 2 });
  } finally {
    await warehouse.close();
  }
});
