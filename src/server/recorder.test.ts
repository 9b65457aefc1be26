/** Records on their way to the disk: when they are in the kernel's hands, and what becomes of them when a file fails. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Generation } from '../generation/generation.ts';
import { validateGeneration } from '../generation/validate.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { layoutOf } from '../warehouse/layout.ts';
import { openSegment, SEGMENT_BYTES, type Segment } from '../warehouse/segment.ts';
import { createRecorder } from './recorder.ts';

const recordOf = (id: string): Generation => {
  const { generation } = validateGeneration({
    id,
    createdAt: Date.UTC(2025, 0, 1),
    model: 'openai/gpt-4o-mini',
    promptTokens: 1,
    completionTokens: 1,
    source: 'test',
  });
  if (!generation) throw new Error('invalid test record');
  return generation;
};

async function recorderIn(path: string, change: (segment: Segment, n: number) => Segment = (s) => s) {
  const layout = layoutOf(path, 'live');
  mkdirSync(layout.journal, { recursive: true });
  let opened = 0;
  let stored = 0;
  const recorder = createRecorder({
    open: async () => change(await openSegment(layout), opened++),
    stored(count) {
      stored += count;
    },
    // A machine that is busy is no slow disk.
    now: () => 0,
  });
  return {
    recorder,
    layout,
    stored: () => stored,
    files: () => readdirSync(layout.journal).sort(),
    /** Ids as they stand in the files at this moment. */
    ids: () =>
      readdirSync(layout.journal)
        .flatMap((name) => readFileSync(join(layout.journal, name), 'utf8').split('\n').slice(0, -1))
        .map((line) => (JSON.parse(line) as Generation).id),
  };
}

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `g${from + i}`);
const slow = { timeout: 20_000 };

test('a record is in the file one turn after it came, and on the disk soon after', async () => {
  await using directory = await temporaryDirectory();
  const { recorder, ids, stored } = await recorderIn(directory.path);
  recorder.record(recordOf('g0'));
  // Opening the file takes a moment, once.
  await vi.waitFor(() => expect(ids()).toEqual(['g0']), slow);
  for (const id of numbered(1, 200)) {
    recorder.record(recordOf(id));
    if (Math.random() < 0.5) continue;
    await turn();
    expect(ids().at(-1)).toBe(id);
  }
  await recorder.flush();
  expect(recorder.waiting()).toBe(0);
  expect(stored()).toBe(200);
  expect(ids()).toEqual(numbered(0, 200));
  await recorder.close();
});

const failing = (message: string, code: string) => Object.assign(new Error(message), { code });

test.each<[string, (segment: Segment) => Partial<Segment>]>([
  [
    'takes but a part',
    (segment) => ({
      writeNow(buffer) {
        segment.writeNow(buffer.subarray(0, buffer.length - 100));
        throw failing('no space', 'ENOSPC');
      },
    }),
  ],
  ['cannot be flushed', () => ({ sync: () => Promise.reject(failing('input/output', 'EIO')) })],
])('a file that %s is cut off: its records go into another one, each once', async (_, fault) => {
  await using directory = await temporaryDirectory();
  let isBroken = false;
  const { recorder, ids, stored, files } = await recorderIn(directory.path, (segment, n) => {
    const faults = n === 0 ? fault(segment) : {};
    return {
      get bytes() {
        return segment.bytes;
      },
      write: segment.write,
      writeNow: (buffer) => ((isBroken && faults.writeNow) || segment.writeNow)(buffer),
      sync: () => ((isBroken && faults.sync) || segment.sync)(),
      endAt: segment.endAt,
      close: segment.close,
    };
  });
  for (const id of numbered(0, 5)) recorder.record(recordOf(id));
  await recorder.flush();
  isBroken = true;
  for (const id of numbered(5, 10)) recorder.record(recordOf(id));
  await vi.waitFor(() => expect(recorder.trouble()).not.toBeNull(), slow);
  for (const id of numbered(10, 15)) recorder.record(recordOf(id));
  expect(recorder.waiting()).toBe(10);
  await vi.waitFor(() => expect(recorder.waiting()).toBe(0), slow);
  expect(recorder.trouble()).toBeNull();
  expect(stored()).toBe(15);
  expect(files()).toHaveLength(2);
  expect(ids().sort()).toEqual(numbered(0, 15).sort());
  await recorder.close();
});

test('a file that is full is followed by another, also while records keep coming', async () => {
  await using directory = await temporaryDirectory();
  const { recorder, ids, files } = await recorderIn(directory.path, (segment) => ({
    ...segment,
    // As if each line were a sixth of a file.
    get bytes() {
      return segment.bytes * Math.ceil(SEGMENT_BYTES / 4000);
    },
  }));
  for (const id of numbered(0, 60)) {
    recorder.record(recordOf(id));
    await sleep(5);
  }
  await recorder.flush();
  expect(recorder.waiting()).toBe(0);
  expect(recorder.lost()).toBe(0);
  expect(files().length).toBeGreaterThan(3);
  expect(ids().sort()).toEqual(numbered(0, 60).sort());
  await recorder.close();
});

