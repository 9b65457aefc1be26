import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARED_DATA } from '../testing/workspace.ts';
import { CATEGORIES, loadRollup, rollupOf } from './rollup.ts';

const rollup = loadRollup();

describe('the roll-up', () => {
  it.each([
    ['/Games/Roleplaying Games', 'roleplay', 'roleplaying games'],
    ['/Books & Literature/Writers Resources', 'literature', 'writers resources'],
    ['/Books & Literature/Poetry', 'literature', 'poetry'],
    ['/Adult', 'adult', 'adult'],
    ['/Computers & Electronics/Programming', 'programming', 'programming, other'],
    ['/Computers & Electronics/Programming/Other', 'programming', 'programming, other'],
    ['/Computers & Electronics/Programming/Development Tools', 'programming', 'development tools'],
    ['/Science/Computer Science', 'programming', 'computer science, other'],
    [
      '/Science/Computer Science/Machine Learning & Artificial Intelligence',
      'science',
      'machine learning & AI',
    ],
    ['/Science/Physics', 'science', 'physics'],
    [
      '/Computers & Electronics/Software/Business & Productivity Software',
      'productivity',
      'productivity software',
    ],
    [
      '/Computers & Electronics/Software/Intelligent Personal Assistants',
      'technology',
      'intelligent assistants',
    ],
    ['/Law & Government/Government/Other', 'legal', 'government, other'],
    ['/Law & Government/Legal', 'legal', 'legal, other'],
    ['/Health/Mental Health/Depression', 'health', 'mental health'],
    ['/Sports/Team Sports/Soccer', 'other', 'team sports'],
    ['/Something/New', 'other', 'other'],
    ['', 'other', 'other'],
  ])('%s', (path, category, tag) => {
    expect(rollup.resolve(path)).toEqual({ category, tag });
  });

  it('lets a second label give the tag, never the category', () => {
    const game = '/Games/Roleplaying Games';
    expect(rollup.resolve(game, '/Adult')).toEqual({ category: 'roleplay', tag: 'adult' });
    expect(rollup.resolve(game, '/Science/Physics')).toEqual(rollup.resolve(game));
    expect(rollup.resolve('/Science/Physics', '/Adult')).toEqual(rollup.resolve('/Science/Physics'));
    expect(rollup.resolve(null, '/Adult').category).toBe('other');
  });

  it('matches whole segments only', () => {
    expect(rollup.resolve('/Healthy').category).toBe('other');
  });

  it('never throws, and always answers one of the categories', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        expect(CATEGORIES).toContain(rollup.resolve(path).category);
      }),
    );
  });

  it('explains what is wrong with a table', () => {
    expect(() => rollupOf('cooking:\n  /Food: food')).toThrow('"cooking" is not a category');
    expect(() => rollupOf('health:\n  /A: a\nlegal:\n  /A: b')).toThrow('/A is in health and in legal');
    expect(() => rollupOf('- a')).toThrow('no categories');
  });

  it.skipIf(!existsSync(SHARED_DATA)).each(['v1.txt', 'v2_reconstructed.txt'])(
    'covers every path of %s',
    (name) => {
      const paths = readFileSync(join(SHARED_DATA, 'taxonomy', name), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.split('\t').at(-1) ?? '');
      expect(paths.length).toBeGreaterThan(600);
      const nowhere = paths.filter((p) => rollup.resolve(p).tag === 'other' && !p.startsWith('/Other/'));
      expect(nowhere).toEqual([]);
      for (const path of paths) expect(rollup.resolve(path).tag).not.toMatch(/[?/]|^$/);
      // A path beneath another that no line tells apart shares its category.
      for (const path of paths)
        expect(rollup.resolve(`${path}/Unheard of`).category).toBe(rollup.resolve(path).category);
    },
  );
});
