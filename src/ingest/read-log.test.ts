/** A log that grows, read on from where the last reading stopped, gives what reading it once at the end gives. */
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../generation/generation.ts';
import { claudeCode } from './claude-code/door.ts';
import { entry } from './claude-code/entry.fixture.ts';
import { codex } from './codex/door.ts';
import { counted, type Four, ID, meta, turn } from './codex/log.fixture.ts';
import { context } from './door.fixture.ts';
import type { LogDoor } from './door.ts';
import { type Place, type ReadLog, readLog } from './read-log.ts';

let directory: string;
let path: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'grown-'));
  path = join(directory, 'session.jsonl');
});
afterAll(() => rm(directory, { recursive: true }));

const recordsOf = (log: ReadLog): Generation[] =>
  log.records
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Of records with one id the one that a dataset keeps. */
function kept(records: readonly Generation[]): Generation[] {
  const order = (g: Generation) => [
    -(g.completionTokens ?? -1),
    -g.totalTokens,
    -Object.keys(g).length,
    g.createdAt,
  ];
  const isBefore = (a: Generation, b: Generation) => {
    const [x, y] = [order(a), order(b)];
    const i = x.findIndex((value, n) => value !== y[n]);
    return i >= 0 && (x[i] ?? 0) < (y[i] ?? 0);
  };
  const best = new Map<string, Generation>();
  for (const g of records) {
    const known = best.get(g.id);
    if (!known || isBefore(g, known)) best.set(g.id, g);
  }
  return [...best.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const stored = (place: Place | null): Place | null => JSON.parse(JSON.stringify(place));

/** Writes a text piece by piece and reads it after each. */
async function grown(door: LogDoor, pieces: readonly Buffer[]) {
  await writeFile(path, '');
  const all = { records: [] as Generation[], rejects: [] as { line: number; reason: string }[] };
  let place: Place | null = null;
  for (const piece of pieces) {
    await appendFile(path, piece);
    const log: ReadLog = await readLog(door, path, context, place);
    expect(log.wentOn).toBe(place !== null);
    all.records.push(...recordsOf(log));
    all.rejects.push(...log.rejects);
    place = stored(log.place);
    // Nothing new, nothing given.
    const again = await readLog(door, path, context, place);
    expect([again.count, again.rejects]).toEqual([0, []]);
  }
  return all;
}

const pieces = (lines: readonly string[], cuts: readonly number[], end: string): Buffer[] => {
  const text = Buffer.from(lines.join('\n') + end);
  const at = [...new Set([0, ...cuts.map((cut) => Math.floor(cut * text.length)), text.length])];
  return at
    .sort((a, b) => a - b)
    .map((to, i, all) => text.subarray(all[i - 1] ?? 0, to))
    .slice(1);
};

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
const end = fc.constantFrom('', '\n', '\r\n');
const noise = fc.constantFrom('{"type":"user"}', '', 'broken', '{"usage": broken}', '{"type":"token_count"}');

async function same(door: LogDoor, lines: readonly string[], at: readonly number[], last: string) {
  const piecemeal = await grown(door, pieces(lines, at, last));
  await writeFile(path, lines.join('\n') + last);
  const whole = await readLog(door, path, context);
  expect(kept(piecemeal.records)).toEqual(kept(recordsOf(whole)));
  const byLine = (a: { line: number }, b: { line: number }) => a.line - b.line;
  expect(piecemeal.rejects.toSorted(byLine)).toEqual(whole.rejects.toSorted(byLine));
}

describe('a log that is read while it grows', () => {
  it('of Claude Code gives each message once, with the counts and times of all its blocks', async () => {
    const block = fc
      .record({
        message: fc.integer({ min: 0, max: 90 }),
        second: fc.integer({ min: 0, max: 59 }),
        output: fc.integer({ min: 0, max: 3 }),
        input: fc.constantFrom(4, 4, 4, -1),
        stop: fc.constantFrom(null, 'end_turn', 'tool_use'),
      })
      .map((b) =>
        entry({
          top: { timestamp: new Date(Date.UTC(2026, 2, 1, 10, 0, b.second)).toISOString() },
          message: { id: `msg_${String(b.message).padStart(24, '0')}`, stop_reason: b.stop },
          usage: { output_tokens: b.output, input_tokens: b.input },
        }),
      );
    // Near each other, as blocks are; beyond 64 messages a repeat is a record of its own.
    const line = fc.oneof({ weight: 6, arbitrary: block }, { weight: 1, arbitrary: noise });
    const log = fc.array(line, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(log, cuts, end, (lines, at, last) => same(claudeCode, lines, at, last)),
      { numRuns: 60 },
    );
  });

  it('of Codex goes on with its total, its model and its line of sessions', async () => {
    const step = fc.record({
      used: fc.tuple(...[900, 500, 90, 40].map((max) => fc.integer({ min: 1, max }))),
      reset: fc.constantFrom(false, false, false, true),
      before: fc.constantFrom('', '', 'turn', 'meta', 'noise'),
      noise,
    });
    const log = fc.record({ steps: fc.array(step, { maxLength: 25 }), fork: fc.boolean() });
    const linesOf = ({ steps, fork }: typeof log extends fc.Arbitrary<infer T> ? T : never): string[] => {
      const lines = [meta(0, ID, fork ? { forked_from_id: 'parent' } : {})];
      let total: Four = [0, 0, 0, 0];
      for (const [i, { used, reset, before, noise }] of steps.entries()) {
        if (before === 'turn') lines.push(turn(i * 9, `gpt-5.${i}`));
        if (before === 'meta') lines.push(meta(i * 9, `ancestor-${i}`));
        if (before === 'noise') lines.push(noise);
        total = used.map((n, k) => n + (reset ? 0 : (total[k] ?? 0))) as unknown as Four;
        lines.push(counted(i * 9 + 5, total, used as unknown as Four));
      }
      return lines;
    };
    await fc.assert(
      fc.asyncProperty(log, cuts, end, (made, at, last) => same(codex, linesOf(made), at, last)),
      { numRuns: 60 },
    );
  });

  it('that was replaced or cut off is read from its beginning', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => entry({ message: { id: `m${i}` } }));
    await writeFile(path, `${lines.join('\n')}\n`);
    const { place } = await readLog(claudeCode, path, context);
    expect(place?.bytes).toBeGreaterThan(0);
    await writeFile(path, `${lines.toReversed().join('\n')}\n${lines.join('\n')}\n`);
    const replaced = await readLog(claudeCode, path, context, place);
    expect(replaced.wentOn).toBe(false);
    expect(new Set(recordsOf(replaced).map((g) => g.id)).size).toBe(100);
    await writeFile(path, `${lines.join('\n')}\n`);
    await truncate(path, (place?.bytes ?? 0) - 1);
    expect(await readLog(claudeCode, path, context, place)).toMatchObject({ wentOn: false });
    // Packed under its old name: no place in it means anything.
    await writeFile(path, gzipSync(`${lines.join('\n')}\n`));
    expect(await readLog(claudeCode, path, context, place)).toMatchObject({ count: 100, place: null });
  });

  it('is remembered without a word or a name of it', async () => {
    await writeFile(path, [meta(0, ID, { forked_from_id: 'parent' }), turn(1, 'gpt-5')].join('\n'));
    const named = { ...context, hashSession: () => 'hash' };
    const { place } = await readLog(codex, path, named);
    expect(JSON.stringify(place)).not.toMatch(/0199a213|parent|someone/);
  });
});
