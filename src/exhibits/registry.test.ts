import { describe, expect, it } from 'vitest';
import { SECTIONS } from './contract.ts';
import { EXHIBITS, exhibitNamed } from './registry.ts';

it('has every figure and table of the study, in its order', () => {
  const figures = Array.from({ length: 29 }, (_, i) => `F${i + 1}`);
  const ids = EXHIBITS.map((e) => e.id);
  expect(ids.filter((id) => id.startsWith('F'))).toEqual(figures);
  const after = (id: string) => ids[ids.indexOf(id) - 1];
  expect([after('T1'), after('T2'), after('T3')]).toEqual(['F2', 'F24', 'F28']);
  expect(ids).toHaveLength(32);
});

it('every section has exhibits', () => {
  for (const section of SECTIONS) expect(EXHIBITS.some((e) => e.section === section)).toBe(true);
});

describe('a part by its letter', () => {
  it.each([
    ['F22a', 'F22', 'a'],
    ['f25H', 'F25', 'h'],
    ['F21b', 'F21', 'b'],
  ])('%s', (name, id, only) => {
    expect(exhibitNamed(name, '/nowhere')).toMatchObject({ id, only });
  });

  it.each(['F22d', 'F1a', 'F', 'F99'])('%s is none', (name) => {
    expect(() => exhibitNamed(name, '/nowhere')).toThrow('is not an exhibit');
  });
});
