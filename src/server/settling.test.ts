/** Datasets are brought up to date soon after records came, in turn, and again after a failure. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSettling } from './settling.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('records that come together are settled together, soon', async () => {
  const settled: string[] = [];
  const settling = createSettling(async (dataset) => void settled.push(dataset));
  for (const dataset of ['a', 'b', 'a', 'a']) settling.soon(dataset);
  await vi.advanceTimersByTimeAsync(2000);
  expect(settled.sort()).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(settled).toHaveLength(2);
});

test('a failure is tried again without another record, less and less often, and said once', async () => {
  const tries: number[] = [];
  const said: string[] = [];
  const start = Date.now();
  let isBroken = true;
  const settling = createSettling(
    async () => {
      tries.push(Date.now() - start);
      if (isBroken) throw new Error('the disk is full');
    },
    (text) => void said.push(text),
  );
  settling.soon('a');
  await vi.advanceTimersByTimeAsync(100_000);
  expect(tries.slice(0, 5)).toEqual([2000, 8000, 26_000, 56_000, 86_000]);
  expect(said).toEqual(['settling a: the disk is full; it is tried again.\n']);
  isBroken = false;
  await vi.advanceTimersByTimeAsync(200_000);
  expect(tries).toHaveLength(6);
});

test('closing waits for the run under way and begins no other', async () => {
  let runs = 0;
  const settling = createSettling(
    async () => {
      runs++;
      await new Promise((resolve) => setTimeout(resolve, 5000));
      throw new Error('stopped');
    },
    () => undefined,
  );
  settling.soon('a');
  await vi.advanceTimersByTimeAsync(2000);
  let isClosed = false;
  const closing = settling.close().then(() => {
    isClosed = true;
  });
  await vi.advanceTimersByTimeAsync(4000);
  expect(isClosed).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  await closing;
  settling.soon('a');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toBe(1);
});

test('records that come all through a long run are settled once after it, when the dataset has rested', async () => {
  const begun: number[] = [];
  const start = Date.now();
  const settling = createSettling(async () => {
    begun.push(Date.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 8000));
  });
  const records = setInterval(() => settling.soon('a'), 100);
  await vi.advanceTimersByTimeAsync(80_000);
  clearInterval(records);
  // 100 ms until the first record, 2 s; then 8 s and three times as long, again and again.
  expect(begun).toEqual([2100, 34_100, 66_100]);
  let isClosed = false;
  void settling.close().then(() => {
    isClosed = true;
  });
  await vi.advanceTimersByTimeAsync(8000);
  expect(isClosed).toBe(true);
});
