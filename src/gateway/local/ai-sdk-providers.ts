/** The providers of the AI SDK that are built in. Each package is large, so it is loaded only when it is used. */
import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { arrayOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { CLAUDE_FORMAT } from '../translate/reasoning.ts';
import type { Wish } from '../translate/reasoning-effort.ts';
import type { OwnOptions } from './ai-sdk-options.ts';
import type { ReasoningKind } from './ai-sdk-reasoning.ts';

/** What is needed of a provider of the AI SDK. */
export interface SdkProvider {
  model(id: string, apiKey: string | null): LanguageModelV4;
  reasoning(id: string): ReasoningKind;
  own: OwnOptions;
}

interface Common {
  /** Instead of the provider's own address. */
  baseUrl?: string;
  headers?: Record<string, string>;
  fetch?: typeof globalThis.fetch;
}
/** The Gemini API. The key of a call is its API key. */
export interface GoogleSettings extends Common {
  kind: 'google';
}
/** Vertex AI. With a key in express mode, else with Google's application default credentials. */
export interface VertexSettings extends Common {
  kind: 'vertex';
  project?: string;
  location?: string;
}
/** Amazon Bedrock's Converse. The key of a call is a Bedrock API key; without one, requests are signed. */
export interface BedrockSettings extends Common {
  kind: 'bedrock';
  region?: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
}
export type SdkProviderSettings = GoogleSettings | VertexSettings | BedrockSettings;

const GEMINI: ReasoningKind = { format: 'google-gemini-v1', keys: ['google', 'vertex'] };

export function loadProvider(settings: SdkProviderSettings): Promise<SdkProvider> {
  if (settings.kind === 'google') return loadGoogle(settings);
  return settings.kind === 'vertex' ? loadVertex(settings) : loadBedrock(settings);
}

const given = <T extends Record<string, unknown>>(members: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;

async function loadGoogle({ baseUrl, headers, fetch }: GoogleSettings): Promise<SdkProvider> {
  const { createGoogle } = await import('@ai-sdk/google');
  return {
    model: (id, apiKey) =>
      createGoogle(given({ baseURL: baseUrl, headers, fetch, apiKey: apiKey ?? '' }))(id),
    reasoning: () => GEMINI,
    own: (wish, body) => ({ google: geminiOptions(wish, body) }),
  };
}

async function loadVertex(settings: VertexSettings): Promise<SdkProvider> {
  const { createVertex } = await import('@ai-sdk/google-vertex');
  const { baseUrl, headers, fetch, project, location } = settings;
  return {
    model: (id, apiKey) =>
      createVertex(
        given({ baseURL: baseUrl, headers, fetch, project, location, apiKey: apiKey ?? undefined }),
      )(id),
    reasoning: () => GEMINI,
    own: (wish, body) => ({ vertex: geminiOptions(wish, body) }),
  };
}

/** Gemini shows its thoughts only when asked to. */
function geminiOptions(wish: Wish, body: JsonObject): SharedV4ProviderOptions[string] {
  const thinks = wish.enabled === true;
  const pictures = arrayOf(body.modalities).includes('image');
  return {
    ...(thinks
      ? {
          thinkingConfig: {
            includeThoughts: !wish.hidden,
            ...(wish.budget === null ? {} : { thinkingBudget: wish.budget }),
          },
        }
      : {}),
    ...(pictures ? { responseModalities: ['TEXT', 'IMAGE'] } : {}),
  };
}

async function loadBedrock(settings: BedrockSettings): Promise<SdkProvider> {
  const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
  const { baseUrl, headers, fetch, region, accessKeyId, secretAccessKey, sessionToken } = settings;
  const keys = { accessKeyId, secretAccessKey, sessionToken };
  return {
    model: (id, apiKey) =>
      createAmazonBedrock(
        given({ baseURL: baseUrl, headers, fetch, region, ...keys, apiKey: apiKey ?? undefined }),
      )(id),
    reasoning: (id) => ({
      format: id.includes('claude') ? CLAUDE_FORMAT : 'bedrock-converse-v1',
      keys: ['bedrock'],
    }),
    own: (wish) => ({ bedrock: bedrockOptions(wish) }),
  };
}

function bedrockOptions(wish: Wish): SharedV4ProviderOptions[string] {
  if (wish.budget === null) return {};
  return { reasoningConfig: { type: 'enabled', budgetTokens: Math.max(1024, wish.budget) } };
}
