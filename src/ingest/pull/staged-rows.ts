/** Rows on their way from a source to the import: an NDJSON file that only its owner can read and that soon goes. */
import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { uniqueName } from '../../warehouse/files.ts';
import { readLines } from '../lines.ts';

export interface StagedRows {
  path: string;
  rows: number;
  bytes: number;
  /** @param lines a row each, as JSON */
  write(lines: readonly string[]): Promise<void>;
  /** Ends the file, so that it can be read. */
  close(): Promise<void>;
  /** The rows at these lines, from 1, once it is closed. */
  linesAt(wanted: ReadonlySet<number>): Promise<Map<number, string>>;
  /** Deletes it, whatever became of it. */
  remove(): Promise<void>;
}

const ROWS_A_WRITE = 1000;

export function stageRows(directory: string): StagedRows {
  const path = join(directory, `fetched-${uniqueName()}.ndjson`);
  const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let failure: Error | null = null;
  stream.on('error', (error) => {
    failure = error;
  });
  // A process that is told to end at once still takes the file along.
  const onExit = () => rmSync(path, { force: true });
  process.once('exit', onExit);
  const staged: StagedRows = {
    path,
    rows: 0,
    bytes: 0,
    async write(lines) {
      for (let at = 0; at < lines.length; at += ROWS_A_WRITE) {
        const chunk = lines.slice(at, at + ROWS_A_WRITE);
        const text = chunk.map((line) => `${line}\n`).join('');
        await writeAll(stream, text);
        staged.rows += chunk.length;
        staged.bytes += Buffer.byteLength(text);
      }
    },
    async close() {
      await new Promise<void>((resolve) => {
        if (stream.closed || failure) return resolve();
        stream.once('close', resolve);
        stream.end();
      });
      if (failure) throw failure;
    },
    async linesAt(wanted) {
      const found = new Map<number, string>();
      if (wanted.size === 0) return found;
      for await (const { text, line } of readLines(path)) if (wanted.has(line)) found.set(line, text);
      return found;
    },
    async remove() {
      stream.destroy();
      await rm(path, { force: true });
      process.removeListener('exit', onExit);
    },
  };
  return staged;
}

function writeAll(stream: WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
