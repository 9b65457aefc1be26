/** What a process of Node holds in memory: it writes a snapshot of its heap at a signal. */
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Arguments for Node: long strings whole, and a snapshot in that directory at SIGUSR2. */
export const snapshotArgs = (directory: string): string[] => [
  '--heap-snapshot-string-limit=10000000',
  '--heapsnapshot-signal=SIGUSR2',
  `--diagnostic-dir=${directory}`,
];

/** Has a process that was started with these arguments write its only snapshot, and reads it once it is complete. */
export async function heapSnapshot(directory: string, pid: number): Promise<Buffer> {
  process.kill(pid, 'SIGUSR2');
  const isOf = new RegExp(`^Heap\\.\\d+\\.\\d+\\.${pid}\\..*\\.heapsnapshot$`);
  for (let before = -1; ; await sleep(100)) {
    const name = (await readdir(directory)).find((n) => isOf.test(n));
    if (!name) continue;
    const { size, end } = await endOf(join(directory, name));
    if (size === before && end.includes('}')) return readFile(join(directory, name));
    before = size;
  }
}

async function endOf(path: string): Promise<{ size: number; end: string }> {
  await using file = await open(path);
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(10), 0, 10, Math.max(0, size - 10));
  return { size, end: buffer.toString('latin1', 0, bytesRead) };
}
