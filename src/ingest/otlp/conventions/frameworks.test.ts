/** What frameworks make of GenAI's attributes, as their sources write them. */
import { describe, expect, it } from 'vitest';
import type { SentSpan, SentValue } from '../../../bench/otlp-spans.ts';
import { CONTEXT } from '../conventions.fixture.ts';
import { CHAT, read, readOne, record, span } from '../read-traces.fixture.ts';

const NO_ANSWER = { ignored: { otlp: 1 }, generations: [], rejects: [] };

describe('Strands Agents', () => {
  const CALL = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.system': 'strands-agents',
    'gen_ai.request.model': 'us.anthropic.claude-sonnet-4-5',
    'gen_ai.usage.prompt_tokens': 10,
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 5,
    'gen_ai.usage.total_tokens': 1215,
    'gen_ai.usage.cache_read_input_tokens': 900,
    'gen_ai.usage.cache_write_input_tokens': 300,
    'gen_ai.server.time_to_first_token': 420,
  };

  it('leaves tokens of the cache out of the input of Bedrock, and its total tells', () => {
    expect(record(CALL)).toMatchObject({
      promptTokens: 1210,
      cachedTokens: 900,
      cacheWriteTokens: 300,
      completionTokens: 5,
    });
  });

  it('says in an event why the answer ended, beside the answer, which is not read', () => {
    const events: SentSpan['events'] = [
      { name: 'gen_ai.user.message', at: Date.UTC(2026, 0, 1), attributes: { content: 'secret' } },
      {
        name: 'gen_ai.choice',
        at: Date.UTC(2026, 0, 1) + 900,
        attributes: { message: 'secret', finish_reason: 'tool_use' },
      },
    ];
    for (const encoding of ['json', 'protobuf'] as const) {
      const { generations } = read(
        [{ resource: {}, scope: 'strands.telemetry.tracer', spans: [span(CALL, { events })] }],
        encoding,
      );
      expect(generations[0]?.generation).toMatchObject({
        finishReason: 'tool_calls',
        nativeFinishReason: 'tool_use',
        latencyMs: 420,
      });
      expect(JSON.stringify(generations)).not.toContain('secret');
    }
  });
});

describe('Semantic Kernel', () => {
  const CALL = {
    'gen_ai.operation.name': 'chat.completions',
    'gen_ai.system': 'openai',
    'gen_ai.request.model': 'gpt-4o',
  };

  it('counted tokens under names of its own in its first versions', () => {
    expect(
      record({
        ...CALL,
        'gen_ai.response.prompt_tokens': 16,
        'gen_ai.response.completion_tokens': 28,
        'gen_ai.response.finish_reason': 'FinishReason.STOP',
      }),
    ).toMatchObject({ promptTokens: 16, completionTokens: 28, finishReason: 'stop' });
  });

  it('has no counts of streams, which is said', () => {
    expect(readOne(CALL).rejects).toEqual([
      { door: 'otlp', reason: expect.stringContaining('no token counts'), count: 1 },
    ]);
  });
});

describe('Spring AI', () => {
  it('writes numbers as texts, and none for what is not known', () => {
    const call = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'openai',
      'gen_ai.request.model': 'gpt-5-mini',
      'gen_ai.response.model': 'none',
    };
    expect(record(call, { isError: true })).toMatchObject({ model: 'gpt-5-mini', finishReason: 'error' });
    expect(
      record({
        ...call,
        'gen_ai.usage.input_tokens': '12',
        'gen_ai.usage.output_tokens': '3',
        'gen_ai.response.finish_reasons': '["STOP"]',
      }),
    ).toMatchObject({ model: 'gpt-5-mini', totalTokens: 15, finishReason: 'stop' });
  });
});

describe('LangSmith', () => {
  const LLM = {
    'langsmith.span.kind': 'llm',
    'gen_ai.operation.name': 'chat',
    'gen_ai.system': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 50,
    'gen_ai.usage.total_tokens': 150,
  };

  it('says parts of the tokens as Python prints them, several reasons in one text, the thread as metadata', () => {
    expect(
      record({
        ...LLM,
        'gen_ai.usage.input_token_details': "{'audio': 0, 'cache_read': 80, 'cache_creation': 5}",
        'gen_ai.usage.output_token_details': "{'audio': 0, 'reasoning': 30}",
        'gen_ai.response.finish_reasons': 'stop, length',
        'langsmith.metadata.thread_id': 'talk',
        'langsmith.metadata.user_id': 'ada',
        'langsmith.request.streaming': true,
      }),
    ).toMatchObject({
      promptTokens: 100,
      cachedTokens: 80,
      cacheWriteTokens: 5,
      reasoningTokens: 30,
      finishReason: 'stop',
      session: CONTEXT.hashSession('talk'),
      account: CONTEXT.hashAccount('ada'),
      streamed: true,
    });
  });

  it.each(['chain', 'tool', 'retriever', 'prompt', 'parser'])(
    '%s repeats what a call below it used',
    (kind) => {
      const operation = kind === 'prompt' ? 'chat' : kind;
      expect(
        readOne({ ...LLM, 'langsmith.span.kind': kind, 'gen_ai.operation.name': operation }),
      ).toMatchObject(NO_ANSWER);
    },
  );
});

it('a run of an agent in older versions of Pydantic AI has tokens and no operation', () => {
  const { 'gen_ai.operation.name': _chat, 'gen_ai.request.model': _model, ...usage } = CHAT;
  expect(readOne({ ...usage, agent_name: 'helper', model_name: 'gpt-5-mini' })).toMatchObject(NO_ANSWER);
});

it('a span that Logfire announces when it begins is none yet', () => {
  const { 'gen_ai.usage.input_tokens': _in, 'gen_ai.usage.output_tokens': _out, ...begun } = CHAT;
  expect(readOne({ ...begun, 'logfire.span_type': 'pending_span' })).toMatchObject(NO_ANSWER);
});

it.each(['execute_task', 'framework', 'chain'])('an operation %s sums up others', (operation) => {
  expect(readOne({ ...CHAT, 'gen_ai.operation.name': operation })).toMatchObject(NO_ANSWER);
});

describe('a call that its provider or gateway records too', () => {
  const ID = 'gen-1772445600-AbCdEfGhIjKlMnOpQrSt';
  const idOf = (attributes: Record<string, SentValue>, more?: Partial<SentSpan>) =>
    record({ ...CHAT, ...attributes }, more).id;

  it('has the id that OpenRouter and the gateway made, so that it counts once', () => {
    expect(idOf({ 'gen_ai.response.id': ID })).toBe(ID);
    expect(idOf({ 'ai.operationId': 'ai.streamText.doStream', 'ai.response.id': ID })).toBe(ID);
  });

  it('and not one that somebody else may have made as well', () => {
    for (const id of ['chatcmpl-123', 'gen-1', 'gen-1772445600-AbCdEfGhIjKlMnOpQrSt:attempt-0'])
      expect(idOf({ 'gen_ai.response.id': id })).toMatch(/^otlp:/);
  });
});
