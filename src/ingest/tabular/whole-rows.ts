/** A table that is being written, as far as its rows are whole: a copy that ends with its last whole row. */
import { copyFile, open, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { uniqueName } from '../../warehouse/files.ts';
import { QUIET_MS } from '../following.ts';
import { compressionOf, isUtf16 } from '../inputs.ts';
import type { Mapping } from './mapping.ts';
import { headOf, kindOf } from './sniff.ts';

export interface Snapshot {
  /** null: there is no whole row yet. */
  file: string | null;
  /** Of the file, before it was copied. */
  mtimeMs: number;
  remove(): Promise<void>;
}

/** null: the file lies still, or is none that has rows in lines; it can be read where it is. */
export async function snapshot(
  path: string,
  mapping: Mapping,
  staging: string,
  now = Date.now(),
): Promise<Snapshot | null> {
  const info = await stat(path);
  const nothing = { file: null, mtimeMs: info.mtimeMs, remove: async () => undefined };
  if (info.size === 0) return nothing;
  if (now - info.mtimeMs >= QUIET_MS || mapping.format === 'parquet') return null;
  if ((await compressionOf(path)) !== 'none') return null;
  const head = await headOf(path, path);
  const kind = kindOf(head, mapping);
  if (kind.format === 'parquet' || kind.documents || isUtf16(head)) return null;
  const copy = join(staging, `growing-${uniqueName()}`);
  const remove = () => rm(copy, { force: true });
  try {
    await copyFile(path, copy);
    const end = await endOfRows(copy, kind.format === 'csv');
    if (end > 0) await truncate(copy, end);
    else await remove();
    return { ...nothing, file: end > 0 ? copy : null, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const [NEWLINE, RETURN, SPACE, QUOTE] = [10, 13, 32, 34];
/** A quote opens a value only at its beginning: behind one of these (a quote that it doubles among them) and spaces. */
const BEFORE_VALUE = new Set([NEWLINE, RETURN, QUOTE, ...Buffer.from(',;\t|')]);

/** Bytes up to and with the last line break that ends a row; one between quotes of a CSV ends none. */
async function endOfRows(path: string, quoted: boolean): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    let [at, end, inside, before] = [0, 0, false, NEWLINE];
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return end;
      for (let i = 0; i < bytesRead; i++) {
        const byte = buffer[i] as number;
        if (quoted && byte === QUOTE) inside = !inside && BEFORE_VALUE.has(before);
        else if (byte === NEWLINE && !inside) end = at + i + 1;
        if (byte !== SPACE || !BEFORE_VALUE.has(before)) before = byte;
      }
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
