import { describe, expect, it } from 'vitest';
import type { SentSpan, SentValue } from '../../../bench/otlp-spans.ts';
import { read, record, span } from '../read-traces.fixture.ts';

describe('LiteLLM’s spans', () => {
  const CALL = {
    'llm.request.type': 'acompletion',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 5,
    'gen_ai.cost.total_cost': 0.01,
    'metadata.user_api_key_hash': 'a1b2',
  };
  const fromProxy = (attributes: Record<string, SentValue>, more: Partial<SentSpan> = {}) =>
    read([{ resource: {}, scope: 'litellm', spans: [span(attributes, more)] }]);

  it('of every call that makes text are generations, also where the tracer has another name', () => {
    for (const type of [
      'completion',
      'atext_completion',
      'aresponses',
      'anthropic_messages',
      'agenerate_content',
    ])
      expect(record({ ...CALL, 'llm.request.type': type })).toMatchObject({ totalTokens: 15, cost: 0.01 });
  });

  it('of its own steps, of other calls and of the raw request are none, even if they failed', () => {
    const model = { 'gen_ai.request.model': 'gpt-5-mini' };
    for (const result of [
      fromProxy({ ...CALL }, { name: 'raw_gen_ai_request' }),
      fromProxy({ ...CALL, 'llm.request.type': 'aimage_generation' }),
      fromProxy({ ...model }, { name: 'guardrail', isError: true }),
    ])
      expect(result).toMatchObject({ generations: [], ignored: { otlp: 1 }, rejects: [] });
  });

  it('of an answer from its cache say tokens, and a cost that nobody paid', () => {
    const cached = { ...CALL, hidden_params: JSON.stringify({ cache_key: 'k' }) };
    expect(record(cached)).toMatchObject({ totalTokens: 15, cost: null });
    expect(record({ ...CALL, 'gen_ai.cost.total_cost': 0 }).cost).toBeNull();
  });

  it('of its callbacks for other systems are read as those systems write', () => {
    const { generations } = fromProxy({
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'gpt-5-mini',
      'llm.token_count.prompt': 10,
      'llm.token_count.completion': 5,
    });
    expect(generations.map(({ generation }) => generation.totalTokens)).toEqual([15]);
  });
});
