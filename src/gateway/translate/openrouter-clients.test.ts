/** Translated answers, checked by the strictest clients: OpenRouter's own, which validate every field. */
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import { OpenRouter } from '@openrouter/sdk';
import type { ChatStreamChunk } from '@openrouter/sdk/models';
import { generateText, streamText } from 'ai';
import { describe, expect, it } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import { dataOf, fixtureEvents, play, serve } from '../../testing/translation-fixtures.ts';
import type { JsonObject, StreamEvent } from '../contract.ts';
import { translationFor } from './registry.ts';

const chat = translationFor('chat', 'messages');
const responses = translationFor('responses', 'chat');
if (!chat || !responses) throw new Error('translations are missing');
const events = fixtureEvents('messages-thinking-and-tools.sse');
const streamed = play(chat.stream(), events);
const whole = chat.response({
  id: 'msg_1',
  model: 'claude-opus-4-6',
  content: [
    { type: 'thinking', thinking: 'Hm.', signature: 'sig-1' },
    { type: 'text', text: 'Hello there.' },
  ],
  stop_reason: 'end_turn',
  usage: { input_tokens: 3, cache_read_input_tokens: 7, output_tokens: 5 },
});

describe('OpenRouter’s SDK', () => {
  const clientOf = async (answer: StreamEvent[] | JsonObject) => {
    const server = await serve(answer);
    return {
      server,
      client: new OpenRouter({ apiKey: 'x', serverURL: server.url, retryConfig: { strategy: 'none' } }),
    };
  };
  const messages = [{ role: 'user' as const, content: 'x' }];

  it('takes a translated completion', async () => {
    const { server, client } = await clientOf(whole);
    const result = await client.chat.send({ chatRequest: { model: 'm', messages, stream: false } });
    server.close();
    expect(result).toMatchObject({
      choices: [
        {
          finishReason: 'stop',
          message: {
            content: 'Hello there.',
            reasoning: 'Hm.',
            reasoningDetails: [{ type: 'reasoning.text', text: 'Hm.', signature: 'sig-1' }],
          },
        },
      ],
      usage: { promptTokens: 10, completionTokens: 5, promptTokensDetails: { cachedTokens: 7 } },
    });
  });

  it('takes every chunk of a translated stream', async () => {
    const { server, client } = await clientOf(streamed);
    const stream = await client.chat.send({ chatRequest: { model: 'm', messages, stream: true } });
    let count = 0;
    let text = '';
    for await (const chunk of stream as AsyncIterable<ChatStreamChunk>) {
      count++;
      text += chunk.choices[0]?.delta.content ?? '';
    }
    server.close();
    expect(text).toBe('I will look up the tide and the ferry – 一会儿。');
    expect(count).toBe(streamed.length - 1);
  });

  it('takes a translated response', async () => {
    const last = dataOf(play(responses.stream(), fixtureEvents('chat-reasoning-and-tools.sse'))).at(-1);
    const { server, client } = await clientOf(objectOf((last as JsonObject).response));
    const result = await client.responses.send({
      responsesRequest: { model: 'm', input: 'x', stream: false },
    });
    server.close();
    expect(result).toMatchObject({ status: 'completed', usage: { inputTokens: 130, outputTokens: 58 } });
    expect(objectsOf((result as unknown as JsonObject).output).map((o) => o.type)).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
    ]);
  });
});

describe('OpenRouter’s provider of the AI SDK', () => {
  it('takes a translated completion and stream, with reasoning and counts', async () => {
    const one = await serve(whole);
    const model = createOpenRouter({ apiKey: 'x', baseURL: one.url })('m');
    const result = await generateText({ model, prompt: 'x', maxRetries: 0 });
    one.close();
    expect(result.text).toBe('Hello there.');
    expect(result.reasoningText).toBe('Hm.');
    expect(result.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 });

    const two = await serve(streamed);
    const streaming = createOpenRouter({ apiKey: 'x', baseURL: two.url })('m');
    const stream = streamText({ model: streaming, prompt: 'x', maxRetries: 0 });
    expect(await stream.text).toBe('I will look up the tide and the ferry – 一会儿。');
    expect(await stream.reasoningText).toContain('The ferry depends on the tide, so I need both.');
    expect((await stream.toolCalls).map((c) => [c.toolCallId, c.toolName])).toEqual([
      ['toolu_01Tide', 'tide_table'],
      ['toolu_02Ferry', 'ferry_times'],
    ]);
    expect(await stream.usage).toMatchObject({ inputTokens: 4629, outputTokens: 188 });
    two.close();
  });
});
