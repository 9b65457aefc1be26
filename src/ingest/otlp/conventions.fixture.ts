/** For tests: generations, and how each convention writes them as spans. */
import * as fc from 'fast-check';
import type { SentSpan, SentValue } from '../../bench/otlp-spans.ts';
import type { Generation } from '../../generation/generation.ts';
import { unknownGeneration } from '../../generation/generation.ts';
import { pseudonym } from '../../generation/ids.ts';
import type { DoorContext } from '../door.ts';

export const CONTEXT: DoorContext = {
  hashAccount: (name) => pseudonym('secret', 'account', name),
  hashSession: (name) => pseudonym('secret', 'session', name),
};

/** What happened, before anybody writes it down. */
export interface Call {
  traceId: string;
  spanId: string;
  start: number;
  durationMs: number;
  model: string;
  provider: string;
  user: string;
  session: string;
  app: string;
  prompt: number;
  cached: number;
  cacheWrite: number;
  completion: number;
  reasoning: number;
  cost: number;
  finishReason: 'stop' | 'length' | 'tool_calls' | 'content_filter';
  latencyMs: number;
}

const hex = (digits: number) =>
  fc.stringMatching(new RegExp(`^[1-9a-f][0-9a-f]{${digits - 1}}$`), { size: 'max' });
const tenths = (most: number) => fc.integer({ min: 1, max: most * 10 }).map((n) => n / 10);

export const call: fc.Arbitrary<Call> = fc
  .record({
    traceId: hex(32),
    spanId: hex(16),
    start: fc.integer({ min: Date.UTC(2023, 0), max: Date.UTC(2025, 11) }),
    durationMs: tenths(100_000),
    model: fc.constantFrom('gpt-5-mini', 'claude-sonnet-4-5', 'deepseek/deepseek-v4', 'gemini-2.5-pro'),
    provider: fc.constantFrom('openai', 'anthropic', 'Amazon Bedrock'),
    user: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    session: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    app: fc.stringMatching(/^[a-z][a-z-]{0,20}[a-z]$/),
    plain: fc.nat(100_000),
    cached: fc.nat(100_000),
    cacheWrite: fc.nat(1000),
    visible: fc.nat(10_000),
    reasoning: fc.nat(10_000),
    cost: fc.integer({ min: 1, max: 1e6 }).map((n) => n / 1e6),
    finishReason: fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter'),
    latencyMs: tenths(1000),
  })
  // The uncached part is the larger one: a sum that is smaller than its parts would show that they are missing.
  .map(({ plain, visible, ...rest }) => ({
    ...rest,
    prompt: plain + rest.cached + rest.cacheWrite,
    completion: visible + rest.reasoning,
  }));

/** What a convention makes of a call: its span, and the fields that it can say. */
export interface Writer {
  name: string;
  scope: string;
  write(call: Call): {
    name: string;
    attributes: Record<string, SentValue>;
    events?: SentSpan['events'];
    resource?: Record<string, SentValue>;
  };
  says: readonly (keyof Generation)[];
  /** Spans above a generation that repeat its usage. */
  rollUp?(call: Call): Record<string, SentValue>;
  isOpenRouter?: boolean;
}

