import { expect, it } from 'vitest';
import type { TrafficLine } from '../api.ts';
import { mergeLines, newerThan } from './traffic-lines.ts';

const line = (id: string) => ({ id }) as TrafficLine;
const ids = (lines: TrafficLine[]) => lines.map(({ id }) => id).join('');

it('lines stand newest first, each once, and the oldest make room', () => {
  const before = mergeLines([], [line('a'), line('b')]);
  expect(ids(before)).toBe('ba');
  expect(ids(mergeLines(before, [line('b'), line('c'), line('c')]))).toBe('cba');
  expect(ids(mergeLines(before, [line('c'), line('d')], 3))).toBe('dcb');
});

it('a paused table knows how many it does not show, also when all of its own are gone', () => {
  const shown = [line('b'), line('a')];
  expect(newerThan([line('d'), line('c'), line('b'), line('a')], shown)).toBe(2);
  expect(newerThan(shown, shown)).toBe(0);
  expect(newerThan([line('d'), line('c')], shown)).toBe(2);
  expect(newerThan([line('a')], [])).toBe(1);
});