test('what is taken back from one file while another is written to is not lost', async () => {
  await using directory = await temporaryDirectory();
  let isFull = false;
  const gate = Promise.withResolvers<void>();
  const { recorder, ids } = await recorderIn(directory.path, (segment, n) => ({
    ...segment,
    get bytes() {
      return n === 0 && isFull ? SEGMENT_BYTES : segment.bytes;
    },
    sync: () => (n === 0 && isFull ? Promise.reject(failing('input/output', 'EIO')) : segment.sync()),
    async write(buffer) {
      if (n === 1) await gate.promise;
      await segment.write(buffer);
    },
  }));
  recorder.record(recordOf('g0'));
  await recorder.flush();
  recorder.record(recordOf('g1'));
  await turn();
  isFull = true;
  recorder.record(recordOf('g2'));
  await vi.waitFor(() => expect(recorder.trouble()).not.toBeNull(), slow);
  gate.resolve();
  await vi.waitFor(() => expect(recorder.waiting()).toBe(0), slow);
  expect(ids().sort()).toEqual(numbered(0, 3));
  await recorder.close();
});

test('one slow write holds up no record after it; three in a row are a slow disk, written to beside', async () => {
  const disk = whimsicalDisk();
  let [clock, now] = [0, 0];
  const recorder = createRecorder({
    open: disk.open,
    stored: () => undefined,
    now: () => {
      now += clock;
      return now;
    },
  });
  const text = () => disk.files.map((file) => file.text).join('');
  /** Whether a record is in the file at once, if writing it takes so long. */
  const isWritten = async (id: string, ms: number) => {
    clock = ms;
    recorder.record(recordOf(id));
    await null;
    clock = 0;
    return text().includes(`"${id}"`);
  };
  await isWritten('first', 0);
  await vi.waitFor(() => expect(text()).toContain('first'), slow);
  for (const [i, ms] of [20, 0, 20, 20, 0, 20, 20, 20].entries())
    expect(await isWritten(`g${i}`, ms)).toBe(true);
  disk.mood.slowMs = 5;
  expect(await isWritten('beside', 0)).toBe(false);
  await recorder.flush();
  expect(recorder.waiting()).toBe(0);
  await recorder.close();
});

/** A disk with whims, in memory. `mood` holds for all that is done next. */
function whimsicalDisk() {
  const disk = {
    mood: { open: true, write: true, sync: true, isFull: false, slowMs: 0 },
    files: [] as { text: string }[],
    async open(): Promise<Segment> {
      await pause(disk.mood.slowMs);
      if (!disk.mood.open) throw new Error('open');
      const file = { text: '' };
      disk.files.push(file);
      // One that is full with the next record.
      const start = disk.mood.isFull ? SEGMENT_BYTES - 1 : 0;
      let bytes = start;
      let isClosed = false;
      const writeNow = (buffer: Buffer) => {
        if (isClosed) throw new Error('closed');
        // A part of it may come through.
        file.text += buffer.toString().slice(0, disk.mood.write ? buffer.length : 5);
        if (!disk.mood.write) throw new Error('write');
        bytes += buffer.length;
      };
      return {
        get bytes() {
          return bytes;
        },
        writeNow,
        async write(buffer) {
          await pause(disk.mood.slowMs);
          writeNow(buffer);
        },
        async sync() {
          await pause(disk.mood.slowMs);
          if (isClosed || !disk.mood.sync) throw new Error('sync');
        },
        async endAt(good) {
          if (!isClosed) file.text = file.text.slice(0, good - start);
          isClosed = true;
          await pause(disk.mood.slowMs);
        },
        async close() {
          isClosed = true;
        },
      };
    },
  };
  return disk;
}
const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

test('whatever fails, and when: as soon as nothing does, each record is on the disk, once', async () => {
  vi.useFakeTimers();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const step = fc.record({
    afterMs: fc.oneof(fc.nat(3), fc.nat(120)),
    open: fc.boolean(),
    write: fc.boolean(),
    sync: fc.boolean(),
    isFull: fc.boolean(),
    slowMs: fc.oneof(fc.nat(3), fc.nat(120)),
    clock: fc.constantFrom(0, 20),
  });
  const well = { open: true, write: true, sync: true, isFull: false, slowMs: 0, clock: 0 };
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const disk = whimsicalDisk();
        let [stored, given, now, clock] = [0, 0, 0, 0];
        const recorder = createRecorder({
          open: disk.open,
          stored: (count) => {
            stored += count;
          },
          now: () => {
            now += clock;
            return now;
          },
          sleep: pause,
        });
        for (const { afterMs, ...mood } of [
          ...steps,
          { ...well, afterMs: 10_000 },
          { ...well, afterMs: 3000 },
        ]) {
          Object.assign(disk.mood, mood);
          clock = mood.clock;
          recorder.record(recordOf(`g${given++}`));
          await vi.advanceTimersByTimeAsync(afterMs);
        }
        const ids = disk.files
          .flatMap(({ text }) => text.split('\n').slice(0, -1))
          .map((line) => (JSON.parse(line) as Generation).id);
        expect(ids.sort()).toEqual(numbered(0, given).sort());
        expect([recorder.waiting(), stored, recorder.lost()]).toEqual([0, given, 0]);
      }),
      {
        numRuns: 2000,
        // A full file fails while another one takes what it held.
        examples: [
          [
            [
              { ...well, sync: false, isFull: true, afterMs: 19 },
              { ...well, sync: false, slowMs: 2, afterMs: 84 },
            ],
          ],
        ],
      },
    );
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
  }
});
