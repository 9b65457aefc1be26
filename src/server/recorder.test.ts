/** Records on their way to the disk: when they are in the kernel's hands, and what becomes of them when a file fails. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
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
