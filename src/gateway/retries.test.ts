/** What is tried again, and when: repeats, rests, time-outs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { chatBody, json } from '../testing/gateway.ts';
import type { ConfigFile } from './config/schema.ts';
import { ask, gatewayTo, post, upstream } from './gateway.fixture.ts';

/** Nearly as long as anybody waits for another try. */
const LONG_WAIT_S = 9;

test('models are fallbacks for one another', async () => {
  const up = await upstream((r, { body }) =>
    JSON.parse(body).model === 'good' ? json(r, chatBody()) : json(r, { error: { message: 'no' } }, 503),
  );
  const gateway = await gatewayTo([up]);
  const body = await (await post(gateway, { ...ask, model: 'p0/bad', models: ['p0/good'] })).json();
  expect(body.choices[0].message.content).toBe('Hello.');
  expect(await gateway.record()).toMatchObject({ status: 200 });
});

test('what is safe to repeat is repeated', async () => {
  let calls = 0;
  const up = await upstream((r) =>
    ++calls < 3 ? json(r, { error: { message: 'busy' } }, 503, { 'retry-after': '0' }) : json(r, chatBody()),
  );
  const gateway = await gatewayTo([up]);
  expect((await post(gateway, ask)).status).toBe(200);
  expect(calls).toBe(3);
});

test('what an upstream may have worked on is not repeated', async () => {
  const up = await upstream((r) => json(r, { error: { message: 'broken' } }, 500));
  const gateway = await gatewayTo([up]);
  const response = await post(gateway, ask);
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: { code: 502, metadata: { provider_name: 'p0' } } });
  expect(up.requests).toHaveLength(1);
});

test('an endpoint that fails again and again rests', async () => {
  const up = await upstream((r) => json(r, { error: { message: 'broken' } }, 500));
  const gateway = await gatewayTo([up], { retries: { baseMs: 1, failuresToOpen: 3 } });
  for (let i = 0; i < 3; i++) expect((await post(gateway, ask)).status).toBe(502);
  const response = await post(gateway, ask);
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(up.requests).toHaveLength(3);
});

test('an endpoint that has rested is there again, though another one answered meanwhile', async () => {
  let isWell = false;
  const shaky = await upstream((r) =>
    isWell ? json(r, chatBody('shaky')) : json(r, { error: { message: 'broken' } }, 500),
  );
  const steady = await upstream((r) => json(r, chatBody('steady')));
  const gateway = await gatewayTo([shaky, steady], { retries: { failuresToOpen: 1, coolDownMs: 50 } });
  const answered = async (order: string[]) =>
    (await (await post(gateway, { ...ask, provider: { order } })).json()).choices[0].message.content;
  expect(await answered(['p0', 'p1'])).toBe('steady');
  await sleep(100);
  isWell = true;
  // It could be tried, but need not be.
  expect(await answered(['p1', 'p0'])).toBe('steady');
  expect(await answered(['p0', 'p1'])).toBe('shaky');
});

test('Retry-After of an upstream reaches the client', async () => {
  const up = await upstream((r) =>
    json(r, { error: { message: 'slow down' } }, 429, { 'retry-after': '77' }),
  );
  const gateway = await gatewayTo([up]);
  const response = await post(gateway, ask);
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('77');
  expect((await response.json()).error).toMatchObject({ code: 429, message: 'slow down' });
});

test.each([
  ['2500', '3'],
  ['2500.5', '3'],
  ['soon', '77'],
])('milliseconds of an upstream (%s) go before its seconds', async (ms, seconds) => {
  const up = await upstream((r) =>
    json(r, { error: { message: 'slow down' } }, 429, { 'retry-after-ms': ms, 'retry-after': '77' }),
  );
  const gateway = await gatewayTo([up], { retries: { perEndpoint: 0 } });
  expect((await post(gateway, ask)).headers.get('retry-after')).toBe(seconds);
});

test('an upstream that hangs is given up in time', async () => {
  const up = await upstream(() => undefined);
  const gateway = await gatewayTo([up], { timeouts: { firstByteMs: 300 } });
  const response = await post(gateway, ask);
  expect(response.status).toBe(408);
  expect(await gateway.record()).toMatchObject({ status: 408, finishReason: 'error' });
});

test('a new configuration says anew how often is tried, and when an endpoint rests', async () => {
  const up = await upstream((r) => json(r, { error: { message: 'overloaded' } }, 503));
  const of = (perEndpoint: number, failuresToOpen: number): ConfigFile => ({
    retries: { perEndpoint, baseMs: 1, failuresToOpen, coolDownMs: 60_000 },
  });
  const gateway = await gatewayTo([up], of(0, 1000));
  const asked = async () => {
    const before = up.requests.length;
    await post(gateway, ask);
    return up.requests.length - before;
  };
  expect([await asked(), await asked(), await asked()]).toEqual([1, 1, 1]);
  const { providers } = gateway.gateway.upstreams().config;
  const { resolveConfig } = await import('./config/config.ts');
  const reconfigure = (file: ConfigFile) =>
    gateway.gateway.reconfigure({ ...resolveConfig({ environment: false, ...file }, {}), providers });
  reconfigure(of(1, 1000));
  expect(await asked()).toBe(2);
  reconfigure(of(0, 2));
  // The one that makes it rest, and then it is left alone.
  expect([await asked(), await asked()]).toEqual([1, 0]);
});

test('a client that leaves between two tries holds nothing until the next one', async () => {
  const up = await upstream((r) =>
    json(r, { error: { message: 'busy' } }, 503, { 'retry-after': String(LONG_WAIT_S) }),
  );
  const gateway = await gatewayTo([up]);
  const stop = new AbortController();
  const response = post(gateway, ask, undefined, { signal: stop.signal });
  response.catch(() => undefined);
  while (up.requests.length === 0) await sleep(10);
  await sleep(100);
  const left = performance.now();
  stop.abort();
  expect(await gateway.record()).toMatchObject({ cancelled: true });
  expect(performance.now() - left).toBeLessThan((LONG_WAIT_S * 1000) / 2);
});
