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
import f10 from './f10-reasoning/exhibit.ts';
import f11 from './f11-top-reasoning-models/exhibit.ts';
import f12 from './f12-tool-calls/exhibit.ts';
import f13 from './f13-tool-offering-models/exhibit.ts';
import f14 from './f14-prompt-tokens-per-request/exhibit.ts';
import f15 from './f15-completion-tokens-per-request/exhibit.ts';
import f17 from './f17-sequence-length/exhibit.ts';
import t1 from './t1-open-model-authors/exhibit.ts';

export const EXHIBITS: readonly Exhibit[] = [f1, f2, t1, f3, f4, f5, f10, f11, f12, f13, f14, f15, f17];

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

/** @throws `unknown_exhibit` */
export function exhibitNamed(id: string, dataDir: string): Exhibit {
  const all = exhibitsOf(dataDir);
  const exhibit = all.find((e) => e.id.toLowerCase() === id.toLowerCase());
  if (exhibit) return exhibit;
  throw new StateaiError(
    'unknown_exhibit',
    `"${id.slice(0, 40)}" is not an exhibit`,
    `Exhibits: ${all.map((e) => e.id).join(', ')}.`,
  );
}
