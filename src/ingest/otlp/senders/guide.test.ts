/** What docs/guides/opentelemetry.md shows is what works: its snippets are run as they stand there. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROJECT } from '../../../testing/workspace.ts';
import { openReceiver, type Receiver } from './receiver.fixture.ts';
import { openUpstream, SECRET, type Upstream } from './upstream.fixture.ts';

const guide = readFileSync(join(PROJECT, 'docs/guides/opentelemetry.md'), 'utf8');
const snippets = [...guide.matchAll(/^### (.*?)\n[\s\S]*?```ts\n([\s\S]*?)\n```/gm)].map(
  (m) => [m[1] ?? '', m[2] ?? ''] as const,
);

let receiver: Receiver;
let upstream: Upstream;
let key: string;
beforeAll(async () => {
  [receiver, upstream] = await Promise.all([openReceiver('admin-secret'), openUpstream()]);
  key = await receiver.ingestKey();
});
afterAll(async () => {
  await receiver.close();
  await upstream.close();
});

test('every sender has a snippet', () => {
  expect(snippets).toHaveLength(5);
});

test.each(snippets)('%s', async (name, code) => {
  const env = {
    ...process.env,
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'k',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${key}`,
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    LANGFUSE_BASE_URL: receiver.url,
    LANGFUSE_PUBLIC_KEY: 'any',
    LANGFUSE_SECRET_KEY: key,
  };
  const run = promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', code], {
    cwd: PROJECT,
    env,
  });
  expect((await run).stdout).toContain(SECRET);
  const { answers, failures } = await receiver.newRecords();
  expect(failures).toEqual([]);
  expect(answers).toMatchObject([{ model: 'gpt-5-mini', promptTokens: 1000, completionTokens: 100 }]);
  // Without a user, who has the key is who called; OpenLLMetry tells none.
  const caller = name === 'OpenLLMetry' ? 'local' : 'ada';
  expect(answers[0]?.account).toBe(receiver.hashAccount(caller));
});
