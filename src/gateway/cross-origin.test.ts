/** Web pages of other addresses: with a key they may read what the gateway says, without one those of this machine alone. */
import { expect, test } from 'vitest';
import { ask, gatewayTo, post } from './gateway.fixture.ts';

const ELSEWHERE = 'https://app.example';
const HERE = 'http://localhost:3000';

test.each([
  ['elsewhere, with a key', ELSEWHERE, { authorization: 'Bearer sk-wrong' }, ELSEWHERE],
  ['elsewhere, with a key as Anthropic’s SDK sends it', ELSEWHERE, { 'x-api-key': 'sk-wrong' }, ELSEWHERE],
  ['elsewhere, without a key', ELSEWHERE, {}, null],
  ['this machine, without a key', HERE, {}, HERE],
  ['no address (a file)', 'null', {}, null],
])('a page of %s', async (_, origin, key, readable) => {
  const gateway = await gatewayTo([]);
  const body = { ...ask, model: 'stateai/sandbox' };
  const { headers, status } = await post(gateway, body, undefined, { headers: { origin, ...key } });
  expect(headers.get('access-control-allow-origin')).toBe(readable);
  expect(status).toBe(origin === HERE ? 200 : 403);
  if (readable !== null) expect(headers.get('access-control-expose-headers')).toContain('x-generation-id');
  // Cookies never go along.
  expect(headers.get('access-control-allow-credentials')).toBe(null);

  const asking = await fetch(`${gateway.url}/chat/completions`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': ['content-type', 'x-title', ...Object.keys(key)].join(','),
    },
  });
  expect(asking.status).toBe(204);
  expect(asking.headers.get('access-control-allow-origin')).toBe(readable);
  expect(asking.headers.get('access-control-allow-headers')).toContain('x-title');
  expect(asking.headers.get('access-control-allow-methods')).toContain('POST');
});

test('who is no page gets no such headers', async () => {
  const gateway = await gatewayTo([]);
  const { headers } = await post(gateway, { ...ask, model: 'stateai/sandbox' });
  expect([headers.get('vary'), headers.get('access-control-allow-origin')]).toEqual([null, null]);
});
