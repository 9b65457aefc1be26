/** Counts of doors: many processes, many files, folded or not, every note is counted once; reasons quote nothing. */
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../testing/workspace.ts';
import { namesIn } from '../warehouse/files.ts';
import { layoutOf } from '../warehouse/layout.ts';
import { generalReason } from './door-counts.ts';
import { foldParts } from './door-files.ts';
import { openDoorLog, readDoorCounts } from './door-log.ts';

async function workspace() {
  const directory = await temporaryDirectory();
  const layout = layoutOf(directory.path, 'live');
  const door = join(layout.doors, 'otlp');
  return {
    layout,
    door,
    /** As many processes as told, each with one note. */
    async count(processes: number, accepted = 1) {
      for (let i = 0; i < processes; i++) {
        const log = openDoorLog(layout);
        log.note('otlp', { accepted, rejects: [{ reason: `reason ${i % 3}`, count: 1 }], newest: 1000 + i });
        await log.flush();
      }
    },
    /** All files are from an hour ago. */
    async age() {
      for (const name of await namesIn(door)) {
        const then = new Date(Date.now() - 3_600_000);
        await utimes(join(door, name), then, then);
      }
    },
    fold: () => foldParts(door, 'otlp'),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe('a door log', () => {
  it('adds up what several processes noted', async () => {
    await using w = await workspace();
    const [a, b] = [openDoorLog(w.layout), openDoorLog(w.layout)];
    a.note('otlp', { accepted: 5, duplicates: 1, ignored: 2, newest: 7 });
    b.note('otlp', { accepted: 2, rejects: [{ reason: 'model is empty', count: 3 }], newest: 9 });
    b.note('http', { accepted: 1 });
    await Promise.all([a.flush(), b.flush()]);
    a.note('otlp', { accepted: 1 });
    await a.flush();
    const [http, otlp] = await readDoorCounts(w.layout);
    expect(http).toMatchObject({ door: 'http', accepted: 1, newest: null });
    expect(otlp).toMatchObject({ accepted: 8, duplicates: 1, ignored: 2, rejected: 3, newest: 9 });
    expect(otlp?.reasons).toEqual([{ reason: 'model is empty', count: 3 }]);
  });

  it('writes what a disk did not take as soon as it does, without another note', async () => {
    await using w = await workspace();
    const log = openDoorLog(w.layout);
    // A file where the directory should be.
    await mkdir(join(w.layout.doors, '..'), { recursive: true });
    await writeFile(w.layout.doors, '');
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    log.note('otlp', { accepted: 3 });
    await log.flush();
    await rm(w.layout.doors);
    await vi.waitFor(
      async () => expect(await readDoorCounts(w.layout)).toMatchObject([{ door: 'otlp', accepted: 3 }]),
      { timeout: 10_000 },
    );
    vi.restoreAllMocks();
  });

  it('keeps few files, and counts nothing twice when several fold at once while others read', async () => {
    await using w = await workspace();
    await w.count(40);
    await w.age();
    const reads = Promise.all(Array.from({ length: 10 }, () => readDoorCounts(w.layout)));
    await Promise.all([w.fold(), w.fold(), w.fold()]);
    for (const [otlp] of await reads)
      expect(otlp).toMatchObject({ accepted: 40, rejected: 40, newest: 1039 });
    expect((await namesIn(w.door)).length).toBe(1);
    await w.count(20, 10);
    await w.age();
    await w.fold();
    const [otlp] = await readDoorCounts(w.layout);
    expect(otlp).toMatchObject({ accepted: 240, rejected: 60 });
    expect(otlp?.reasons.map((r) => r.count).sort((x, y) => x - y)).toEqual([19, 20, 21]);
    expect((await namesIn(w.door)).length).toBeLessThanOrEqual(2);
  });

  it('leaves alone what may still be written', async () => {
    await using w = await workspace();
    await w.count(30);
    await w.fold();
    expect((await namesIn(w.door)).length).toBe(30);
  });
});

describe('a general reason', () => {
  it('says the kind of mistake, not what was found', () => {
    expect(generalReason('promptTokens: expected a whole number, got "12x"')).toBe(
      'promptTokens: expected a whole number',
    );
    expect(
      generalReason(
        'usage.input_tokens is a string of 4 characters: expected a whole number; model is empty',
      ),
    ).toBe('usage.input_tokens: expected a whole number; model is empty');
    expect(generalReason('createdAt is "x": expected a time from 2018 on')).toBe(
      'createdAt: expected a time from 2018 on',
    );
  });

  it('holds nothing of a quoted value', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z:; ]{1,30}$/), (value) => {
        expect(generalReason(`cost: expected a number, got "${value}z9"`)).not.toContain('z9');
      }),
    );
  });
});
