/** Many log files, several at a time where that pays: reading is bound by the processor, and the files are apart. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { explain, StateaiError } from '../generation/errors.ts';
import type { DoorContext, LogDoor } from './door.ts';
import { type Place, type ReadLog, readLog } from './read-log.ts';

export interface LogFile {
  path: string;
  /** Bytes to read. */
  size: number;
  /** Where an earlier reading stopped. */
  place?: Place | null;
}

export type LogResult = { path: string } & ({ log: ReadLog } | { error: StateaiError });

/** What a thread needs to hash names as this process does. */
export interface ThreadData {
  format: string;
  secret: string;
}

/** A thread takes some 50 ms to begin, in which it could have read this much. */
const BYTES_A_THREAD = 48 << 20;
const MOST_THREADS = 8;

/** In no particular order; a file that cannot be read does not hold up the others. */
export async function* readLogs(
  door: LogDoor,
  files: readonly LogFile[],
  context: DoorContext,
  secret: string,
): AsyncGenerator<LogResult> {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const threads = Math.min(
    files.length,
    availableParallelism(),
    MOST_THREADS,
    Math.floor(bytes / BYTES_A_THREAD),
  );
  if (threads > 1 && files.every(({ path }) => path !== '-'))
    yield* inThreads(files, threads, { format: door.format, secret });
  else
    for (const { path, place } of files)
      yield await outcomeOf(path, () => readLog(door, path, context, place));
}

async function outcomeOf(path: string, work: () => Promise<ReadLog>): Promise<LogResult> {
  try {
    return { path, log: await work() };
  } catch (error) {
    return { path, error: explain(error, `Importing ${path}`) };
  }
}

/** An answer of a thread; errors lose their class on the way. */
export type ThreadAnswer = { log: ReadLog } | { error: { code: string; message: string; next: string } };

const THREAD = fileURLToPath(
  new URL(`./log-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
);

/** Each thread has one file to read and gets the next one as soon as its answer was taken. */
async function* inThreads(
  files: readonly LogFile[],
  count: number,
  data: ThreadData,
): AsyncGenerator<LogResult> {
  // The longest first, so that none is left over at the end.
  const waiting = files.toSorted((a, b) => a.size - b.size);
  const workers = Array.from({ length: count }, () => new Worker(THREAD, { workerData: data }));
  const begin = (worker: Worker) => {
    const file = waiting.pop();
    return file ? outcomeOf(file.path, () => ask(worker, file)).then((result) => ({ result, worker })) : null;
  };
  const running = new Map(workers.map((worker) => [worker, begin(worker)]));
  try {
    for (;;) {
      const open = [...running.values()].filter((promise) => promise !== null);
      if (open.length === 0) return;
      const { result, worker } = await Promise.race(open);
      running.set(worker, begin(worker));
      yield result;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, file: LogFile): Promise<ReadLog> {
  return new Promise((resolve, reject) => {
    const done = () => {
      worker.off('message', onAnswer);
      worker.off('error', onError);
    };
    const onAnswer = (answer: ThreadAnswer) => {
      done();
      if ('log' in answer) {
        const { buffer, byteOffset, byteLength } = answer.log.records;
        resolve({ ...answer.log, records: Buffer.from(buffer, byteOffset, byteLength) });
      } else reject(new StateaiError(answer.error.code, answer.error.message, answer.error.next));
    };
    const onError = (error: unknown) => {
      done();
      reject(error);
    };
    worker.on('message', onAnswer);
    worker.on('error', onError);
    worker.postMessage(file);
  });
}
