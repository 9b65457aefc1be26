import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { parseMapping } from './mapping.ts';
import { snapshot } from './whole-rows.ts';

const MAPPING = parseMapping('fields:\n  createdAt: at\n  model: m\n  totalTokens: n\n', 'm.yaml');

it.each([
  ['a row that is being written', 'a,b\n1,2\n3', 'a,b\n1,2\n'],
  ['a line break between quotes', 'a,b\n1,"x\ny', 'a,b\n'],
  ['quotes within quotes', 'a,b\n1,"x""\ny"\n2,""\n"', 'a,b\n1,"x""\ny"\n2,""\n'],
  ['spaces before quotes', 'a,b\n1, "x\ny', 'a,b\n'],
  ['quotes that open no value', 'a,b\n1,5" disk\n2,say "hi\n3', 'a,b\n1,5" disk\n2,say "hi\n'],
])('a table that is being written ends with its last whole row: %s', async (_, content, whole) => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 't.csv');
  await writeFile(path, content);
  const taken = await snapshot(path, MAPPING, directory.path);
  expect(await readFile(taken?.file ?? '', 'utf8')).toBe(whole);
});
