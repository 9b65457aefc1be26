import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { satisfies } from './install.mjs';

test('an installation is complete with all of the right version, and the binaries for this platform', () => {
  const locked = {
    '': { version: '0.1.0' },
    'node_modules/tool': { version: '1.0.0' },
    'node_modules/nicety': { version: '1.0.0', optional: true },
    'node_modules/@tool/linux': {
      version: '1.0.0',
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['glibc'],
    },
    'node_modules/@tool/musl': {
      version: '1.0.0',
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    },
    'node_modules/@tool/darwin': { version: '1.0.0', optional: true, os: ['darwin'], cpu: ['x64'] },
  };
  const tool = { 'node_modules/tool': { version: '1.0.0' } };
  const binary = { 'node_modules/@tool/linux': { version: '1.0.0' } };
  const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };
  expect(satisfies({ ...tool, ...binary }, locked, linux)).toBe(true);
  expect(satisfies(tool, locked, linux)).toBe(false);
  expect(satisfies(tool, locked, { os: 'win32', cpu: 'x64', libc: undefined })).toBe(true);
  expect(satisfies(binary, locked, linux)).toBe(false);
  expect(satisfies({ ...binary, 'node_modules/tool': { version: '0.9.0' } }, locked, linux)).toBe(false);
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
