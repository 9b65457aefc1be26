/** Writes src/accounts/new-database.tar.zst with the PGlite that is installed. Run: node scripts/new-database.ts */
import { writeFileSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

const database = await PGlite.create();
const tar = Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer());
await database.close();
// The window is wide enough to find each of the three equal databases in the one before it.
const bytes = zstdCompressSync(tar, {
  params: { [constants.ZSTD_c_compressionLevel]: 22, [constants.ZSTD_c_windowLog]: 26 },
});
writeFileSync(new URL('../src/accounts/new-database.tar.zst', import.meta.url), bytes);
console.log(`${tar.length} bytes as ${bytes.length}`);
