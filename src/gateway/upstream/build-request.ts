/** The request as an upstream gets it: its dialect, its name of the model, its key; nothing that is the gateway's own. */
import { StateaiError } from '../../generation/errors.ts';
import { arrayOf, isObject, objectOf } from '../../json/read.ts';
import type { Provider } from '../config/config.ts';
import { isAggregator, isNamed } from '../config/provider-names.ts';
import type { Dialect, Json, JsonObject, Translation } from '../contract.ts';
import type { GatewayRequest } from '../request/read-request.ts';
import { readMember, spliceObject } from '../request/scan-json.ts';
import type { Endpoint } from '../routing/endpoints.ts';
import { claudeLimits } from '../translate/claude-models.ts';
import { plainChatRequest } from '../translate/plain-chat-request.ts';
import { thinkingOf, wishOfChat } from '../translate/reasoning-effort.ts';
import { translationFor } from '../translate/registry.ts';
import type { UpstreamRequest } from './http.ts';

/** How a client's dialect reaches an endpoint. */
export interface Route {
  dialect: Dialect;
  /** null = both speak the same. */
  translation: Translation | null;
}

/** Dialects that others are translated into, best first. */
const TARGETS: readonly Dialect[] = ['chat', 'messages', 'responses'];

/** null = the endpoint cannot answer a client of that dialect. */
export function routeTo(endpoint: Endpoint, dialect: Dialect): Route | null {
  const spoken: readonly Dialect[] = endpoint.local ? ['chat'] : endpoint.dialects;
  if (spoken.includes(dialect)) return { dialect, translation: null };
  for (const target of TARGETS) {
    const translation = spoken.includes(target) ? translationFor(dialect, target) : null;
    if (translation) return { dialect: target, translation };
  }
  return null;
}

/** Members that the gateway acts upon itself; an OpenRouter upstream understands most of them too. */
const OWN = ['models', 'route', 'session_id', 'usage'];
const OPENROUTER = ['provider', 'transforms', 'plugins', 'preset', 'reasoning', 'trace'];

const PATHS: Record<Dialect, string> = {
  chat: 'chat/completions',
  completions: 'completions',
  responses: 'responses',
  messages: 'messages',
  embeddings: 'embeddings',
};

export interface Addressed {
  endpoint: Endpoint;
  route: Route;
  variant: string | null;
  apiKey: string | null;
  /** The client's headers, of which a few are passed on. */
  clientHeaders: Readonly<Record<string, unknown>>;
}

/** @throws `bad_request` where something in it cannot be said in the upstream's dialect */
export function buildRequest(request: GatewayRequest, to: Addressed): UpstreamRequest {
  const { endpoint, route } = to;
  const base = endpoint.provider.urls[route.dialect];
  const body = route.translation
    ? Buffer.from(JSON.stringify(translatedBody(request, to, route.translation)))
    : splicedBody(request, to);
  return {
    url: `${base}/${PATHS[route.dialect]}`,
    headers: {
      ...headersFor(endpoint.provider, route.dialect, to.apiKey),
      ...passedOn(to),
      accept: request.stream ? 'text/event-stream' : 'application/json',
    },
    body,
  };
}

/** The body in `chat`, for what answers in this process. */
export function localBody(request: GatewayRequest, to: Addressed): JsonObject {
  if (to.route.translation) return translatedBody(request, to, to.route.translation);
  return JSON.parse(splicedBody(request, to).toString()) as JsonObject;
}

/** The client's body, where an answer in its dialect repeats parts of it. */
export const repeatedBody = ({ dialect, body }: GatewayRequest): JsonObject | undefined =>
  dialect === 'responses' ? (JSON.parse(body.toString()) as JsonObject) : undefined;

/** Only what has to change does: every other byte is the client's. */
function splicedBody(request: GatewayRequest, { endpoint, route, variant }: Addressed): Buffer {
  const { body, members, stream, dialect } = request;
  const takesAll = isAggregator(endpoint.provider);
  const changes = new Map<string, unknown>([['model', upstreamName(endpoint, variant)]]);
  for (const key of takesAll ? OWN : [...OWN, ...OPENROUTER])
    if (members.some((m) => m.key === key)) changes.set(key, undefined);
  if (takesAll && members.some((m) => m.key === 'provider'))
    changes.set('provider', providersOfItsOwn(request, endpoint.provider));
  // Responses has a `reasoning` of its own.
  if (dialect === 'responses') changes.delete('reasoning');
  if (stream && (route.dialect === 'chat' || route.dialect === 'completions') && !endpoint.local) {
    const member = members.find((m) => m.key === 'stream_options');
    const given = member ? readMember(body, member) : null;
    changes.set('stream_options', { ...objectOf(given), include_usage: true });
  }
  if (takesAll) return spliceObject(body, members, changes);
  if (variant === 'thinking' && !members.some((m) => REASONING.includes(m.key)))
    for (const [key, value] of Object.entries(thinkingIn(request, endpoint))) changes.set(key, value);
  if (dialect !== 'chat') return spliceObject(body, members, changes);
  if (!needsPlain(endpoint.provider, request)) return spliceObject(body, members, changes);
  changes.delete('reasoning');
  const plain = plainChatRequest(JSON.parse(spliceObject(body, members, changes).toString()) as JsonObject, {
    keepReasoning: endpoint.provider.keepsReasoning,
  });
  return Buffer.from(JSON.stringify(plain));
}

