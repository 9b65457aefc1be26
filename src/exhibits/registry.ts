/** The exhibits in the study's order, one line each; a workspace's own `exhibits/` folder adds to them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StateaiError } from '../generation/errors.ts';
import { SECTIONS } from './contract.ts';
import { defineExhibit, type Exhibit, type ExhibitDefinition } from './define.ts';
import f1 from './f1-open-vs-closed/exhibit.ts';
import f2 from './f2-tokens-by-model-type/exhibit.ts';
import f3 from './f3-top-open-models/exhibit.ts';
import f4 from './f4-open-size-classes/exhibit.ts';
import f5 from './f5-open-models-by-size/exhibit.ts';
import f6 from './f6-open-categories/exhibit.ts';
import f7 from './f7-chinese-open-categories/exhibit.ts';
import f8 from './f8-programming-by-source/exhibit.ts';
import f9 from './f9-roleplay-by-source/exhibit.ts';
import f10 from './f10-reasoning/exhibit.ts';
import f11 from './f11-top-reasoning-models/exhibit.ts';
import f12 from './f12-tool-calls/exhibit.ts';
import f13 from './f13-tool-offering-models/exhibit.ts';
import f14 from './f14-prompt-tokens-per-request/exhibit.ts';
import f15 from './f15-completion-tokens-per-request/exhibit.ts';
import f16 from './f16-prompt-tokens-by-category/exhibit.ts';
import f17 from './f17-sequence-length/exhibit.ts';
import f18 from './f18-programming-sequence-length/exhibit.ts';
import f19 from './f19-programming-share/exhibit.ts';
import f20 from './f20-programming-spend-by-author/exhibit.ts';
import f21 from './f21-tags-by-category/exhibit.ts';
import f22 from './f22-categories-by-author/exhibit.ts';
import f23 from './f23-categories-by-author/exhibit.ts';
import f24 from './f24-spend-by-region/exhibit.ts';
import f25 from './f25-retention/exhibit.ts';
import f26 from './f26-cost-by-category/exhibit.ts';
import f27 from './f27-cost-by-model/exhibit.ts';
import f28 from './f28-cost-by-author/exhibit.ts';
import f29 from './f29-tags-over-time/exhibit.ts';
import t1 from './t1-open-model-authors/exhibit.ts';
import t2 from './t2-languages/exhibit.ts';
import t3 from './t3-models-by-segment/exhibit.ts';

export const EXHIBITS: readonly Exhibit[] = [
  f1,
  f2,
  t1,
  f3,
  f4,
  f5,
  f6,
  f7,
  f8,
  f9,
  f10,
  f11,
  f12,
  f13,
  f14,
  f15,
  f16,
  f17,
  f18,
  f19,
  f20,
  f21,
  f22,
  f23,
  f24,
  t2,
  f25,
  f26,
  f27,
  f28,
  t3,
  f29,
];

/** The built-in exhibits and those of `<data>/exhibits/<name>/` (`exhibit.json` and `query.sql`). */
export function exhibitsOf(dataDir: string): Exhibit[] {
  const own = join(dataDir, 'exhibits');
  if (!existsSync(own)) return [...EXHIBITS];
  const added = readdirSync(own, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readOwn(join(own, entry.name), entry.name));
  const ids = new Set(added.map((e) => e.id));
  return [...EXHIBITS.filter((e) => !ids.has(e.id)), ...added];
}

function readOwn(directory: string, name: string): Exhibit {
  const file = join(directory, 'exhibit.json');
  try {
    const given = JSON.parse(readFileSync(file, 'utf8')) as Partial<ExhibitDefinition> & { title?: string };
    if (typeof given.id !== 'string' || typeof given.title !== 'string')
      throw new Error('"id" and "title" are needed');
    return defineExhibit(pathToFileURL(file).href, {
      slug: name,
      section: SECTIONS[0],
      unit: 'share',
      kind: 'series',
      chart: { type: 'lines' },
      needs: [],
      seriesKind: 'message',
      statement: 'none',
      published: [],
      ...given,
      id: given.id,
      text: { title: given.title, ...given.text },
    });
  } catch (error) {
    throw new StateaiError(
      'bad_exhibit',
      `${directory}: ${(error as Error).message}`,
      'An exhibit of your own is a folder with exhibit.json { id, title, unit, kind, chart } and query.sql.',
      error,
    );
  }
}

/** @param id `F22`, or `F22a` for one of its panels. @throws `unknown_exhibit` */
export function exhibitNamed(id: string, dataDir: string): Exhibit {
  const all = exhibitsOf(dataDir);
  const named = (wanted: string) => all.find((e) => e.id.toLowerCase() === wanted.toLowerCase());
  const exhibit = named(id);
  if (exhibit) return exhibit;
  const letter = id.slice(-1).toLowerCase();
  const whole = named(id.slice(0, -1));
  if (whole?.panels?.some((p) => p.letter === letter)) return { ...whole, only: letter };
  throw new StateaiError(
    'unknown_exhibit',
    `"${id.slice(0, 40)}" is not an exhibit`,
    `Exhibits: ${all.map((e) => e.id).join(', ')}.`,
  );
}
