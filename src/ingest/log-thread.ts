/** A thread that reads log files: gets a path, answers with what its door made of it. Text never leaves it. */
import { parentPort, workerData } from 'node:worker_threads';
import { explain } from '../generation/errors.ts';
import { pseudonym } from '../generation/ids.ts';
import { LOG_DOORS } from './log-doors.ts';
import { readLog } from './read-log.ts';
import type { ThreadAnswer, ThreadData } from './read-logs.ts';

const { format, secret } = workerData as ThreadData;
const door = LOG_DOORS.find((d) => d.format === format);
const context = {
  hashAccount: (name: string) => pseudonym(secret, 'account', name),
  hashSession: (name: string) => pseudonym(secret, 'session', name),
};

parentPort?.on('message', async (path: string) => {
  parentPort?.postMessage(await answer(path));
});

async function answer(path: string): Promise<ThreadAnswer> {
  try {
    if (!door) throw new Error(`no door for ${format}`);
    return { log: await readLog(door, path, context) };
  } catch (error) {
    const { code, message, next } = explain(error, `Importing ${path}`);
    return { error: { code, message, next } };
  }
}
