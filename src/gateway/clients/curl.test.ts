/** Plain curl against the gateway, as docs/guides/gateway.md shows it. */
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { COST, COUNTED, openWorld, type World } from './setup.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const run = promisify(execFile);
const call = (path: string, body: object, ...more: string[]) =>
  run('curl', [
    '-s',
    '-H',
    'Content-Type: application/json',
    ...more,
    '-d',
    JSON.stringify(body),
    world.url + path,
  ]);
const say = (content: string) => [{ role: 'user', content }];

test('the first curl of the guide works as it stands there', async () => {
  const guide = readFileSync(new URL('../../../docs/guides/gateway.md', import.meta.url), 'utf8');
  const command = /```sh\n(curl http:\/\/localhost:4141[\s\S]*?)\n```/.exec(guide)?.[1] ?? '';
  expect(command).toContain('stateai/sandbox');
  const { stdout } = await run('sh', [
    '-c',
    `${command.replace('http://localhost:4141/api/v1', world.url)} -s`,
  ]);
  const answer = JSON.parse(stdout);
  expect(answer).toMatchObject({ model: 'stateai/sandbox', usage: { cost: 0 } });
  expect(await world.recordOf(answer.id)).toMatchObject({ status: 200 });
});

test('headers and lines of a stream are as the contract says', async () => {
  const body = { model: 'test/model', stream: true, messages: say('hello') };
  const { stdout } = await call('/chat/completions', body, '-i', '-N');
  const [head = '', ...rest] = stdout.split('\r\n\r\n');
  expect(head).toMatch(/content-type: text\/event-stream/i);
  const id = /x-generation-id: (gen-\S+)/i.exec(head)?.[1];
  const events = rest.join('').trim().split('\n\n');
  expect(events.at(-1)).toBe('data: [DONE]');
  const chunks = events.slice(0, -1).map((e) => JSON.parse(e.replace(/^data: /, '')));
  for (const chunk of chunks) {
    expect(chunk).toMatchObject({
      id,
      object: 'chat.completion.chunk',
      provider: 'mock',
      model: 'test/model',
    });
    for (const choice of chunk.choices) expect(choice).toHaveProperty('finish_reason');
  }
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { cost: COST, is_byok: false } });
  expect(await world.recordOf(id)).toMatchObject({ ...COUNTED, streamed: true });
});

test('a stream of Messages is Anthropic’s, event by event', async () => {
  const body = { model: 'chatty/model', max_tokens: 99, stream: true, messages: say('hello') };
  const { stdout } = await call('/messages', body, '-N', '-H', 'anthropic-version: 2023-06-01');
  const names = [...stdout.matchAll(/^event: (\S+)$/gm)].map((m) => m[1]);
  expect(names[0]).toBe('message_start');
  expect(names.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
});

test('errors have their status, their code and their Retry-After', async () => {
  const shown = async (model: string) => {
    const { stdout } = await call('/chat/completions', { model, messages: say('x') }, '-i');
    const [head = '', body = ''] = stdout.split('\r\n\r\n');
    return { head, error: JSON.parse(body).error };
  };
  const limited = await shown('mock/fails-429');
  expect(limited.head).toMatch(/^HTTP\/1\.1 429 /);
  expect(limited.head).toMatch(/retry-after: 21/i);
  expect(limited.error).toMatchObject({ code: 429, metadata: { provider_name: 'mock' } });
  expect((await shown('nobody/has-this')).error).toMatchObject({ code: 404 });
  const { stdout } = await run('curl', [
    '-s',
    '-d',
    '{"model": "test/model", "messages"',
    `${world.url}/chat/completions`,
  ]);
  expect(JSON.parse(stdout).error).toMatchObject({ code: 400, message: expect.stringContaining('JSON') });
});

test('interrupting curl hangs up on the upstream', async () => {
  const before = world.endless.hungUp;
  const next = world.nextRecord();
  const body = JSON.stringify({ model: 'endless/model', stream: true, messages: say('go') });
  const curl = spawn('curl', ['-s', '-N', '-d', body, `${world.url}/chat/completions`]);
  await new Promise((resolve) => curl.stdout.once('data', resolve));
  curl.kill('SIGINT');
  await vi.waitFor(() => expect(world.endless.hungUp).toBe(before + 1), { timeout: 10_000 });
  expect(await next).toMatchObject({ cancelled: true, status: 200 });
});
