/**
 * Providers that need nothing but a key: where they are, what they speak, whose models they serve under which names.
 * Addresses and variables are from the providers' own documentation.
 */
import type { Dialect } from '../contract.ts';

export interface Preset {
  /** Slug, as in `provider.order`. */
  slug: string;
  /** As answers and reports name it. */
  name: string;
  /** Where each dialect is spoken; empty where an AI SDK package speaks for the provider. */
  urls: Partial<Record<Dialect, string>>;
  /** The AI SDK package for a dialect of the provider's own. */
  sdk?: 'google' | 'bedrock' | 'vertex';
  /** Environment variables that may hold the key; the first one that is set counts. */
  keyVariables: readonly string[];
  /** Environment variables that say that its own SDK will find credentials by itself. */
  credentialVariables?: readonly string[];
  /** It wants the reasoning of earlier turns back, as `reasoning_content`. */
  keepsReasoning?: boolean;
  /** What it charges for a service tier, or what else is priced apart, times its prices. */
  priceFactors?: Readonly<Record<string, number>>;
  /** Environment variable with the address, for what everybody runs at an address of their own. */
  urlVariable?: string;
  /** What is put behind that address. */
  urlPath?: string;
  /** Its port, where the variable holds a host alone. */
  urlPort?: string;
  auth: 'bearer' | 'x-api-key' | 'api-key' | 'none';
  /** Authors whose every model it serves at their list price. */
  authors: readonly string[];
  /** How it spells the part of the slug behind the author. */
  spelling?: 'dots-as-dashes' | 'slug';
  /** It tells which models it has at GET /models. */
  lists: boolean;
}

const compatible = (
  slug: string,
  name: string,
  base: string,
  keyVariables: readonly string[],
  more: Partial<Preset> = {},
): Preset => ({
  slug,
  name,
  urls: { chat: base },
  keyVariables,
  auth: 'bearer',
  authors: [],
  lists: true,
  ...more,
});
const all = (base: string, dialects: readonly Dialect[]): Preset['urls'] =>
  Object.fromEntries(dialects.map((d) => [d, base]));
const OPENAI_DIALECTS: readonly Dialect[] = ['chat', 'completions', 'responses', 'embeddings'];
const HOSTED: readonly Dialect[] = ['chat', 'completions', 'embeddings'];

/** A provider that everybody runs at an address of their own. */
const local = (slug: string, name: string, urlVariable: string, dialects: readonly Dialect[]): Preset => ({
  slug,
  name,
  urls: all('', dialects),
  keyVariables: [],
  urlVariable,
  urlPath: '/v1',
  auth: 'none',
  authors: [],
  lists: true,
});

