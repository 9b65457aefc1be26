/** How a refused row of a source is named: by what finds it there, never by what somebody wrote. */
import { expect, it } from 'vitest';
import type { FileOutcome } from '../outcome.ts';
import type { Mapping } from '../tabular/mapping.ts';
import { newsOf } from './told.ts';

const mapping = {
  fields: { id: { columns: ['id'] }, createdAt: { columns: ['time'] } },
} as unknown as Mapping;
const rowOf = async (row: object) => {
  const outcome = { rejected: 1, rejects: [{ file: 'f', line: 1, reason: 'r' }] } as unknown as FileOutcome;
  const staged = { linesAt: async () => new Map([[1, JSON.stringify(row)]]) };
  const telling = { name: 's', mapping, isAgain: () => false, again: 0 };
  const { rejects } = await newsOf(outcome, staged as unknown as Parameters<typeof newsOf>[1], telling);
  return rejects[0]?.row;
};

it.each([
  [{ id: 'a-1', time: 'soon' }, 'id a-1'],
  [{ id: 7 }, 'id 7'],
  [{ id: 'two words', time: '2026-06-01T10:00:00Z' }, 'time 2026-06-01T10:00:00Z'],
  [{ time: 'password' }, undefined],
  [{ time: '1 password' }, undefined],
  [{}, undefined],
])('%j is %s', async (row, name) => {
  expect(await rowOf(row)).toBe(name);
});
