import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import { dataOf, fixtureEvents, play, serve } from '../../testing/translation-fixtures.ts';
import type { JsonObject, StreamEvent } from '../contract.ts';
import { translationFor } from './registry.ts';

const translation = translationFor('chat', 'responses');
const toResponses = translationFor('responses', 'chat');
const messagesOverResponses = translationFor('messages', 'responses');
if (!translation || !toResponses || !messagesOverResponses) throw new Error('chat over responses is missing');
const request = (body: JsonObject, model = 'gpt-5-pro'): JsonObject =>
  translation.request(body, { model, stream: false });
const hello: JsonObject = { messages: [{ role: 'user', content: 'Hello' }] };

/** A stream of responses, as the translation that clients have tested makes it. */
const responsesStream = (name: string): StreamEvent[] => play(toResponses.stream(), fixtureEvents(name));
const lastResponse = (events: StreamEvent[]): JsonObject =>
  objectOf((dataOf(events).at(-1) as JsonObject).response);

describe('chat over responses', () => {
  it('translates the request', () => {
    expect(
      request({
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Look' },
              { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
              {
                type: 'file',
                file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
              },
            ],
          },
          {
            role: 'assistant',
            content: 'Calling',
            reasoning_details: [
              {
                type: 'reasoning.summary',
                summary: 'Hm',
                format: 'openai-responses-v1',
                id: 'rs_1',
                index: 0,
              },
              {
                type: 'reasoning.encrypted',
                data: 'gAAA',
                format: 'openai-responses-v1',
                id: 'rs_1',
                index: 0,
              },
              { type: 'reasoning.text', text: 'x', signature: 's', format: 'anthropic-claude-v1' },
            ],
            tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
          },
          { role: 'tool', tool_call_id: 'a', content: 'one' },
        ],
        max_tokens: 900,
        reasoning: { effort: 'high' },
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
        tool_choice: { type: 'function', function: { name: 'f' } },
        response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } },
      }),
    ).toEqual({
      model: 'gpt-5-pro',
      input: [
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Be brief.' }] },
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'Look' },
            { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' },
            { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
          ],
        },
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [{ type: 'summary_text', text: 'Hm' }],
          encrypted_content: 'gAAA',
        },
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Calling', annotations: [] }],
        },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}' },
        { type: 'function_call_output', call_id: 'a', output: 'one' },
      ],
      max_output_tokens: 900,
      reasoning: { effort: 'high', summary: 'auto' },
      tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: false }],
      tool_choice: { type: 'function', name: 'f' },
      text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' } } },
      store: false,
      include: ['reasoning.encrypted_content'],
    });
    expect(request(hello, 'gpt-4o')).not.toHaveProperty('include');
  });

  it.each<[string, JsonObject]>([
    ['stop', { ...hello, stop: ['END'] }],
    ['n', { ...hello, n: 2 }],
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }],
  ])('refuses %s by name', (field, body) => {
    expect(() => request(body)).toThrow(`${field} `);
  });

  it('reaches the OpenAI client whole, streamed or not', async () => {
    const events = responsesStream('chat-reasoning-and-tools.sse');
    for (const answer of [play(translation.stream(), events), translation.response(lastResponse(events))]) {
      const server = await serve(answer);
      const client = new OpenAI({ apiKey: 'x', baseURL: server.url, maxRetries: 0 });
      const body = { model: 'm', messages: [{ role: 'user' as const, content: 'x' }] };
      const completion = Array.isArray(answer)
        ? await client.chat.completions.stream(body).finalChatCompletion()
        : await client.chat.completions.create(body);
      server.close();
      expect(completion).toMatchObject({
        choices: [
          {
            finish_reason: 'tool_calls',
            native_finish_reason: 'completed',
            message: {
              content: 'Let me check both.',
              tool_calls: [
                { id: 'call_a', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
                { id: 'call_b', function: { name: 'weather', arguments: '{"city":"Lima"}' } },
              ],
            },
          },
        ],
        usage: {
          prompt_tokens: 130,
          completion_tokens: 58,
          prompt_tokens_details: { cached_tokens: 100 },
          completion_tokens_details: { reasoning_tokens: 12 },
        },
      });
    }
  });

  it('keeps reasoning items through an Anthropic client and back', async () => {
    const events = responsesStream('chat-summary-and-encrypted.sse');
    const server = await serve(play(messagesOverResponses.stream(), events));
    const client = new Anthropic({ apiKey: 'x', baseURL: server.url, maxRetries: 0 });
    const message = await client.messages.stream({ model: 'm', max_tokens: 9, messages: [] }).finalMessage();
    server.close();
    expect(message.content.map((b) => b.type)).toEqual(['thinking', 'redacted_thinking', 'text']);
    const content = message.content as unknown as JsonObject[];
    const messages: JsonObject[] = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content },
    ];
    const back = messagesOverResponses.request(
      { max_tokens: 9, messages },
      { model: 'gpt-5', stream: false },
    );
    expect(objectsOf(back.input)[1]).toEqual({
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'Comparing dates' }],
      encrypted_content: 'gAAAAABencrypted',
    });
  });

  it('says what was incomplete, failed or cut off', () => {
    const incomplete = { id: 'r', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    expect(translation.response(incomplete)).toMatchObject({
      choices: [{ finish_reason: 'length', native_finish_reason: 'max_output_tokens' }],
    });
    const failing = responsesStream('chat-error-midway.sse');
    expect(dataOf(play(translation.stream(), failing)).at(-1)).toMatchObject({
      error: { code: 429, message: 'Provider is out of capacity' },
      choices: [{ finish_reason: 'error' }],
    });
    const cut = responsesStream('chat-reasoning-and-tools.sse').slice(0, 9);
    expect(dataOf(play(translation.stream(), cut)).at(-1)).toMatchObject({ error: { code: 502 } });
  });
});
