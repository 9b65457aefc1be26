/** The study's year, put together from the files of this folder. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { World } from '../world.ts';

const part = (name: string): unknown =>
  parse(readFileSync(new URL(`./${name}.yaml`, import.meta.url), 'utf8'));

export const STUDY_WORLD: World = {
  ...(part('world') as World),
  ...(part('places') as Pick<World, 'places' | 'languages'>),
  authors: part('authors') as World['authors'],
  models: part('models') as World['models'],
  categories: part('categories') as World['categories'],
  fits: part('fits') as World['fits'],
};
