/** A thread that reads log files: gets a path, answers with what its door made of it. Text never leaves it. */
import { parentPort, workerData } from 'node:worker_threads';
import { explain } from '../generation/errors.ts';
import { pseudonym } from '../generation/ids.ts';
import { LOG_DOORS } from './log-doors.ts';
import { readLog } from './read-log.ts';
import type { LogFile, ThreadAnswer, ThreadData } from './read-logs.ts';

const { format, secret } = workerData as ThreadData;
const door = LOG_DOORS.find((d) => d.format === format);
const context = {
  hashAccount: (name: string) => pseudonym(secret, 'account', name),
  hashSession: (name: string) => pseudonym(secret, 'session', name),
};

parentPort?.on('message', async (file: LogFile) => {
  const found = await answer(file);
  // Handed over, not copied, where the memory is not shared with others.
  const bytes = 'log' in found ? found.log.records : Buffer.alloc(0);
  const isOwn = bytes.length > 0 && bytes.length === bytes.buffer.byteLength;
  parentPort?.postMessage(found, isOwn ? [bytes.buffer as ArrayBuffer] : []);
});

async function answer({ path, place }: LogFile): Promise<ThreadAnswer> {
  try {
    if (!door) throw new Error(`no door for ${format}`);
    return { log: await readLog(door, path, context, place) };
  } catch (error) {
    const { code, message, next } = explain(error, `Importing ${path}`);
    return { error: { code, message, next } };
  }
}
