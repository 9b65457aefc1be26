import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXHIBITS } from '../src/exhibits/registry.ts';
import { DOCS, fileOf, pageOf } from './generate-docs.ts';

it.each(EXHIBITS.map((e) => [e.id, e] as const))(
  'the page of %s is up to date (else: node scripts/generate-docs.ts)',
  (_, exhibit) => {
    expect(readFileSync(join(DOCS, fileOf(exhibit)), 'utf8')).toBe(pageOf(exhibit));
  },
);
