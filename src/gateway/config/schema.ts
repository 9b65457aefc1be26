/** The gateway's configuration as it stands in the file, with its JSON schema. */
import { type Static, Type } from 'typebox';

const Text = Type.String({ minLength: 1 });
const Price = Type.Number({ minimum: 0 });
/** At most what a timer of Node's can wait, 24 days: beyond that it would not wait at all. */
const Milliseconds = (description: string, value: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description, default: value }));
const closed = { additionalProperties: false };

const Prices = Type.Object(
  {
    prompt: Type.Optional(Price),
    completion: Type.Optional(Price),
    cacheRead: Type.Optional(Price),
    cacheWrite: Type.Optional(Price),
    request: Type.Optional(Type.Number({ minimum: 0, description: 'USD a request' })),
    factors: Type.Optional(
      Type.Record(Type.String(), Price, {
        description:
          'times the prices, for what is charged otherwise: flex, priority, scale (service tiers), fast, us, audio, image, server_tool',
      }),
    ),
    longPrompt: Type.Optional(
      Type.Object(
        {
          above: Type.Integer({ minimum: 1, description: 'tokens of the prompt' }),
          prompt: Price,
          completion: Price,
        },
        { ...closed, description: 'times the prices, for all tokens of a request whose prompt is longer' },
      ),
    ),
  },
  { ...closed, description: 'USD per million tokens; what is left out is unknown, not free' },
);

const Model = Type.Object(
  {
    slug: Type.String({ minLength: 1, description: 'as clients name it: author/slug' }),
    id: Type.Optional(Type.String({ minLength: 1, description: 'as the provider names it' })),
    prices: Type.Optional(Prices),
    contextTokens: Type.Optional(Type.Integer({ minimum: 1 })),
    maxCompletionTokens: Type.Optional(Type.Integer({ minimum: 1 })),
    quantization: Type.Optional(
      Type.Enum(['int4', 'int8', 'fp4', 'fp6', 'fp8', 'fp16', 'bf16', 'fp32', 'unknown']),
    ),
    supportedParameters: Type.Optional(
      Type.Array(Text, { description: 'as `require_parameters` compares them: tools, response_format …' }),
    ),
  },
  closed,
);

const Url = Type.String({ pattern: '^https?://' });
const DialectUrls = Type.Object(
  {
    chat: Type.Optional(Url),
    completions: Type.Optional(Url),
    responses: Type.Optional(Url),
    messages: Type.Optional(Url),
    embeddings: Type.Optional(Url),
  },
  { ...closed, description: 'an address for each dialect that it speaks' },
);

const Provider = Type.Object(
  {
    slug: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$', description: 'as in `provider.order`' }),
    preset: Type.Optional(
      Type.String({ description: 'a provider that is known; by default the one of the same slug' }),
    ),
    name: Type.Optional(Text),
    url: Type.Optional(Type.String({ pattern: '^https?://', description: 'base URL, up to and with /v1' })),
    urls: Type.Optional(DialectUrls),
    dialects: Type.Optional(
      Type.Array(Type.Enum(['chat', 'completions', 'responses', 'messages', 'embeddings']), {
        description: 'what is spoken at `url`; default: chat, completions, embeddings',
      }),
    ),
    apiKey: Type.Optional(Type.String({ description: '`${NAME}` reads an environment variable' })),
    auth: Type.Optional(Type.Enum(['bearer', 'x-api-key', 'api-key', 'none'])),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    models: Type.Optional(Type.Array(Model)),
    lists: Type.Optional(Type.Boolean({ description: 'ask GET /models which models it has' })),
    region: Type.Optional(Text),
    trainsOnData: Type.Optional(
      Type.Boolean({ description: 'it may keep prompts: left out by data_collection "deny"' }),
    ),
    zdr: Type.Optional(Type.Boolean({ description: 'zero data retention' })),
    enabled: Type.Optional(Type.Boolean({ default: true })),
  },
  closed,
);

const Classifier = Type.Object(
  {
    kind: Type.Optional(
      Type.Enum(['embedded', 'google', 'llm', 'off'], {
        default: 'embedded',
        description: 'embedded works inside this process; google and llm send the sampled prompts to `url`',
      }),
    ),
    exceptApps: Type.Optional(
      Type.Array(Text, { description: 'apps whose traffic is never sampled, as they name themselves' }),
    ),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'llm: base URL, up to and with /v1; google: another address than Google’s own',
      }),
    ),
    apiKey: Type.Optional(Type.String({ description: '`${NAME}` reads an environment variable' })),
    model: Type.Optional(
      Type.String({ minLength: 1, description: 'llm: as the endpoint names it; google: v1 (default) or v2' }),
    ),
    batch: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'llm: prompts a request' }),
    ),
    prices: Type.Optional(
      Type.Object(
        { prompt: Price, completion: Price },
        { ...closed, description: 'llm: USD per million tokens' },
      ),
    ),
    dailyUsd: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'llm, google: no more is spent a day (UTC); what is over is not labelled',
      }),
    ),
    timeoutMs: Milliseconds('google and llm: for an answer', 30_000),
  },
  { ...closed, description: 'what labels the sampled prompts' },
);

export const ConfigFile = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    providers: Type.Optional(Type.Array(Provider)),
    environment: Type.Optional(
      Type.Boolean({ default: true, description: 'also use providers whose keys are in the environment' }),
    ),
    sandbox: Type.Optional(
      Type.Boolean({ description: 'offer stateai/sandbox; default: only while there is no provider' }),
    ),
    timeouts: Type.Optional(
      Type.Object(
        {
          connectMs: Milliseconds('to connect', 10_000),
          firstByteMs: Milliseconds('from the request to the first byte of the answer', 120_000),
          betweenBytesMs: Milliseconds('between bytes of an answer', 60_000),
          totalMs: Milliseconds('for the whole answer', 1_800_000),
        },
        closed,
      ),
    ),
    retries: Type.Optional(
      Type.Object(
        {
          perEndpoint: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 10, default: 2, description: 'of what is safe to repeat' }),
          ),
          baseMs: Milliseconds('the first pause; it doubles', 250),
          failuresToOpen: Type.Optional(
            Type.Integer({ minimum: 1, default: 5, description: 'failures in a row that rest an endpoint' }),
          ),
          coolDownMs: Milliseconds('how long it rests', 30_000),
        },
        closed,
      ),
    ),
    maxBodyBytes: Type.Optional(Type.Integer({ minimum: 1024, default: 64 << 20 })),
    dataset: Type.Optional(Type.String({ default: 'live', description: 'where records go' })),
    recording: Type.Optional(Type.Boolean({ default: true })),
    sampleRate: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0.0025,
        description: 'of generations whose prompts are classified',
      }),
    ),
    classifier: Type.Optional(Classifier),
  },
  { ...closed, title: 'StateAI gateway configuration' },
);
export type ConfigFile = Static<typeof ConfigFile>;
export type ProviderFile = Static<typeof Provider>;
export type ModelFile = Static<typeof Model>;
export type ClassifierFile = Static<typeof Classifier>;
