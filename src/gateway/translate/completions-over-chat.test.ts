import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { dataOf, fixtureEvents, play, serve } from '../../testing/translation-fixtures.ts';
import { translationFor } from './registry.ts';

const translation = translationFor('completions', 'chat');
const overMessages = translationFor('completions', 'messages');
if (!translation || !overMessages) throw new Error('completions over chat is missing');
const options = { model: 'llama-4', stream: false };

describe('completions over chat', () => {
  it('makes the prompt the user’s message and keeps the settings', () => {
    expect(
      translation.request({ prompt: ['Once'], max_tokens: 5, stop: ['.'], n: 2, seed: 1 }, options),
    ).toEqual({
      model: 'llama-4',
      messages: [{ role: 'user', content: 'Once' }],
      max_tokens: 5,
      n: 2,
      seed: 1,
      stop: ['.'],
    });
  });

  it.each([
    ['prompt', { prompt: ['a', 'b'] }],
    ['prompt', { prompt: [1, 2] }],
    ['echo', { prompt: 'a', echo: true }],
    ['suffix', { prompt: 'a', suffix: 'b' }],
    ['best_of', { prompt: 'a', best_of: 3 }],
  ])('refuses %s by name', (field, body) => {
    expect(() => translation.request(body, options)).toThrow(field);
  });

  it('reaches the OpenAI client, streamed or not', async () => {
    const whole = {
      id: 'i',
      object: 'chat.completion',
      choices: [{ index: 0, finish_reason: 'stop', message: { content: 'Let me check both.' } }],
    };
    const one = await serve(translation.response(whole));
    const client = new OpenAI({ apiKey: 'x', baseURL: one.url, maxRetries: 0 });
    const completion = await client.completions.create({ model: 'm', prompt: 'x' });
    one.close();
    expect(completion).toMatchObject({
      object: 'text_completion',
      choices: [{ text: 'Let me check both.', finish_reason: 'stop' }],
    });

    const two = await serve(play(translation.stream(), fixtureEvents('chat-reasoning-and-tools.sse')));
    const streaming = new OpenAI({ apiKey: 'x', baseURL: two.url, maxRetries: 0 });
    let text = '';
    let total = 0;
    for await (const chunk of await streaming.completions.create({ model: 'm', prompt: 'x', stream: true })) {
      text += chunk.choices[0]?.text ?? '';
      total = chunk.usage?.total_tokens ?? total;
    }
    two.close();
    expect(text).toBe('Let me check both.');
    expect(total).toBe(188);
  });

  it('works over Anthropic’s dialect too, and never ends a cut stream as complete', () => {
    expect(
      overMessages.request({ prompt: 'x', max_tokens: 9 }, { model: 'claude-haiku-4-5', stream: true }),
    ).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 9,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
      stream: true,
    });
    const events = fixtureEvents('messages-thinking-and-tools.sse');
    const chunks = dataOf(play(overMessages.stream(), events));
    expect(chunks.at(-1)).toBe('[DONE]');
    expect(chunks.at(-2)).toMatchObject({ object: 'text_completion', usage: { total_tokens: 4817 } });
    expect(dataOf(play(overMessages.stream(), events.slice(0, 10))).at(-1)).toMatchObject({
      error: { code: 502 },
      choices: [{ finish_reason: 'error' }],
    });
  });
});
