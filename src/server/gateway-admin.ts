/** What the admin page shows of the gateway: providers, endpoints and how they do, models, traffic as it happens. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Detail } from '../gateway/recent.ts';
import { StateaiError } from '../generation/errors.ts';
import type { GatewayFace, GatewayState } from './gateway.ts';

export interface GatewayAdminOptions {
  face: GatewayFace;
  isAdmin(request: FastifyRequest): boolean;
  /** Of all processes that carry traffic. */
  state(): GatewayState;
  /** The configuration was read anew here. */
  onReload(): void;
  stopping: AbortSignal;
}

/** How often a page that watches hears of another state. */
const STATE_MS = 1000;

/** To be registered under `/stats/v1/admin`. */
export const gatewayAdmin =
  ({ face, isAdmin, state, onReload, stopping }: GatewayAdminOptions) =>
  async (app: FastifyInstance) => {
    const { gateway } = face;
    app.addHook('onRequest', async (request) => {
      if (!isAdmin(request))
        throw new StateaiError(
          'unauthorized',
          'This needs the admin secret',
          'Log in, or send it as a bearer token.',
        );
    });

    app.get('/gateway', () => overview(face, state()));

    app.post('/gateway/reload', () => {
      const wrong = face.reload();
      if (wrong)
        throw new StateaiError('bad_config', wrong, 'The gateway goes on with the configuration before.');
      onReload();
      return { ok: true };
    });

    app.get('/traffic', (request) => {
      const { limit = '100' } = request.query as { limit?: string };
      const most = Math.min(1000, Math.max(1, Number(limit) || 100));
      return { generations: gateway.recent.latest(most).map(line) };
    });

    app.get('/traffic/events', (request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      let told = '';
      const tellState = () => {
        const now = JSON.stringify(state());
        if (now !== told && !reply.raw.writableNeedDrain) {
          reply.raw.write(`event: state\ndata: ${now}\n\n`);
          told = now;
        }
      };
      tellState();
      // A page that cannot keep up misses some; it must not fill the memory.
      const stop = face.onGeneration((detail) => {
        if (!reply.raw.writableNeedDrain)
          reply.raw.write(`event: generation\ndata: ${JSON.stringify(line(detail))}\n\n`);
      });
      const looking = setInterval(tellState, STATE_MS);
      const timer = setInterval(() => reply.raw.write(': still here\n\n'), 15_000);
      const end = () => {
        stop();
        stopping.removeEventListener('abort', end);
        clearInterval(timer);
        clearInterval(looking);
        reply.raw.end();
      };
      stopping.addEventListener('abort', end);
      request.raw.on('close', end);
    });
  };

/** What is configured, and how it does. */
export type GatewayOverview = ReturnType<typeof overview>;

function overview({ gateway, configFile }: GatewayFace, state: GatewayState) {
  const { config, listings, directory } = gateway.upstreams();
  const endpoints = directory.all();
  const providers = [...new Set([...config.providers, ...endpoints.map((e) => e.provider)])];
  return {
    configFile,
    recording: config.recording,
    dataset: config.dataset,
    ...state,
    providers: providers.map((p) => ({
      slug: p.slug,
      name: p.name,
      // Addresses only: a header may be a secret.
      urls: p.urls,
      dialects: p.sdk ? [p.sdk] : Object.keys(p.urls),
      keySource: p.keySource,
      hasKey: p.apiKey !== null,
      needsKey: p.auth !== 'none',
      models: endpoints.filter((e) => e.provider === p).length,
      listing: p.lists ? listings.status(p) : null,
      trainsOnData: p.trainsOnData,
      zdr: p.zdr,
      region: p.region,
    })),
    endpoints: endpoints
      .map((e) => ({
        id: e.id,
        provider: e.provider.slug,
        model: e.model,
        upstreamModel: e.upstreamModel,
        prices: e.prices,
        contextTokens: e.contextTokens,
        quantization: e.quantization,
        ...gateway.health.snapshot(e.id),
      }))
      .sort((a, b) => b.requests1d - a.requests1d || a.id.localeCompare(b.id)),
  };
}

/** One finished generation as the page hears of it. */
export type TrafficLine = ReturnType<typeof line>;

/** One generation, without whose it was: the account's hash only. */
function line({ record: g, dialect, errorKind, attempts }: Detail) {
  return {
    id: g.id,
    createdAt: g.createdAt,
    account: g.account,
    app: g.app,
    dialect,
    model: g.model,
    variant: g.variant,
    provider: g.provider,
    promptTokens: g.promptTokens,
    completionTokens: g.completionTokens,
    tokensEstimated: g.tokensEstimated,
    cost: g.cost,
    byok: g.byok,
    streamed: g.streamed,
    cancelled: g.cancelled,
    status: g.status,
    finishReason: g.finishReason,
    latencyMs: g.latencyMs,
    durationMs: g.durationMs,
    errorKind,
    attempts: attempts.length,
  };
}
