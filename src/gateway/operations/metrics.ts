/**
 * What the gateway tells Prometheus. Names follow OpenTelemetry's GenAI semantic conventions, in Prometheus spelling
 * (dots become underscores, the unit is a suffix). Labels are words of closed sets: models and providers that are
 * served, kinds of errors; never anything that a client wrote.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Generation } from '../../generation/generation.ts';
import type { Provider } from '../config/config.ts';
import type { Dialect } from '../contract.ts';
import { type Exchange, UNKNOWN_MODEL } from '../exchange.ts';

/** Words of `gen_ai.operation.name`. */
const OPERATIONS: Record<Dialect, string> = {
  chat: 'chat',
  messages: 'chat',
  responses: 'chat',
  completions: 'text_completion',
  embeddings: 'embeddings',
};
/** Providers that the conventions have names for; others, and those under a slug of somebody's own, keep their slug. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  'amazon-bedrock': 'aws.bedrock',
  azure: 'azure.ai.openai',
  'google-ai-studio': 'gcp.gemini',
  'google-vertex': 'gcp.vertex_ai',
  mistral: 'mistral_ai',
  xai: 'x_ai',
};
const nameOf = ({ slug, preset }: Provider): string =>
  (preset === slug ? WELL_KNOWN[slug] : undefined) ?? slug;

/** Buckets that the conventions advise: seconds, tokens. */
const DURATIONS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const FIRST_TOKEN = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];

export interface Metrics {
  registry: Registry;
  finished(exchange: Exchange, record: Generation): void;
}

/** What is looked at when Prometheus asks. */
export interface Gauges {
  inFlight(): number;
  recordsWaiting(): number;
  recordsLost(): number;
  /** Generations so far that the coin chose, that were labelled, and that could not be. */
  sampling(): { sampled: number; labelled: number; dropped: number };
}

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const labelNames = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const;
  const duration = new Histogram({
    name: 'gen_ai_server_request_duration_seconds',
    help: 'From the request to the last byte of its answer',
    labelNames: [...labelNames, 'error_type'],
    buckets: DURATIONS,
    registers,
  });
  const firstToken = new Histogram({
    name: 'gen_ai_server_time_to_first_token_seconds',
    help: 'From the request to the first token of a good answer',
    labelNames,
    buckets: FIRST_TOKEN,
    registers,
  });
  const usage = new Histogram({
    name: 'gen_ai_client_token_usage',
    help: 'Tokens a generation, as counted or estimated',
    labelNames: [...labelNames, 'gen_ai_token_type'],
    buckets: TOKENS,
    registers,
  });
  const cost = new Counter({
    name: 'stateai_generation_cost_usd_total',
    help: 'Cost of the generations whose cost is known',
    labelNames: ['gen_ai_provider_name', 'gen_ai_request_model'],
    registers,
  });
  const unpriced = new Counter({
    name: 'stateai_generations_of_unknown_cost_total',
    help: 'Generations that were answered and whose cost nobody knows',
    labelNames: ['gen_ai_provider_name', 'gen_ai_request_model'],
    registers,
  });
  const attempts = new Counter({
    name: 'stateai_upstream_attempts_total',
    help: 'Tries at an upstream by how they ended',
    labelNames: ['gen_ai_provider_name', 'outcome'],
    registers,
  });
  const cancelled = new Counter({
    name: 'stateai_generations_cancelled_total',
    help: 'Generations whose client went away before the end',
    labelNames: ['gen_ai_provider_name'],
    registers,
  });
  const gauge = (name: string, help: string, look: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(look());
      },
    });
  gauge('stateai_requests_in_flight', 'Requests on their way', gauges.inFlight);
  gauge('stateai_records_waiting', 'Records that are not on the disk yet', gauges.recordsWaiting);
  const counter = (name: string, help: string, look: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(look());
      },
    });
  counter(
    'stateai_generations_sampled_total',
    'Generations that the coin chose for labels',
    () => gauges.sampling().sampled,
  );
  counter(
    'stateai_generations_labelled_total',
    'Sampled generations whose prompts were classified',
    () => gauges.sampling().labelled,
  );
  counter(
    'stateai_labels_dropped_total',
    'Sampled generations that were recorded without labels: no room, no time, or the classifier failed',
    () => gauges.sampling().dropped,
  );
  gauge('stateai_records_lost', 'Records that found no room while the disk took none', gauges.recordsLost);

  // Looking a label set up costs more than counting, so the children of each are kept: the sets are few.
  const children = new Map<string, ReturnType<typeof childrenOf>>();
  const childrenOf = (operation: string, provider: string, model: string, error: string) => {
    const labels = [operation, provider, model] as const;
    return {
      duration: duration.labels(...labels, error),
      firstToken: firstToken.labels(...labels),
      input: usage.labels(...labels, 'input'),
      output: usage.labels(...labels, 'output'),
      cost: cost.labels(provider, model),
      unpriced: unpriced.labels(provider, model),
      cancelled: cancelled.labels(provider),
    };
  };
  const tries = new Map<string, ReturnType<typeof attempts.labels>>();

  return {
    registry,
    finished(exchange, record) {
      const last = exchange.attempts.at(-1);
      const labels = [
        OPERATIONS[exchange.dialect],
        last ? nameOf(last.endpoint.provider) : 'none',
        last?.endpoint.isKnown ? last.endpoint.model : UNKNOWN_MODEL,
        exchange.failure?.kind ?? '',
      ] as const;
      const key = labels.join(' ');
      const child = children.get(key) ?? childrenOf(...labels);
      children.set(key, child);
      child.duration.observe((record.durationMs ?? 0) / 1000);
      if (record.latencyMs !== null && !exchange.failure) child.firstToken.observe(record.latencyMs / 1000);
      if (record.promptTokens !== null) child.input.observe(record.promptTokens);
      if (record.completionTokens !== null) child.output.observe(record.completionTokens);
      if (record.promptTokens !== null && record.cost !== null) child.cost.inc(record.cost);
      if (record.promptTokens !== null && record.cost === null) child.unpriced.inc();
      if (record.cancelled) child.cancelled.inc();
      for (const { endpoint, failure } of exchange.attempts) {
        const [provider, outcome] = [nameOf(endpoint.provider), failure?.kind ?? 'answered'];
        const name = `${provider} ${outcome}`;
        const tried = tries.get(name) ?? attempts.labels(provider, outcome);
        tries.set(name, tried);
        tried.inc();
      }
    },
  };
}
