/**
 * For tests: what OpenRouter Broadcast sends of generations, as public captures and parsers of its deliveries have it: a
 * span `LLM Generation` with everything, and below it spans that tell of its way and repeat it.
 */
import { SECRET } from './upstream.fixture.ts';

export interface Asked {
  /** OpenRouter's generation id. */
  id: string;
  /** UTC milliseconds. */
  at: number;
  key: string;
  model: string;
  permaslug: string;
  provider: string;
  slug: string;
  promptTokens: number;
  cachedTokens: number;
  cacheWriteTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  cost: number;
  finishReason: string;
  firstTokenMs?: number;
  user?: string;
  session?: string;
  /** The customer's own key served it. */
  byok?: boolean;
  /** Providers that were tried. */
  attempts?: number;
}

const attribute = (key: string, value: string | number) => ({
  key,
  value:
    typeof value === 'string'
      ? { stringValue: value }
      : Number.isInteger(value) && !/cost|price|_ms$/.test(key)
        ? { intValue: String(value) }
        : { doubleValue: value },
});

const attributes = (values: Record<string, string | number | undefined>) =>
  Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [attribute(key, value)]));

/** Digits and letters of an id as the hex of a trace's or span's. */
const hexOf = (text: string, bytes: number): string =>
  Buffer.from(text)
    .toString('hex')
    .slice(-2 * bytes)
    .padStart(2 * bytes, '0');

const nanos = (ms: number): string => String(BigInt(Math.round(ms)) * 1_000_000n);

function spansOf(asked: Asked, privacy: boolean): object[] {
  const { attempts = 1, byok = false } = asked;
  const trace = {
    traceId: hexOf(asked.id, 16),
    kind: 3,
    startTimeUnixNano: nanos(asked.at),
    endTimeUnixNano: nanos(asked.at + 3366),
    status: { code: 1 },
  };
  const spanId = hexOf(asked.id, 8);
  const tries = Array.from({ length: attempts }, (_t, i) => ({
    provider_name: asked.provider,
    status: i === attempts - 1 ? 200 : 503,
    is_byok: byok,
  }));
  const usage = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.response.id': asked.id,
    'gen_ai.request.model': asked.model,
    'gen_ai.response.model': asked.permaslug,
    'gen_ai.provider.name': asked.model.split('/')[0],
    'gen_ai.system': asked.model.split('/')[0],
    'gen_ai.usage.input_tokens': asked.promptTokens,
    'gen_ai.usage.output_tokens': asked.completionTokens,
    'gen_ai.usage.total_tokens': asked.promptTokens + asked.completionTokens,
    'gen_ai.usage.input_tokens.cached': asked.cachedTokens,
    'gen_ai.usage.input_tokens.cache_write': asked.cacheWriteTokens,
    'gen_ai.usage.output_tokens.reasoning': asked.reasoningTokens,
    'gen_ai.usage.total_cost': asked.cost,
  };
  const text = privacy ? undefined : JSON.stringify({ messages: [{ role: 'user', content: SECRET }] });
  const root = {
    ...trace,
    spanId,
    name: 'LLM Generation',
    attributes: attributes({
      ...usage,
      'gen_ai.response.finish_reason': asked.finishReason,
      'gen_ai.response.finish_reasons': JSON.stringify([asked.finishReason]),
      'gen_ai.usage.input_cost': asked.cost / 3,
      'gen_ai.usage.output_cost': (asked.cost * 2) / 3,
      'span.type': 'GENERATION',
      'span.level': 'DEFAULT',
      'trace.name': 'LLM Generation',
      'user.id': asked.user,
      'session.id': asked.session,
      'trace.metadata.openrouter.source': 'openrouter',
      'trace.metadata.openrouter.api_key_name': asked.key,
      'trace.metadata.openrouter.entity_id': 'org_1',
      'trace.metadata.openrouter.creator_user_id': 'user_1',
      'trace.metadata.openrouter.provider_name': asked.provider,
      'trace.metadata.openrouter.provider_slug': asked.slug,
      'trace.metadata.openrouter.finish_reason': asked.finishReason,
      'trace.metadata.openrouter.first_token_ms': asked.firstTokenMs,
      'trace.metadata.provider_responses': JSON.stringify(tries),
      'gen_ai.prompt': text,
      'gen_ai.completion': privacy ? undefined : JSON.stringify({ completion: SECRET }),
      'span.input': text,
      'span.output': privacy ? undefined : SECRET,
      'trace.input': text,
      'trace.output': privacy ? undefined : SECRET,
      'trace.metadata.note': SECRET,
    }),
  };
  const way = tries.map((_t, i) => ({
    ...trace,
    spanId: hexOf(`${i}${asked.id}`, 8).replace(/^../, `a${i}`),
    parentSpanId: spanId,
    name: `provider attempt ${i + 1}: ${asked.provider}`,
    attributes: attributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.id': `${asked.id}:attempt-${i}`,
    }),
  }));
  const repeated = {
    ...trace,
    spanId: hexOf(asked.id, 8).replace(/^../, 'bb'),
    parentSpanId: spanId,
    name: 'generation',
    attributes: attributes(usage),
  };
  return [root, ...way, repeated];
}

/** @param test what the settings page sends to try a destination */
export function delivery(
  asked: readonly Asked[],
  { privacy, test = false }: { privacy: boolean; test?: boolean },
): object {
  const tried = {
    traceId: hexOf('test', 16),
    spanId: hexOf('test', 8),
    name: 'openrouter-connection-test',
    kind: 1,
    startTimeUnixNano: nanos(Date.now()),
    endTimeUnixNano: nanos(Date.now()),
    attributes: [],
  };
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'openrouter', 'service.version': '1.0.0' }) },
        scopeSpans: [
          {
            scope: { name: 'openrouter', version: '1.0.0' },
            spans: [...asked.flatMap((a) => spansOf(a, privacy)), ...(test ? [tried] : [])],
          },
        ],
      },
    ],
  };
}
