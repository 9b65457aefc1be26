/** Where the server of a data directory listens on this machine: `<data>/server.json`, for commands that must ask it. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processIsAlive, writeFileAtomic } from '../warehouse/files.ts';

export interface ServerAddress {
  /** Reachable from this machine, such as `http://127.0.0.1:4141`. */
  url: string;
  pid: number;
}

const pathIn = (dataDir: string): string => join(dataDir, 'server.json');

/**
 * To be called when the server listens.
 * @param host what it listens on; all addresses are reached over loopback
 * @returns removes it again, unless another server has taken its place
 */
export async function writeServerAddress(
  dataDir: string,
  host: string,
  port: number,
): Promise<() => Promise<void>> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
  await writeFileAtomic(pathIn(dataDir), `${JSON.stringify({ url, pid: process.pid })}\n`);
  return async () => {
    if ((await readServerAddress(dataDir))?.pid === process.pid) await rm(pathIn(dataDir), { force: true });
  };
}

/** null: no server of this directory runs, or it has not said where. */
export async function readServerAddress(dataDir: string): Promise<ServerAddress | null> {
  try {
    const { url, pid } = JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as Partial<ServerAddress>;
    return typeof url === 'string' && typeof pid === 'number' && processIsAlive(pid) ? { url, pid } : null;
  } catch {
    return null;
  }
}
