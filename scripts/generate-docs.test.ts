import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCatalog } from '../src/catalog/catalog.ts';
import { EXHIBITS } from '../src/exhibits/registry.ts';
import { temporaryDirectory } from '../src/testing/workspace.ts';
import { DOCS, fileOf, GATEWAY_SCHEMA, gatewaySchema, pageOf } from './generate-docs.ts';

const catalog = await loadCatalog({ dataDir: DOCS });

it.each(EXHIBITS.map((e) => [e.id, e] as const))(
  'the page of %s is up to date (else: node scripts/generate-docs.ts)',
  (_, exhibit) => {
    expect(readFileSync(join(DOCS, fileOf(exhibit)), 'utf8')).toBe(pageOf(exhibit, catalog));
  },
);

it('the JSON schema of gateway.yaml is up to date (else: node scripts/generate-docs.ts)', () => {
  expect(readFileSync(GATEWAY_SCHEMA, 'utf8')).toBe(gatewaySchema());
});

it('a page shows the picture of its exhibit where there is one', async () => {
  await using directory = await temporaryDirectory();
  const [exhibit] = EXHIBITS;
  if (!exhibit) throw new Error('no exhibits');
  expect(pageOf(exhibit, catalog, directory.path)).not.toContain('pictures/');
  mkdirSync(join(directory.path, 'pictures'));
  writeFileSync(join(directory.path, 'pictures', 'f1.svg'), '<svg/>');
  expect(pageOf(exhibit, catalog, directory.path)).toContain('![Open and closed models](pictures/f1.svg)');
});
