/** `GET /generation`: everything that is known of one generation; what is not known is null, and every key is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { secretOf } from '../accounts/caller-secret.ts';
import { StateaiError } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import type { Gateway } from './gateway.ts';
import type { Detail } from './recent.ts';
import { requireLoopback } from './request/loopback.ts';

export interface GenerationRoutesOptions {
  gateway: Gateway;
  /** A record that is no longer in memory. */
  find(id: string): Promise<Generation | null>;
  hashAccount(name: string): string;
  /** Other nodes carry traffic too, whose generations are not known here. */
  isOneOfSeveral?: boolean;
}

/** To be registered under `/api/v1`. */
export const generationRoutes =
  ({ gateway, find, hashAccount, isOneOfSeveral = false }: GenerationRoutesOptions) =>
  async (app: FastifyInstance) => {
    app.get('/generation', { schema: { hide: true } }, async (request) => {
      const caller = await gateway.accounts.authenticate(secretOf(request.headers));
      if (caller.key === null) requireLoopback(request.headers);
      const { id } = request.query as { id?: string | string[] };
      if (typeof id !== 'string' || id === '' || id.length > 200)
        throw new StateaiError('bad_request', 'Which generation? Give ?id=gen-…', '');
      const detail = gateway.recent.get(id) ?? (await justNow(gateway, id));
      const record = detail?.record ?? (await find(id));
      const isOwn = record && record.account === hashAccount(caller.account.id);
      // Another account's generation is as if it were not there.
      if (!record || !isOwn)
        throw new StateaiError(
          'not_found',
          'There is no such generation',
          `Its id stands in the answer and in X-Generation-Id.${isOneOfSeveral ? ` ${ASK_THE_NODE}` : ''}`,
        );
      return { data: generationBody(record, detail) };
    });
  };

const ASK_THE_NODE =
  'Of several nodes on one database only the one that carried it knows it: ask there, or in its report.';

/** What a worker carried is known here a moment later. */
const LATER_MS = 60;

async function justNow(gateway: Gateway, id: string): Promise<Detail | null> {
  const [, seconds = ''] = id.split('-');
  if (Math.abs(Date.now() / 1000 - Number(seconds)) > 5) return null;
  await sleep(LATER_MS);
  return gateway.recent.get(id);
}

const API_TYPES: Record<string, string> = {
  chat: 'completions',
  completions: 'completions',
  responses: 'responses',
  messages: 'messages',
  embeddings: 'embeddings',
};

function generationBody(g: Generation, detail: Detail | null): object {
  const paid = g.byok ? 0 : g.cost;
  return {
    id: g.id,
    model: g.variant ? `${g.model}:${g.variant}` : g.model,
    created_at: new Date(g.createdAt).toISOString(),
    origin: detail?.origin ?? '',
    data_region: 'global',
    api_type: detail ? (API_TYPES[detail.dialect] ?? null) : null,
    external_user: null,
    finish_reason: g.finishReason,
    native_finish_reason: g.nativeFinishReason,
    http_referer: detail?.origin ?? null,
    preset_id: null,
    provider_name: g.provider,
    router: null,
    service_tier: detail?.serviceTier ?? null,
    upstream_id: detail?.upstreamId ?? null,
    user_agent: null,
    web_search_engine: null,
    workspace_id: null,
    request_id: null,
    session_id: null,
    app_id: null,
    tokens_prompt: g.promptTokens,
    tokens_completion: g.completionTokens,
    native_tokens_prompt: g.promptTokens,
    native_tokens_completion: g.completionTokens,
    native_tokens_reasoning: g.reasoningTokens,
    native_tokens_cached: g.cachedTokens,
    native_tokens_completion_images: null,
    num_fetches: null,
    num_input_audio_prompt: null,
    num_media_prompt: null,
    num_media_completion: null,
    num_search_results: null,
    // The contract wants numbers here, and its SDK refuses null: where no price is known they are 0, and `is_cost_known` says so.
    total_cost: paid ?? 0,
    usage: paid ?? 0,
    is_cost_known: paid !== null,
    cache_discount: null,
    generation_time: g.durationMs,
    latency: g.latencyMs,
    moderation_latency: null,
    upstream_inference_cost: g.upstreamCost,
    is_byok: g.byok ?? false,
    cancelled: g.cancelled,
    streamed: g.streamed,
    status: g.status,
    error_kind: detail?.errorKind ?? null,
    provider_responses:
      detail?.attempts.map((a) => ({
        endpoint_id: a.endpoint,
        id: detail.upstreamId ?? undefined,
        is_byok: a.byok,
        latency: a.latencyMs ?? undefined,
        model_permaslug: a.model,
        provider_name: a.provider,
        status: a.status,
      })) ?? null,
  };
}
