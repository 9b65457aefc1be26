import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costOf } from '../accounting/cost.ts';
import type { Usage } from '../contract.ts';
import { NO_PRICES } from '../routing/model-facts.ts';
import { readChatUsage } from './chat.ts';
import { readMessagesUsage } from './messages.ts';
import { NO_USAGE } from './observed.ts';
import { tapFor } from './registry.ts';
import { readResponsesUsage } from './responses.ts';

test.each([
  [
    'OpenAI',
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      completion_tokens_details: { reasoning_tokens: 30 },
      prompt_tokens_details: { cached_tokens: 40 },
    },
    { prompt: 100, completion: 50, reasoning: 30, cached: 40 },
  ],
  [
    'DeepSeek',
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
    },
    { prompt: 100, completion: 50, cached: 64 },
  ],
  [
    'reasoning outside of the completion',
    {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 150,
      completion_tokens_details: { reasoning_tokens: 30 },
    },
    { completion: 50, reasoning: 30 },
  ],
  ['only a total', { prompt_tokens: 8, total_tokens: 8 }, { prompt: 8, completion: 0 }],
  [
    'OpenRouter',
    {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      cost: 0.25,
      cost_details: { upstream_inference_cost: 0.2 },
    },
    { cost: 0.25, upstreamCost: 0.2 },
  ],
])('usage as %s writes it', (_, given, expected) => {
  expect(readChatUsage(given)).toMatchObject(expected);
});

test('nonsense in usage is unknown', () => {
  expect(readChatUsage(null)).toBeNull();
  expect(readChatUsage({ prompt_tokens: 'many' })).toBeNull();
  expect(readChatUsage({ prompt_tokens: 5, completion_tokens: -3, total_tokens: 5 })).toMatchObject({
    completion: 0,
  });
  expect(readResponsesUsage({ input_tokens: 1.5 })).toBeNull();
  expect(readMessagesUsage([])).toBeNull();
});

test('Anthropic’s cached tokens are part of the prompt, once', () => {
  expect(
    readMessagesUsage({
      input_tokens: 10,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 50,
      output_tokens: 7,
    }),
  ).toMatchObject({ prompt: 160, cached: 100, cacheWrite: 50, completion: 7 });
});

test('a cut-off Messages stream knows its prompt, not its completion', () => {
  const tap = tapFor('messages');
  const event = (data: object) => tap.event({ event: null, data: JSON.stringify(data) });
  event({
    type: 'message_start',
    message: { id: 'm', usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 } },
  });
  event({ type: 'content_block_delta', delta: { type: 'text_delta', text: 'twelve chars' } });
  expect(tap.observed).toMatchObject({
    usage: { prompt: 15, completion: null },
    characters: 12,
    started: true,
    finished: false,
  });
  event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } });
  event({ type: 'message_stop' });
  expect(tap.observed).toMatchObject({
    usage: { prompt: 15, cached: 5, completion: 4 },
    finished: true,
    nativeFinishReason: 'end_turn',
  });
});

test('Responses tell their end, their tools and their failure', () => {
  const seen = (response: object, type = 'response.completed') => {
    const tap = tapFor('responses');
    tap.event({ event: type, data: JSON.stringify({ type, response }) });
    return tap.observed;
  };
  const usage = { input_tokens: 3, output_tokens: 2, output_tokens_details: { reasoning_tokens: 1 } };
  expect(seen({ id: 'r', status: 'completed', output: [{ type: 'function_call' }], usage })).toMatchObject({
    nativeFinishReason: 'tool_calls',
    finished: true,
    usage: { prompt: 3, completion: 2, reasoning: 1 },
  });
  expect(
    seen(
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      'response.incomplete',
    ),
  ).toMatchObject({
    nativeFinishReason: 'max_output_tokens',
    finished: true,
  });
  expect(seen({ status: 'failed' }, 'response.failed')).toMatchObject({ failed: true, finished: false });
});

test('taps take whatever comes', () => {
  const dialects = ['chat', 'messages', 'responses', 'completions', 'embeddings'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...dialects), fc.jsonValue({ maxDepth: 4 }), (dialect, value) => {
      const tap = tapFor(dialect);
      tap.event({ event: null, data: JSON.stringify(value) });
      tap.event({ event: null, data: `${JSON.stringify(value)}x` });
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) tap.body(value as never);
    }),
  );
});

const usage = (given: Partial<Usage>): Usage => ({ ...NO_USAGE, ...given });
const prices = { ...NO_PRICES, prompt: 2, completion: 8, cacheRead: 0.2, cacheWrite: 2.5 };

test('a cost is null as soon as a price that it needs is unknown', () => {
  const all = usage({ prompt: 100, completion: 10, cached: 50 });
  expect(costOf(all, NO_PRICES).cost).toBeNull();
  expect(costOf(all, { ...prices, cacheRead: null }).cost).toBeNull();
  expect(costOf(usage({ prompt: 100, completion: 10 }), { ...prices, cacheRead: null }).cost).not.toBeNull();
  expect(costOf(usage({ prompt: 100, completion: null }), prices).cost).toBeNull();
});

test('what the upstream says counts, even 0', () => {
  expect(costOf(usage({ prompt: 100, completion: 10, cost: 0 }), prices).cost).toBe(0);
});

test('each token is paid once', () => {
  const count = fc.integer({ min: 0, max: 1e6 });
  fc.assert(
    fc.property(count, count, count, count, (fresh, cached, written, completion) => {
      const { cost } = costOf(
        usage({ prompt: fresh + cached + written, cached, cacheWrite: written, completion }),
        prices,
      );
      expect(cost).toBeCloseTo((fresh * 2 + cached * 0.2 + written * 2.5 + completion * 8) / 1e6, 9);
    }),
  );
});

test('what Messages said at the start is not undone by zeros at the end', () => {
  const tap = tapFor('messages');
  const see = (data: object) => tap.event({ event: null, data: JSON.stringify(data) });
  const start = { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 1 };
  see({ type: 'message_start', message: { id: 'm', usage: start } });
  const end = { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 5 };
  see({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: end });
  expect(tap.observed.usage).toMatchObject({ prompt: 110, cached: 100, completion: 5 });
});

test('what Anthropic’s cache keeps for an hour costs twice the prompt, for five minutes its own price', () => {
  const usage = readMessagesUsage({
    input_tokens: 0,
    cache_creation_input_tokens: 1000,
    cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 600 },
    output_tokens: 0,
  });
  const prices = { ...NO_PRICES, prompt: 3, completion: 15, cacheRead: 0.3, cacheWrite: 3.75 };
  expect(costOf(usage ?? NO_USAGE, prices).cost).toBeCloseTo((400 * 3.75 + 600 * 6) / 1e6, 12);
});
