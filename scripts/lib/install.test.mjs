import { expect, test } from 'vitest';
import { satisfies, unlockedBinaries } from './install.mjs';

const locked = {
  '': { version: '0.1.0' },
  'node_modules/tool': {
    version: '1.0.0',
    optionalDependencies: {
      '@tool/linux-x64-gnu': '1.0.0',
      '@tool/linux-x64-musl': '1.0.0',
      '@tool/darwin-arm64': '1.0.0',
    },
  },
  'node_modules/@tool/linux-x64-gnu': { version: '1.0.0', optional: true },
  'node_modules/@tool/linux-x64-musl': { version: '1.0.0', optional: true },
};

test('binaries that the lock file has no entry for are named for the platform that needs them', () => {
  expect(unlockedBinaries(locked, 'linux-x64')).toEqual([]);
  expect(unlockedBinaries(locked, 'darwin-arm64')).toEqual(['@tool/darwin-arm64@1.0.0']);
});

test('an installation made by hand counts when nothing is missing and no version differs', () => {
  const linux = {
    'node_modules/tool': { version: '1.0.0' },
    'node_modules/@tool/linux-x64-gnu': { version: '1.0.0' },
  };
  expect(satisfies(linux, locked, 'linux-x64')).toBe(true);
  expect(satisfies({ 'node_modules/@tool/linux-x64-gnu': { version: '1.0.0' } }, locked, 'linux-x64')).toBe(
    false,
  );
  expect(satisfies({ ...linux, 'node_modules/tool': { version: '0.9.0' } }, locked, 'linux-x64')).toBe(false);
  expect(satisfies(linux, locked, 'darwin-arm64')).toBe(false);
});
