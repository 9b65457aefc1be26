/** What keeps a server from starting is told before anything is opened. */
import { afterEach, expect, test, vi } from 'vitest';
import { finished, spawnCli } from '../testing/workspace.ts';
import { start } from './start.ts';

afterEach(() => void vi.unstubAllEnvs());

test.each([
  ['STATEAI_LOG', 'loud'],
  ['STATEAI_NICENESS', '20'],
  ['STATEAI_NICENESS', '-5'],
])('%s=%s is refused by name', async (name, value) => {
  vi.stubEnv(name, value);
  const started = start({ data: '/dev/null/none', port: '0', host: '127.0.0.1', demo: false, workers: '0' });
  await expect(started).rejects.toMatchObject({ code: 'bad_setting', message: `${name} is "${value}"` });
});

test('a file where the data directory should be', async () => {
  const started = start({ data: '/dev/null', port: '0', host: '127.0.0.1', demo: false, workers: '0' });
  await expect(started).rejects.toMatchObject({ code: 'not_a_directory', next: 'Give a directory.' });
});

test('an older Node is told what it takes', async () => {
  const older =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } })';
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(older)}`;
  const ran = await finished(spawnCli(['--version'], { NODE_OPTIONS }));
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toContain('needs Node 24 or newer, and this is 20.1.0');
});
