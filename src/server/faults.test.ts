/** The server on a bad day: large and slow clients, a full disk, a data directory that is taken away. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { recordedIds } from '../bench/recorded-ids.ts';
import { chatEvents, fakeUpstream } from '../testing/gateway.ts';
import { type ServerProcess, startServer, writeConfig } from '../testing/server-process.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { lastWords } from './crash.ts';
import { buildServer } from './server.ts';

// Whole servers, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
let server: ServerProcess | null = null;
afterEach(async () => {
  await server?.stop('SIGKILL');
  server = null;
});
afterAll(() => directory[Symbol.asyncDispose]());

const at = (name: string) => join(directory.path, name);

/** One request to the sandbox; answers the id of its generation. */
async function ask(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'stateai/sandbox', messages: [{ role: 'user', content: 'Hello.' }] }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { id: string }).id;
}
const askMany = (url: string, count: number) => Promise.all(Array.from({ length: count }, () => ask(url)));
const metric = async (url: string, name: string) =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1]);
const ready = async (url: string) => {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: (await response.json()) as { trouble: string | null } };
};
const slow = { timeout: 20_000, interval: 100 };

test('a hundred megabytes are refused, and take no memory', async () => {
  server = await startServer({ data: at('large') });
  await askMany(server.url, 5);
  const residentOf = async (pid: number | undefined) =>
    Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  const isLinux = process.platform === 'linux';
  const before = isLinux ? await residentOf(server.child.pid) : 0;
  const big = new Uint8Array(100 << 20).fill(120);
  for (let i = 0; i < 3; i++) {
    const response = await fetch(`${server.url}/api/v1/chat/completions`, { method: 'POST', body: big });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 413 } });
  }
  // Nor where it does not say how much is coming: then at most what one request may hold.
  const stream = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 100; i++) controller.enqueue(big.subarray(0, 1 << 20));
      controller.close();
    },
  });
  const response = await fetch(`${server.url}/api/v1/chat/completions`, {
    method: 'POST',
    body: stream,
    duplex: 'half',
  } as RequestInit);
  expect(response.status).toBe(413);
  if (isLinux) expect((await residentOf(server.child.pid)) - before).toBeLessThan(150);
  expect(await metric(server.url, 'stateai_requests_in_flight')).toBe(0);
  // Its accounts are of use to the tests below.
  expect(await server.stop()).toBe(0);
});

test('slow senders of headers and bodies are cut off, and hold up nobody', async () => {
  const app = await buildServer({
    dataDir: at('slow'),
    adminSecret: null,
    slowestRequestMs: 500,
  });
  try {
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const trickle = async (start: string) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      // Cut off in the middle of a write, it gets an error first.
      socket.on('error', () => undefined).on('data', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(start);
      const timer = setInterval(() => socket.write('a'), 50);
      await closed;
      clearInterval(timer);
    };
    const path = 'POST /api/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n';
    const cut = Promise.all([
      trickle(`${path}X-A: `),
      trickle(`${path}Content-Length: 100000\r\n\r\n{"model":"`),
      trickle(`${path}Transfer-Encoding: chunked\r\n\r\nffff\r\n{`),
    ]);
    await ask(url);
    await cut;
    expect(await metric(url, 'stateai_requests_in_flight')).toBe(0);
  } finally {
    await app.close();
  }
});

