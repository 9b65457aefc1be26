/** Answers that are slow, busy, broken, huge or no answers at all. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Answer, apiServer } from './api-server.fixture.ts';
import { fetchJson, MOST_BYTES, retryAfterMs } from './http.ts';
import type { Runtime } from './source.ts';

const NOW = Date.parse('2026-06-15T12:00:00Z');
const SECRET = 'sk-admin-secret';

function setup(signal = new AbortController().signal) {
  const waits: number[] = [];
  const told: string[] = [];
  const runtime: Runtime = {
    env: {},
    now: () => NOW,
    sleep: async (ms) => void waits.push(ms),
    signal,
    onWait: (_, why) => void told.push(why),
  };
  const get = (url: string, timeoutMs?: number) =>
    fetchJson(
      {
        url: new URL(`${url}/v1/things?page=2&key=${SECRET}`),
        headers: { authorization: `Bearer ${SECRET}` },
        keyFrom: 'SOME_KEY',
        ...(timeoutMs ? { timeoutMs } : {}),
      },
      runtime,
    );
  return { runtime, waits, told, get };
}

const inTurn =
  (...answers: Answer[]) =>
  (_: unknown, number: number) =>
    answers[Math.min(number, answers.length) - 1] as Answer;

it('goes through the proxy that the environment names, and past it where it says so', async () => {
  await using api = await apiServer(() => ({ json: { fine: true } }));
  const reached: string[] = [];
  const proxy = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end('{"through": "the proxy"}');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { runtime, get } = setup();
  const url = `http://user:${SECRET}@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  runtime.env = { HTTP_PROXY: url };
  expect(await get(api.url)).toEqual({ through: 'the proxy' });
  expect(reached).toEqual([expect.stringContaining(`${api.url}/v1/things`)]);
  runtime.env = { HTTP_PROXY: url, NO_PROXY: '127.0.0.1' };
  expect(await get(api.url)).toEqual({ fine: true });
  expect(reached).toHaveLength(1);
  runtime.env = { HTTP_PROXY: `http://user:${SECRET}@127.0.0.1:1` };
  const error = await get(api.url).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'source_unreachable' });
  expect(String(error)).not.toContain(SECRET);
  proxy.closeAllConnections();
  proxy.close();
});

describe('answers', () => {
  it.each([
    ['429 with Retry-After', { json: {}, status: 429, headers: { 'retry-after': '7' } }],
    ['503', { text: '<html>down</html>', status: 503 }],
    ['529', { json: {}, status: 529 }],
    ['cut off by the connection', { cut: '{"data": [' }],
    ['cut off in silence', { text: '{"data": [{"a": 1}, {"b"' }],
  ] satisfies [string, Answer][])('%s: is asked for again', async (_, first) => {
    await using api = await apiServer(inTurn(first, { json: { fine: true } }));
    const { get, waits } = setup();
    expect(await get(api.url)).toEqual({ fine: true });
    expect(api.asked).toHaveLength(2);
    expect(waits).toHaveLength(1);
  });

  it('waits as long as it is told, and longer each time when it is not', async () => {
    await using api = await apiServer(
      inTurn(
        { json: {}, status: 429, headers: { 'retry-after': '90' } },
        { json: {}, status: 500 },
        { json: {}, status: 500 },
        { json: [] },
      ),
    );
    const { get, waits, told } = setup();
    await get(api.url);
    expect(waits[0]).toBe(90_000);
    expect(waits[1]).toBeGreaterThanOrEqual(1500);
    expect(waits[2]).toBeGreaterThanOrEqual(3000);
    expect(told[0]).toContain('too many requests (HTTP 429)');
  });

  it('gives up after six tries', async () => {
    await using api = await apiServer(() => ({ text: 'no', status: 502 }));
    const { get } = setup();
    await expect(get(api.url)).rejects.toMatchObject({ code: 'source_failed' });
    expect(api.asked).toHaveLength(6);
  });

  it('does not wait for hours', async () => {
    await using api = await apiServer(() => ({ json: {}, status: 429, headers: { 'retry-after': '7200' } }));
    const { get, waits } = setup();
    await expect(get(api.url)).rejects.toMatchObject({
      code: 'source_busy',
      message: `${api.url}/v1/things asks to wait for 120 minutes`,
    });
    expect(waits).toEqual([]);
  });

  it.each([
    ['401', { json: { error: 'who?' }, status: 401 }, 'key_refused'],
    ['403', { text: '<html>', status: 403 }, 'key_refused'],
    ['404', { json: {}, status: 404 }, 'no_api'],
    ['a redirect', { text: '', status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'no_api'],
    ['a web page', { text: '<!doctype html><html>Log in</html>' }, 'not_json'],
  ] satisfies [string, Answer, string][])('%s: is not asked for again', async (_, answer, code) => {
    await using api = await apiServer(() => answer);
    const { get } = setup();
    await expect(get(api.url)).rejects.toMatchObject({ code });
    expect(api.asked).toHaveLength(1);
  });

  it('nothing of key, query or answer stands in what it says', async () => {
    for (const answer of [
      { json: { error: 'answer-canary' }, status: 401 },
      { text: '<html>answer-canary</html>' },
      { text: '{"answer-canary', status: 200 },
      { json: { error: 'answer-canary' }, status: 500 },
    ] satisfies Answer[]) {
      await using api = await apiServer(() => answer);
      const { get, told } = setup();
      const error = (await get(api.url).catch((e: unknown) => e)) as Error & { next: string };
      const said = [error.message, error.next, ...told].join('\n');
      expect(said).toContain(`${api.url}/v1/things`);
      expect(said).not.toMatch(/answer-canary|sk-admin-secret|page=2/);
    }
  });

  it('an answer that never comes is a time-out', async () => {
    await using api = await apiServer(inTurn({ silent: true }, { json: 1 }));
    const { get, told } = setup();
    expect(await get(api.url, 100)).toBe(1);
    expect(told[0]).toContain('takes too long to answer');
  });

  it('an answer without end is not read to its end', async () => {
    const server = createServer((_, response) => {
      const chunk = Buffer.alloc(1 << 20, 0x20);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { get } = setup();
    await expect(get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).rejects.toMatchObject({
      code: 'page_too_large',
      message: expect.stringContaining(`${MOST_BYTES >> 20} MiB`),
    });
    server.closeAllConnections();
    server.close();
  });

  it('nobody there', async () => {
    const { get } = setup();
    await expect(get('http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining('(ECONNREFUSED)'),
    });
  });

  it('ends at once when it is told to', async () => {
    const stopping = new AbortController();
    await using api = await apiServer(() => {
      stopping.abort();
      return { silent: true };
    });
    const { get } = setup(stopping.signal);
    await expect(get(api.url)).rejects.toMatchObject({ name: 'AbortError' });
    expect(api.asked).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  it.each([
    ['30', 30_000],
    ['0', 0],
    ['1.5', 1500],
    ['Mon, 15 Jun 2026 12:02:00 GMT', 120_000],
    ['Mon, 15 Jun 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%s', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