const TOTALS = ['promptTokens', 'completionTokens'] as const;
const PARTS = ['cachedTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;
const WHO = ['account', 'session', 'app'] as const;
const END = ['finishReason', 'nativeFinishReason'] as const;

const withDash = (reason: string): string => reason.replace('_', '-');

export const WRITERS: readonly Writer[] = [
  {
    name: 'GenAI, current',
    scope: 'otel',
    says: [...TOTALS, ...PARTS, ...WHO, ...END, 'provider', 'latencyMs', 'streamed'],
    write: (c) => ({
      name: `chat ${c.model}`,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': c.provider,
        'gen_ai.request.model': 'asked-for',
        'gen_ai.response.model': c.model,
        'gen_ai.response.id': 'always-the-same',
        'gen_ai.response.finish_reasons': [c.finishReason],
        'gen_ai.response.time_to_first_chunk': c.latencyMs / 1000,
        'gen_ai.usage.input_tokens': c.prompt,
        'gen_ai.usage.output_tokens': c.completion,
        'gen_ai.usage.cache_read.input_tokens': c.cached,
        'gen_ai.usage.cache_write.input_tokens': c.cacheWrite,
        'gen_ai.usage.reasoning.output_tokens': c.reasoning,
        'user.id': c.user,
        'gen_ai.conversation.id': c.session,
      },
    }),
    rollUp: (c) => ({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.request.model': c.model,
      'gen_ai.usage.input_tokens': c.prompt,
      'gen_ai.usage.output_tokens': c.completion,
    }),
  },
  {
    name: 'GenAI, older',
    scope: 'otel',
    says: [...TOTALS, ...WHO, ...END, 'provider'],
    write: (c) => ({
      name: 'chat',
      attributes: {
        'gen_ai.system': c.provider,
        'gen_ai.request.model': c.model,
        'gen_ai.response.finish_reasons': JSON.stringify([c.finishReason]),
        'gen_ai.usage.prompt_tokens': c.prompt,
        'gen_ai.usage.completion_tokens': c.completion,
        'enduser.id': c.user,
        'session.id': c.session,
      },
    }),
  },
  {
    name: 'OpenLLMetry',
    scope: 'opentelemetry.instrumentation.anthropic',
    says: [...TOTALS, ...PARTS, ...WHO, ...END, 'provider', 'streamed'],
    write: (c) => ({
      name: 'anthropic.chat',
      attributes: {
        'llm.request.type': 'chat',
        'gen_ai.system': c.provider,
        'gen_ai.request.model': c.model,
        'gen_ai.usage.prompt_tokens': c.prompt,
        'gen_ai.usage.completion_tokens': c.completion,
        'llm.usage.total_tokens': c.prompt + c.completion,
        'gen_ai.usage.cache_read_input_tokens': c.cached,
        'gen_ai.usage.cache_creation_input_tokens': c.cacheWrite,
        'gen_ai.usage.reasoning_tokens': c.reasoning,
        'gen_ai.completion.0.finish_reason': c.finishReason,
        'llm.is_streaming': true,
        'traceloop.association.properties.user_id': c.user,
        'traceloop.association.properties.session_id': c.session,
      },
    }),
    rollUp: (c) => ({ 'traceloop.span.kind': 'workflow', 'gen_ai.usage.input_tokens': c.prompt }),
  },
  {
    name: 'LiteLLM, otel',
    scope: 'litellm',
    says: [...TOTALS, ...PARTS, 'account', 'app', ...END, 'provider', 'cost', 'streamed'],
    write: (c) => ({
      name: 'litellm_request',
      attributes: {
        'llm.request.type': 'acompletion',
        'gen_ai.operation.name': 'acompletion',
        'gen_ai.system': c.provider,
        'gen_ai.request.model': c.model,
        'gen_ai.response.model': 'name-of-the-group',
        'gen_ai.usage.input_tokens': c.prompt,
        'gen_ai.usage.output_tokens': c.completion,
        'gen_ai.usage.total_tokens': c.prompt + c.completion,
        'gen_ai.response.finish_reasons': JSON.stringify([c.finishReason]),
        'gen_ai.cost.total_cost': c.cost,
        'llm.is_streaming': 'True',
        'metadata.user_api_key_user_id': 'default_user_id',
        'metadata.user_api_key_team_id': c.user,
        'metadata.user_api_key_hash': 'not asked for',
        'metadata.usage_object': `{'completion_tokens': ${c.completion}, 'prompt_tokens': ${c.prompt}, 'completion_tokens_details': {'reasoning_tokens': ${c.reasoning}}, 'prompt_tokens_details': {'cached_tokens': ${c.cached}}, 'cache_creation_input_tokens': ${c.cacheWrite}}`,
        hidden_params: JSON.stringify({ model_id: 'm', cache_key: null, response_cost: c.cost }),
      },
    }),
    rollUp: () => ({ 'metadata.user_api_key_user_id': 'nobody' }),
  },
  {
    name: 'LiteLLM, otel_v2',
    scope: 'litellm',
    says: [...TOTALS, ...PARTS, ...WHO, ...END, 'provider', 'cost', 'streamed'],
    write: (c) => ({
      name: `chat ${c.model}`,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': c.provider,
        'gen_ai.request.model': 'name-of-the-group',
        'litellm.provider.model': c.model,
        'gen_ai.response.finish_reasons': [c.finishReason],
        'gen_ai.usage.input_tokens': c.prompt,
        'gen_ai.usage.output_tokens': c.completion,
        'gen_ai.usage.cache_read.input_tokens': c.cached,
        'gen_ai.usage.cache_creation.input_tokens': c.cacheWrite,
        'gen_ai.usage.reasoning.output_tokens': c.reasoning,
        'litellm.cost.total': c.cost,
        'litellm.request.streaming': true,
        'litellm.metadata.user_api_key_user_id': c.user,
        'litellm.team.id': 'not asked for',
        'session.id': c.session,
      },
    }),
    rollUp: () => ({ 'gen_ai.request.model': 'copied to every span' }),
  },
  {
    name: 'OpenInference',
    scope: '@arizeai/openinference-instrumentation-openai',
    says: [...TOTALS, ...PARTS, ...WHO, ...END, 'provider', 'cost', 'latencyMs', 'streamed'],
    write: (c) => ({
      name: 'OpenAI Chat Completions',
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.model_name': c.model,
        'llm.provider': c.provider,
        'llm.system': 'not asked for',
        'llm.token_count.prompt': c.prompt,
        'llm.token_count.completion': c.completion,
        'llm.token_count.total': c.prompt + c.completion,
        'llm.token_count.prompt_details.cache_read': c.cached,
        'llm.token_count.prompt_details.cache_write': c.cacheWrite,
        'llm.token_count.completion_details.reasoning': c.reasoning,
        'llm.cost.total': c.cost,
        'llm.finish_reason': c.finishReason,
        'user.id': c.user,
        'session.id': c.session,
      },
      events: [{ name: 'First Token Stream Event', at: c.start + c.latencyMs, attributes: {} }],
    }),
    rollUp: (c) => ({ 'openinference.span.kind': 'AGENT', 'llm.token_count.prompt': c.prompt }),
  },
  {
    name: 'Langfuse',
    scope: 'langfuse-sdk',
    says: [...TOTALS, ...PARTS, ...WHO, 'cost'],
    write: (c) => ({
      name: 'OpenAI-generation',
      attributes: {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': c.model,
        'langfuse.observation.usage_details': JSON.stringify({
          input: c.prompt - c.cached - c.cacheWrite,
          output: c.completion - c.reasoning,
          total: c.prompt + c.completion,
          input_cached_tokens: c.cached,
          input_cache_write_tokens: c.cacheWrite,
          output_reasoning_tokens: c.reasoning,
        }),
        'langfuse.observation.cost_details': JSON.stringify({ total: c.cost }),
        'langfuse.user.id': c.user,
        'session.id': c.session,
      },
    }),
    rollUp: () => ({ 'langfuse.observation.type': 'agent' }),
  },
  {
    name: 'Vercel AI SDK',
    scope: 'ai',
    says: [...TOTALS, ...PARTS, ...WHO, ...END, 'provider', 'latencyMs', 'streamed'],
    write: (c) => ({
      name: 'ai.streamText.doStream',
      attributes: {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.id': 'asked-for',
        'ai.model.provider': `${c.provider}.chat`,
        'gen_ai.system': `${c.provider}.chat`,
        'gen_ai.request.model': 'asked-for',
        'gen_ai.response.model': c.model,
        'gen_ai.response.finish_reasons': [withDash(c.finishReason)],
        'gen_ai.usage.input_tokens': c.prompt,
        'gen_ai.usage.output_tokens': c.completion,
        'ai.usage.inputTokens': c.prompt,
        'ai.usage.outputTokens': c.completion,
        'ai.usage.totalTokens': c.prompt + c.completion,
        'ai.usage.inputTokenDetails.cacheReadTokens': c.cached,
        'ai.usage.inputTokenDetails.cacheWriteTokens': c.cacheWrite,
        'ai.usage.outputTokenDetails.reasoningTokens': c.reasoning,
        'ai.response.msToFirstChunk': c.latencyMs,
        'ai.telemetry.metadata.userId': c.user,
        'ai.telemetry.metadata.sessionId': c.session,
      },
    }),
    rollUp: (c) => ({
      'ai.operationId': 'ai.streamText',
      'ai.model.id': c.model,
      'ai.usage.inputTokens': c.prompt,
      'ai.usage.outputTokens': c.completion,
    }),
  },
  {
    name: 'OpenRouter Broadcast',
    scope: 'openrouter',
    isOpenRouter: true,
    says: [
      ...TOTALS,
      ...PARTS,
      ...END,
      'account',
      'session',
      'provider',
      'cost',
      'byok',
      'latencyMs',
      'streamed',
    ],
    write: (c) => ({
      name: 'LLM Generation',
      resource: { 'service.name': 'openrouter' },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'the-author',
        'gen_ai.request.model': 'asked-for',
        'gen_ai.response.model': c.model,
        'gen_ai.response.id': openRouterId(c),
        'gen_ai.response.finish_reason': c.finishReason,
        'gen_ai.usage.input_tokens': c.prompt,
        'gen_ai.usage.output_tokens': c.completion,
        'gen_ai.usage.total_tokens': c.prompt + c.completion,
        'gen_ai.usage.input_tokens.cached': c.cached,
        'gen_ai.usage.input_tokens.cache_write': c.cacheWrite,
        'gen_ai.usage.output_tokens.reasoning': c.reasoning,
        'gen_ai.usage.total_cost': c.cost,
        'trace.metadata.openrouter.provider_name': c.provider,
        'trace.metadata.openrouter.api_key_name': c.user,
        'trace.metadata.openrouter.first_token_ms': c.latencyMs,
        'trace.metadata.openrouter_generation.streamed': true,
        'trace.metadata.provider_responses': JSON.stringify([{ status: 200, is_byok: true }]),
        'session.id': c.session,
      },
    }),
  },
];

