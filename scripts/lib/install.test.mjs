import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { satisfies } from './install.mjs';

test('an installation made by hand counts when nothing is missing and no version differs', () => {
  const locked = {
    '': { version: '0.1.0' },
    'node_modules/tool': { version: '1.0.0' },
    'node_modules/@tool/linux': { version: '1.0.0', optional: true },
    'node_modules/@tool/darwin': { version: '1.0.0', optional: true },
  };
  const tool = { 'node_modules/tool': { version: '1.0.0' } };
  const binary = { 'node_modules/@tool/linux': { version: '1.0.0' } };
  expect(satisfies({ ...tool, ...binary }, locked)).toBe(true);
  expect(satisfies(binary, locked)).toBe(false);
  expect(satisfies({ ...binary, 'node_modules/tool': { version: '0.9.0' } }, locked)).toBe(false);
  expect(satisfies({ ...tool, 'node_modules/@tool/linux': { version: '2.0.0' } }, locked)).toBe(false);
});

/**
 * npm leaves out of the lock file what the registry in use does not have, such as the binaries for another platform,
 * and then `npm ci` refuses the lock file.
 */
test('the lock file has an entry for every optional dependency, and names no registry', () => {
  const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
  /** @type {Record<string, { optionalDependencies?: Record<string, string> }>} */
  const locked = JSON.parse(text).packages;
  const missing = Object.entries(locked).flatMap(([path, p]) =>
    Object.keys(p.optionalDependencies ?? {}).filter(
      (name) => !locked[`node_modules/${name}`] && !locked[`${path}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
  expect(text).not.toContain('"resolved"');
});