export const PRESETS: readonly Preset[] = [
  compatible('openai', 'OpenAI', '', ['OPENAI_API_KEY'], {
    urls: all('https://api.openai.com/v1', OPENAI_DIALECTS),
    authors: ['openai'],
    // Flex is charged as its batches are; priority by the model.
    priceFactors: { flex: 0.5 },
  }),
  {
    slug: 'anthropic',
    name: 'Anthropic',
    urls: { messages: 'https://api.anthropic.com/v1' },
    keyVariables: ['ANTHROPIC_API_KEY'],
    auth: 'x-api-key',
    authors: ['anthropic'],
    spelling: 'dots-as-dashes',
    lists: true,
    priceFactors: { us: 1.1 },
  },
  compatible(
    'google-ai-studio',
    'Google AI Studio',
    '',
    ['GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY', 'GOOGLE_API_KEY'],
    {
      urls: all('https://generativelanguage.googleapis.com/v1beta/openai', ['chat', 'embeddings']),
      authors: ['google'],
    },
  ),
  compatible('deepseek', 'DeepSeek', '', ['DEEPSEEK_API_KEY'], {
    urls: { chat: 'https://api.deepseek.com/v1', messages: 'https://api.deepseek.com/anthropic/v1' },
    authors: ['deepseek'],
    keepsReasoning: true,
  }),
  compatible('mistral', 'Mistral', '', ['MISTRAL_API_KEY'], {
    urls: all('https://api.mistral.ai/v1', ['chat', 'embeddings']),
    authors: ['mistralai'],
  }),
  compatible('xai', 'xAI', '', ['XAI_API_KEY'], {
    urls: all('https://api.x.ai/v1', ['chat', 'responses', 'messages']),
    authors: ['x-ai'],
  }),
  compatible('alibaba', 'Alibaba', '', ['DASHSCOPE_API_KEY', 'QWEN_API_KEY'], {
    urls: all('https://dashscope-intl.aliyuncs.com/compatible-mode/v1', ['chat', 'embeddings']),
    keepsReasoning: true,
    authors: ['qwen'],
  }),
  compatible('moonshotai', 'Moonshot AI', '', ['MOONSHOT_API_KEY'], {
    urls: { chat: 'https://api.moonshot.ai/v1', messages: 'https://api.moonshot.ai/anthropic/v1' },
    keepsReasoning: true,
    authors: ['moonshotai'],
  }),
  compatible('z-ai', 'Z.AI', '', ['ZAI_API_KEY', 'ZHIPU_API_KEY'], {
    urls: { chat: 'https://api.z.ai/api/paas/v4', messages: 'https://api.z.ai/api/anthropic/v1' },
    keepsReasoning: true,
    authors: ['z-ai'],
  }),
  compatible('minimax', 'MiniMax', '', ['MINIMAX_API_KEY'], {
    urls: { chat: 'https://api.minimax.io/v1', messages: 'https://api.minimax.io/anthropic/v1' },
    keepsReasoning: true,
    authors: ['minimax'],
    lists: false,
  }),
  compatible('together', 'Together', '', ['TOGETHER_API_KEY', 'TOGETHERAI_API_KEY'], {
    urls: all('https://api.together.xyz/v1', HOSTED),
  }),
  compatible('fireworks', 'Fireworks', '', ['FIREWORKS_API_KEY'], {
    urls: all('https://api.fireworks.ai/inference/v1', HOSTED),
  }),
  compatible('deepinfra', 'DeepInfra', '', ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'], {
    urls: all('https://api.deepinfra.com/v1/openai', HOSTED),
  }),
  compatible('groq', 'Groq', '', ['GROQ_API_KEY'], {
    urls: all('https://api.groq.com/openai/v1', ['chat', 'responses']),
    priceFactors: { flex: 1 },
  }),
  compatible('cerebras', 'Cerebras', '', ['CEREBRAS_API_KEY'], {
    urls: all('https://api.cerebras.ai/v1', ['chat', 'completions']),
  }),
  compatible('openrouter', 'OpenRouter', '', ['OPENROUTER_API_KEY'], {
    urls: all('https://openrouter.ai/api/v1', ['chat', 'completions', 'responses', 'messages', 'embeddings']),
    spelling: 'slug',
  }),
  {
    slug: 'azure',
    name: 'Azure',
    urls: all('', OPENAI_DIALECTS),
    keyVariables: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
    urlVariable: 'AZURE_OPENAI_ENDPOINT',
    urlPath: '/openai/v1',
    auth: 'api-key',
    authors: [],
    lists: true,
  },
  {
    slug: 'amazon-bedrock',
    name: 'Amazon Bedrock',
    urls: {},
    sdk: 'bedrock',
    keyVariables: ['AWS_BEARER_TOKEN_BEDROCK'],
    // Profiles are not read.
    credentialVariables: ['AWS_SECRET_ACCESS_KEY'],
    auth: 'none',
    authors: [],
    lists: false,
  },
  {
    slug: 'google-vertex',
    name: 'Google Vertex AI',
    urls: {},
    sdk: 'vertex',
    keyVariables: ['GOOGLE_VERTEX_API_KEY'],
    credentialVariables: ['GOOGLE_APPLICATION_CREDENTIALS'],
    auth: 'none',
    authors: ['google'],
    lists: false,
  },
  { ...local('ollama', 'Ollama', 'OLLAMA_HOST', ['chat', 'completions', 'embeddings']), urlPort: '11434' },
  local('vllm', 'vLLM', 'VLLM_BASE_URL', ['chat', 'completions', 'responses', 'embeddings']),
  local('llama-cpp', 'llama.cpp', 'LLAMA_CPP_BASE_URL', ['chat', 'completions', 'embeddings']),
];

export const presetOf = (slug: string): Preset | undefined => PRESETS.find((p) => p.slug === slug);