/** The client's `provider` without the name of the aggregator that gets it: what is left are providers of its own. */
function providersOfItsOwn({ body, members }: GatewayRequest, self: Provider): Json | undefined {
  const member = members.find((m) => m.key === 'provider');
  const given = member ? (readMember(body, member) as Json) : null;
  if (!isObject(given)) return undefined;
  const isSelf = (name: Json) => typeof name === 'string' && isNamed(self, name.toLowerCase());
  const rest: JsonObject = { ...given };
  for (const key of ['order', 'only', 'ignore'])
    if (arrayOf(given[key]).some(isSelf)) {
      const others = arrayOf(given[key]).filter((name) => !isSelf(name));
      // Whoever accepts the aggregator accepts all of its providers.
      if (key === 'only' || others.length === 0) delete rest[key];
      else rest[key] = others;
    }
  return rest;
}

/** Members by which a request says itself how much is thought. */
const REASONING = ['reasoning', 'reasoning_effort', 'thinking'];

/** `:thinking`, in the words of each dialect. */
function thinkingIn(
  { dialect, maxCompletionTokens }: GatewayRequest,
  { upstreamModel }: Endpoint,
): Record<string, unknown> {
  if (dialect === 'chat') return { reasoning_effort: 'medium' };
  if (dialect === 'responses') return { reasoning: { effort: 'medium' } };
  if (dialect !== 'messages') return {};
  const limits = claudeLimits(upstreamModel);
  const { thinking } = thinkingOf(
    wishOfChat({ reasoning: { enabled: true } }),
    limits,
    maxCompletionTokens ?? 0,
  );
  return thinking ? { thinking } : {};
}

/** OpenRouter's additions to messages, which other providers refuse. */
const ADDITIONS = ['"reasoning_details"', '"cache_control"', '"is_error"'];

/** Known providers take OpenAI's fields alone; what stands behind an address of one's own may take more. */
function needsPlain({ preset }: Provider, { body, members }: GatewayRequest): boolean {
  if (members.some((m) => m.key === 'reasoning')) return true;
  return preset !== null && ADDITIONS.some((word) => body.includes(word));
}

function translatedBody(
  request: GatewayRequest,
  { endpoint, route, variant }: Addressed,
  translation: Translation,
): JsonObject {
  let body: JsonObject;
  try {
    body = JSON.parse(request.body.toString()) as JsonObject;
  } catch {
    throw new StateaiError('bad_request', 'The body is no valid JSON', 'Correct the request.');
  }
  for (const key of [...OWN, ...OPENROUTER]) if (key !== 'reasoning') delete body[key];
  if (variant === 'thinking' && body.reasoning === undefined && body.thinking === undefined)
    body.reasoning = { enabled: true };
  const translated = translation.request(body, {
    model: upstreamName(endpoint, variant),
    stream: request.stream,
  });
  if (isAggregator(endpoint.provider)) {
    const own = providersOfItsOwn(request, endpoint.provider);
    return own === undefined ? translated : { ...translated, provider: own };
  }
  const isPlain = route.dialect === 'chat' && !endpoint.local;
  return isPlain
    ? plainChatRequest(translated, { keepReasoning: endpoint.provider.keepsReasoning, toolsInText: true })
    : translated;
}

function upstreamName({ provider, upstreamModel }: Endpoint, variant: string | null): string {
  const passes = isAggregator(provider) && variant !== null && !upstreamModel.endsWith(`:${variant}`);
  return passes ? `${upstreamModel}:${variant}` : upstreamModel;
}

/** Headers for any call to a provider. */
export function headersFor(
  provider: Provider,
  dialect: Dialect,
  apiKey = provider.apiKey,
): Record<string, string> {
  const auth: Record<string, string> = !apiKey
    ? {}
    : provider.auth === 'bearer'
      ? { authorization: `Bearer ${apiKey}` }
      : provider.auth === 'none'
        ? {}
        : { [provider.auth]: apiKey };
  return {
    'content-type': 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'stateai',
    ...(dialect === 'messages' ? { 'anthropic-version': '2023-06-01' } : {}),
    ...auth,
    ...provider.headers,
  };
}

/** What a client may tell the upstream: versions and betas of the dialect; its app, to OpenRouter. */
export function passedOn({
  endpoint,
  route,
  clientHeaders,
}: Pick<Addressed, 'endpoint' | 'route' | 'clientHeaders'>): Record<string, string> {
  const names = [
    ...(route.translation || route.dialect !== 'messages' ? [] : ['anthropic-version', 'anthropic-beta']),
    ...(isAggregator(endpoint.provider) ? ['http-referer', 'x-title', 'x-openrouter-title'] : []),
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = clientHeaders[name];
      return typeof value === 'string' && value.length < 1000 ? [[name, value]] : [];
    }),
  );
}
