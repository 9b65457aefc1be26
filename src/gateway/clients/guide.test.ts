/** What docs/guides/gateway.md shows is what works: its snippets are run, its configuration is read. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROJECT, temporaryDirectory } from '../../testing/workspace.ts';
import { readConfig } from '../config/config.ts';
import { PRESETS } from '../config/presets.ts';
import { openWorld, type World } from './setup.ts';

const guide = readFileSync(join(PROJECT, 'docs/guides/gateway.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'g'))].map((m) => m[1] ?? '');

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test.each(blocks('ts').map((code) => [/from '(.*?)'/.exec(code)?.[1] ?? '', code]))(
  'the snippet for %s prints an answer, and is recorded',
  async (_, code) => {
    const next = world.nextRecord();
    const here = code.replace('http://localhost:4141/api', world.apiUrl);
    const run = promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', here], {
      cwd: PROJECT,
    });
    expect((await run).stdout).toContain('This is the sandbox model of StateAI.');
    expect(await next).toMatchObject({ model: 'stateai/sandbox', status: 200 });
  },
);

test('the configuration can be read', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'gateway.yaml');
  writeFileSync(path, blocks('yaml')[0] ?? '');
  const { providers } = readConfig(path, { OPENAI_KEY_OF_TEAM_A: 'a', VLLM_KEY: 'v', GROQ_API_KEY: 'g' });
  expect(providers.map((p) => p.slug)).toEqual(['openai', 'our-vllm', 'claude-proxy', 'groq']);
  expect(providers[0]).toMatchObject({ apiKey: 'a', urls: { responses: expect.any(String) } });
});

test('every provider that is known stands there with its variables', () => {
  for (const { slug, keyVariables, urlVariable } of PRESETS)
    for (const word of [slug, ...keyVariables, ...(urlVariable ? [urlVariable] : [])])
      expect(guide).toContain(`\`${word}\``);
});