const openRouterId = (c: Call): string => `gen-1783220991-${c.spanId}`;

export const spanOf = (writer: Writer, c: Call, parentId?: string): SentSpan => {
  const { name, attributes, events } = writer.write(c);
  return {
    traceId: c.traceId,
    spanId: c.spanId,
    name,
    start: c.start,
    end: c.start + c.durationMs,
    attributes,
    ...(events ? { events } : {}),
    ...(parentId ? { parentId } : {}),
  };
};

/** The record that must come of it. */
export function recordOf(writer: Writer, c: Call): Generation {
  const native = writer.scope === 'ai' ? withDash(c.finishReason) : c.finishReason;
  const all: Partial<Generation> = {
    account: CONTEXT.hashAccount(c.user),
    session: CONTEXT.hashSession(c.session),
    app: c.app,
    provider: c.provider,
    promptTokens: c.prompt,
    completionTokens: c.completion,
    cachedTokens: c.cached,
    cacheWriteTokens: c.cacheWrite,
    reasoningTokens: c.reasoning,
    cost: c.cost,
    byok: true,
    streamed: true,
    finishReason: c.finishReason,
    nativeFinishReason: native,
    latencyMs: c.latencyMs,
  };
  return {
    ...unknownGeneration({
      id: writer.isOpenRouter ? openRouterId(c) : `otlp:${c.traceId}:${c.spanId}`,
      createdAt: c.start,
      model: c.model,
      source: writer.isOpenRouter ? 'openrouter-broadcast' : 'otlp',
      ...Object.fromEntries(writer.says.map((field) => [field, all[field]])),
    }),
    durationMs: c.durationMs,
    totalTokens: c.prompt + c.completion,
  };
}
