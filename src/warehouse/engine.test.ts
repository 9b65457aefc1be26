/** The engine's settings from the environment. */
import { afterEach, expect, test, vi } from 'vitest';
import { openEngine } from './engine.ts';

afterEach(() => void vi.unstubAllEnvs());

test.each([
  ['STATEAI_THREADS', '3', "current_setting('threads')", 3],
  ['STATEAI_MEMORY', '2GiB', "current_setting('memory_limit')", '2.0 GiB'],
])('%s=%s holds', async (name, value, sql, expected) => {
  vi.stubEnv(name, value);
  const engine = await openEngine();
  expect(await engine.query(`SELECT ${sql} AS value`)).toEqual([{ value: expected }]);
  engine.close();
});

test.each([
  ['STATEAI_THREADS', '0'],
  ['STATEAI_THREADS', 'all'],
  ['STATEAI_MEMORY', 'lots'],
  ['STATEAI_MEMORY', '4'],
])('%s=%s is refused by name', async (name, value) => {
  vi.stubEnv(name, value);
  await expect(openEngine()).rejects.toMatchObject({ code: 'bad_setting', message: `${name} is "${value}"` });
});