const mount = join(process.env.TMPDIR ?? '/tmp', `stateai-small-disk-${process.pid}`);
const isMounted = (() => {
  if (process.getuid?.() !== 0) return false;
  try {
    mkdirSync(mount, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=150m', 'tmpfs', mount], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
afterAll(async () => {
  if (isMounted) execFileSync('umount', ['-l', mount]);
  await rm(mount, { recursive: true, force: true });
});

test.skipIf(!isMounted)(
  'a full disk: requests are answered, records wait, none is written twice',
  async () => {
    const data = join(mount, 'data');
    server = await startServer({ data, accountsOf: at('large') });
    const { url } = server;
    const ids = await askMany(url, 50);
    await vi.waitFor(async () => expect(await metric(url, 'stateai_records_waiting')).toBe(0), slow);
    // Full to the last page, but for what a file has begun already.
    const filler = join(mount, 'filler');
    await writeFile(filler, Buffer.alloc(150 << 20)).catch(() => undefined);
    await vi.waitFor(async () => {
      ids.push(...(await askMany(url, 50)));
      expect(await ready(url)).toMatchObject({
        status: 503,
        body: { trouble: expect.stringContaining('disk is full') },
      });
    }, slow);
    ids.push(...(await askMany(url, 50)));
    expect(await metric(url, 'stateai_records_waiting')).toBeGreaterThan(0);
    await sleep(1500);
    await rm(filler);
    await vi.waitFor(async () => expect(await metric(url, 'stateai_records_waiting')).toBe(0), slow);
    expect((await ready(url)).status).toBe(200);
    expect(await metric(url, 'stateai_records_lost')).toBe(0);
    expect(await server.stop()).toBe(0);
    expect((await recordedIds(data)).sort()).toEqual(ids.sort());
  },
);

test('a data directory that is taken away: requests are answered, records wait until it is back', async () => {
  const data = at('removed');
  server = await startServer({ data, accountsOf: at('large') });
  const { url } = server;
  const ids = await askMany(url, 20);
  // Nobody writes to it any more.
  await vi.waitFor(
    async () => {
      const { datasets } = await (await fetch(`${url}/stats/v1/datasets`)).json();
      expect(datasets).toMatchObject([{ requests: 20 }]);
    },
    { ...slow, timeout: 60_000 },
  );
  // Removed as a whole, so that the journal's open file is gone as well.
  const backup = at('backup');
  execFileSync('cp', ['-r', data, backup]);
  await rm(data, { recursive: true, maxRetries: 5 });
  ids.push(...(await askMany(url, 20)));
  await vi.waitFor(async () => {
    ids.push(await ask(url));
    expect(await ready(url)).toMatchObject({
      status: 503,
      body: { trouble: expect.stringContaining('journal') },
    });
  }, slow);
  await rename(backup, data);
  await vi.waitFor(async () => expect(await metric(url, 'stateai_records_waiting')).toBe(0), slow);
  expect((await ready(url)).status).toBe(200);
  expect(await server.stop()).toBe(0);
  expect(new Set(await recordedIds(data))).toEqual(new Set(ids));
});

test('it goes on when nobody reads its output any more', async () => {
  server = await startServer({ data: at('unread'), accountsOf: at('large'), env: { STATEAI_LOG: 'info' } });
  server.child.stderr?.destroy();
  server.child.stdout?.destroy();
  await askMany(server.url, 10);
  await sleep(50);
  await askMany(server.url, 10);
  server.child.kill('SIGTERM');
  expect(await new Promise((resolve) => server?.child.once('exit', resolve))).toBe(0);
});

test('answers that take longer than the end may are cut off, and recorded all the same', async () => {
  const endless = await fakeUpstream((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const writing = setInterval(() => response.write(chatEvents(['word'])[0]), 20);
    response.on('close', () => clearInterval(writing));
  });
  const data = at('cut');
  mkdirSync(data);
  await writeConfig(data, {
    providers: [{ slug: 'up', url: endless.url, lists: false, models: [{ slug: 'acme/m', id: 'm' }] }],
  });
  const app = await buildServer({ dataDir: data, adminSecret: null, drainMs: 100 });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const answers = await Promise.all(
    Array.from({ length: 5 }, () =>
      fetch(`${url}/api/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({
          model: 'acme/m',
          stream: true,
          messages: [{ role: 'user', content: 'Hello.' }],
        }),
      }),
    ),
  );
  const ends = answers.map((answer) => expect(answer.text()).rejects.toThrow());
  await app.close();
  // The process would end now.
  const files = readdirSync(join(data, 'datasets/live/journal')).map((name) =>
    readFileSync(join(data, 'datasets/live/journal', name), 'utf8'),
  );
  await Promise.all(ends);
  const ids = answers.map((answer) => answer.headers.get('x-generation-id'));
  expect(ids.filter((id) => !files.join('').includes(String(id)))).toEqual([]);
  await endless.close();
});

test('last words say where, not what', () => {
  const secret = 'the prompt\n    at the prompt';
  const words = lastWords(Object.assign(new TypeError(`Unexpected token in "${secret}"`), { code: 'ERR_X' }));
  expect(words).toMatch(/^Unexpected TypeError ERR_X\n\s+at .*faults\.test\.ts/);
  expect(words).not.toContain('the prompt');
  expect(lastWords(secret)).toBe('Unexpected error\n');
  expect(lastWords(undefined)).toBe('Unexpected error\n');
});
