/**
 * A new PGlite database, as `initdb` leaves it: making one takes seconds of processor time, unpacking one a fraction.
 * `node scripts/new-database.ts` writes `new-database.tar.zst`; it must be run again when PGlite gets a new PostgreSQL.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { parseTar } from 'nanotar';

const PACKED = new URL('./new-database.tar.zst', import.meta.url);
/** Unpacked in few pieces. */
const CHUNK_BYTES = 16 * 1024 * 1024;

/** The directory of a new database as a tar file, as PGlite takes it for `loadDataDir`. */
export const newDatabase = (): Uint8Array<ArrayBuffer> =>
  zstdDecompressSync(readFileSync(PACKED), { chunkSize: CHUNK_BYTES });

/**
 * Puts a new database where there is none, whole or not at all.
 * @param directory of the database; its parent exists and belongs to this process alone
 */
export function placeNewDatabase(directory: string): void {
  if (existsSync(directory)) return;
  const begun = `${directory}.new`;
  rmSync(begun, { recursive: true, force: true });
  mkdirSync(begun, { mode: 0o700 });
  for (const { name, type, data } of parseTar(newDatabase())) {
    const path = join(begun, name);
    if (type === 'directory') mkdirSync(path, { recursive: true, mode: 0o700 });
    else writeFileSync(path, data ?? '', { mode: 0o600 });
  }
  renameSync(begun, directory);
}
