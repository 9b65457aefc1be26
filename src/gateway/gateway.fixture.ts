/** For tests of the gateway: upstreams as a test makes them up, a gateway before them, and one question. */
import { type FakeUpstream, fakeUpstream, type TestGateway, testGateway } from '../testing/gateway.ts';
import { opened } from '../testing/opened.ts';
import type { ConfigFile } from './config/schema.ts';

export const upstream = (answer: Parameters<typeof fakeUpstream>[0]): Promise<FakeUpstream> =>
  opened(fakeUpstream(answer));

/** The upstreams are the providers `p0`, `p1` … */
export const gatewayTo = (upstreams: readonly FakeUpstream[], more: ConfigFile = {}): Promise<TestGateway> =>
  opened(
    testGateway({
      providers: upstreams.map((u, i) => ({ slug: `p${i}`, url: u.url, lists: false, apiKey: `key-${i}` })),
      retries: { baseMs: 5 },
      ...more,
    }),
  );

export const post = (
  gateway: TestGateway,
  body: object | string,
  path = '/chat/completions',
  init: RequestInit = {},
): Promise<Response> =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });

export const ask = { model: 'some/model', messages: [{ role: 'user', content: 'Say hello.' }] };

/** The JSON of a stream's events. */
export const eventsOf = (text: string) =>
  text
    .split('\n\n')
    .filter((e) => e.startsWith('data: {'))
    .map((e) => JSON.parse(e.slice(6)));
