/** `POST /messages/count_tokens`: the provider's own count where it speaks Messages, else an estimate. No generation. */
import { secretOf } from '../accounts/caller-secret.ts';
import { checkMayUse } from '../accounts/limits.ts';
import { promptTokensOf } from './accounting/estimate.ts';
import { errorBody, type Failure, failureOf, upstreamFailure } from './answer/errors.ts';
import type { ClientSide } from './client-side.ts';
import type { Gateway } from './gateway.ts';
import { requireLoopback } from './request/loopback.ts';
import { readRequest } from './request/read-request.ts';
import { spliceObject } from './request/scan-json.ts';
import { headersFor, passedOn } from './upstream/build-request.ts';
import { readWhole } from './upstream/read-whole.ts';

const NO_SUCH_PATH: ReadonlySet<number> = new Set([404, 405, 501]);

export async function countTokens(
  gateway: Gateway,
  body: Buffer | Failure | null,
  client: ClientSide,
): Promise<void> {
  if (body === null) return;
  const answer = (status: number, text: string | Buffer) =>
    client.respond(status, { 'content-type': 'application/json; charset=utf-8' }, text);
  const refuse = (failed: Failure) =>
    answer(failed.status, JSON.stringify(errorBody('messages', failed, 'count_tokens')));
  try {
    const caller = await gateway.accounts.authenticate(secretOf(client.headers));
    if (caller.key === null) requireLoopback(client.headers);
    if (!Buffer.isBuffer(body)) return refuse(body);
    const request = readRequest('messages', body);
    const [model = ''] = request.models;
    const { directory, client: upstream } = gateway.upstreams();
    const found = directory.find(model);
    checkMayUse(caller, found.variant ? `${found.model}:${found.variant}` : found.model);
    const endpoint = found.endpoints.find(
      (e) => e.dialects.includes('messages') && gateway.health.restMs(e.id) === 0,
    );
    const estimate = () => answer(200, JSON.stringify({ input_tokens: promptTokensOf(request.promptBytes) }));
    if (!endpoint) return estimate();
    const own = await gateway.accounts.byokKey(caller, endpoint.provider.slug);
    const call = upstream.call({
      url: `${endpoint.provider.urls.messages}/messages/count_tokens`,
      headers: {
        ...headersFor(endpoint.provider, 'messages', own ?? endpoint.provider.apiKey),
        ...passedOn({
          endpoint,
          route: { dialect: 'messages', translation: null },
          clientHeaders: client.headers,
        }),
      },
      body: spliceObject(
        body,
        request.members,
        new Map<string, unknown>([
          ['model', endpoint.upstreamModel],
          ...['models', 'provider', 'stream'].map((key) => [key, undefined] as const),
        ]),
      ),
    });
    client.onGone(call.abort);
    const given = await call.answer;
    const bytes = await readWhole(given, 1 << 20);
    // Many who speak Messages have no such path. Anthropic has, and means the model.
    if (NO_SUCH_PATH.has(given.status) && endpoint.provider.preset !== 'anthropic') return estimate();
    if (given.status >= 300)
      return refuse(upstreamFailure(given.status, given.headers, bytes, endpoint.provider.name));
    answer(200, bytes);
  } catch (error) {
    refuse(failureOf(error));
  }
}
