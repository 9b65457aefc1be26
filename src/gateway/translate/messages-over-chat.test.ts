import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import { dataOf, fixtureEvents, play, serve, textOf } from '../../testing/translation-fixtures.ts';
import type { JsonObject } from '../contract.ts';
import { translationFor } from './registry.ts';

const translation = translationFor('messages', 'chat');
if (!translation) throw new Error('messages over chat is missing');
const request = (body: JsonObject, model = 'gpt-4o', stream = false): JsonObject =>
  translation.request({ max_tokens: 100, ...body }, { model, stream });
const hello: JsonObject = { messages: [{ role: 'user', content: 'Hello' }] };

describe('the request', () => {
  it('takes over prompts, settings and limits', () => {
    expect(
      request(
        {
          system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
          messages: [
            { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
            { role: 'assistant', content: 'Hi' },
            { role: 'user', content: 'Go on' },
          ],
          stop_sequences: ['END'],
          temperature: 0.5,
          top_p: 0.9,
          top_k: 5,
          metadata: { user_id: 'u-1' },
          service_tier: 'standard_only',
        },
        'llama-4',
        true,
      ),
    ).toEqual({
      model: 'llama-4',
      messages: [
        {
          role: 'system',
          content: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
        },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: 'Go on' },
      ],
      max_tokens: 100,
      stop: ['END'],
      temperature: 0.5,
      top_p: 0.9,
      top_k: 5,
      user: 'u-1',
      service_tier: 'default',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('needs no counterpart for clearing thoughts that are not sent, as agents ask for', () => {
    const edits = (type: string) => ({ context_management: { edits: [{ type, keep: 'all' }] } });
    expect(request({ ...hello, ...edits('clear_thinking_20251015') })).not.toHaveProperty(
      'context_management',
    );
    expect(() => request({ ...hello, ...edits('clear_tool_uses_20250919') })).toThrow(/context_management/);
  });

  it('leaves out a user that is longer than OpenAI takes', () => {
    const user = (user_id: string) => request({ ...hello, metadata: { user_id } }).user;
    expect(user('u'.repeat(64))).toBe('u'.repeat(64));
    expect(user('u'.repeat(65))).toBeUndefined();
  });

  it('limits OpenAI’s reasoning models by their own field', () => {
    expect(request(hello, 'gpt-5.2')).toMatchObject({ max_completion_tokens: 100 });
    expect(request(hello, 'openai/o4-mini')).toMatchObject({ max_completion_tokens: 100 });
    expect(request(hello, 'gpt-4.1')).toMatchObject({ max_tokens: 100 });
  });

  it('makes tool results messages of their own, with their pictures in the next one', () => {
    const { messages } = request({
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Looking' },
            { type: 'tool_use', id: 'a', name: 'shot', input: { x: 1 } },
            { type: 'tool_use', id: 'b', name: 'list', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'a',
              content: [
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw==' } },
              ],
            },
            { type: 'tool_result', tool_use_id: 'b', content: 'none', is_error: true },
            { type: 'text', text: 'And?' },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      {
        role: 'assistant',
        content: 'Looking',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'shot', arguments: '{"x":1}' } },
          { id: 'b', type: 'function', function: { name: 'list', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'The result is in the next message.' },
      { role: 'tool', tool_call_id: 'b', content: 'none', is_error: true },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  it.each([
    [{ type: 'auto' }, 'auto', undefined],
    [{ type: 'none' }, 'none', undefined],
    [{ type: 'any', disable_parallel_tool_use: true }, 'required', false],
    [{ type: 'tool', name: 'f' }, { type: 'function', function: { name: 'f' } }, undefined],
  ])('translates the tool choice %j', (choice, expected, parallel) => {
    const tools = [{ name: 'f', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral' } }];
    const out = request({ ...hello, tools, tool_choice: choice });
    expect(out.tool_choice).toEqual(expected);
    expect(out.parallel_tool_calls).toBe(parallel);
    expect(out.tools).toEqual([
      {
        type: 'function',
        function: { name: 'f', parameters: { type: 'object' } },
        cache_control: { type: 'ephemeral' },
      },
    ]);
  });

  it.each<[JsonObject, string | undefined]>([
    [{ thinking: { type: 'enabled', budget_tokens: 2000 }, max_tokens: 10_000 }, 'low'],
    [{ thinking: { type: 'enabled', budget_tokens: 9000 }, max_tokens: 10_000 }, 'high'],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } }, 'xhigh'],
    [{ thinking: { type: 'adaptive' } }, undefined],
    [{ thinking: { type: 'disabled' } }, undefined],
  ])('asks for the effort of %j', (body, effort) => {
    expect(request({ ...hello, ...body }).reasoning_effort).toBe(effort);
  });

  it('asks for a structured output', () => {
    const schema = { type: 'object', properties: {} };
    expect(request({ ...hello, output_config: { format: { type: 'json_schema', schema } } })).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'output', schema, strict: true } },
    });
  });

  it.each<[string, JsonObject]>([
    ['tools[0].type', { ...hello, tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['mcp_servers', { ...hello, mcp_servers: [{ url: 'https://secret' }] }],
    ['inference_geo', { ...hello, inference_geo: 'us' }],
    [
      'messages[0].content[0].type',
      { messages: [{ role: 'user', content: [{ type: 'container_upload', file_id: 'secret' }] }] },
    ],
    [
      'messages[0].content[0].source.type',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'file' } }] }] },
    ],
    [
      'messages[0].content[0].citations',
      { messages: [{ role: 'user', content: [{ type: 'document', citations: { enabled: true } }] }] },
    ],
  ])('refuses %s by name', (field, body) => {
    expect(() => request(body)).toThrow(field);
    expect(() => request(body)).not.toThrow('secret');
  });
});

/** The deltas of a stream as one whole completion. */
const whole: JsonObject = {
  id: 'gen-chat-7',
  model: 'deepseek/deepseek-r2',
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: 'Let me check both.',
        reasoning_content: 'Two cities, two calls.',
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
          { id: 'call_b', type: 'function', function: { name: 'weather', arguments: '{"city":"Lima"}' } },
        ],
      },
    },
  ],
  usage: {
    prompt_tokens: 130,
    completion_tokens: 58,
    total_tokens: 188,
    prompt_tokens_details: { cached_tokens: 100 },
    completion_tokens_details: { reasoning_tokens: 12 },
  },
};

describe('the answer', () => {
  it.each(['chat-reasoning-and-tools', 'chat-summary-and-encrypted', 'chat-error-midway'])(
    'streams %s as the golden file says',
    async (name) => {
      const out = textOf(play(translation.stream(), fixtureEvents(`${name}.sse`)));
      await expect(out).toMatchFileSnapshot(`fixtures/${name}.to-messages.golden`);
    },
  );

  it('opens one block after the other, even where the upstream mixes two calls', () => {
    let open: number | null = null;
    let next = 0;
    for (const data of dataOf(play(translation.stream(), fixtureEvents('chat-reasoning-and-tools.sse')))) {
      const { type, index } = data as JsonObject;
      if (type === 'content_block_start') {
        expect(open).toBeNull();
        expect(index).toBe(next++);
        open = index as number;
      }
      if (type === 'content_block_delta') expect(index).toBe(open);
      if (type === 'content_block_stop') open = null;
    }
    expect(next).toBe(4);
  });

  it('reaches the Anthropic client whole, streamed or not', async () => {
    const events = fixtureEvents('chat-reasoning-and-tools.sse');
    for (const answer of [play(translation.stream(), events), translation.response(whole)]) {
      const server = await serve(answer);
      const client = new Anthropic({ apiKey: 'x', baseURL: server.url, maxRetries: 0 });
      const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'x' }] };
      const message = Array.isArray(answer)
        ? await client.messages.stream(body).finalMessage()
        : await client.messages.create(body);
      server.close();
      expect(message.stop_reason).toBe('tool_use');
      expect(message.content).toMatchObject([
        { type: 'thinking', thinking: 'Two cities, two calls.' },
        { type: 'text', text: 'Let me check both.' },
        { type: 'tool_use', id: 'call_a', name: 'weather', input: { city: 'Oslo' } },
        { type: 'tool_use', id: 'call_b', name: 'weather', input: { city: 'Lima' } },
      ]);
      // 130 prompt tokens, of which 100 came from the cache.
      expect(message.usage).toMatchObject({
        input_tokens: 30,
        cache_read_input_tokens: 100,
        output_tokens: 58,
        output_tokens_details: { thinking_tokens: 12 },
      });
    }
  });

  it('carries reasoning of another maker through the client and back', () => {
    const events = fixtureEvents('chat-summary-and-encrypted.sse');
    const content: JsonObject[] = [];
    for (const data of dataOf(play(translation.stream(), events)) as JsonObject[]) {
      const block = content[data.index as number];
      const delta = objectOf(data.delta);
      if (data.type === 'content_block_start') content.push(objectOf(data.content_block));
      if (block && delta.type === 'thinking_delta') block.thinking += delta.thinking as string;
      if (block && delta.type === 'text_delta') block.text += delta.text as string;
      if (block && delta.type === 'signature_delta') block.signature = delta.signature as string;
    }
    expect(content.map((b) => b.type)).toEqual(['thinking', 'redacted_thinking', 'text']);
    const back = request({ messages: [{ role: 'assistant', content }] });
    expect(objectsOf(back.messages)[0]).toEqual({
      role: 'assistant',
      content: 'In May.',
      reasoning: 'Comparing dates',
      reasoning_details: [
        {
          type: 'reasoning.summary',
          summary: 'Comparing dates',
          format: 'openai-responses-v1',
          id: 'rs_1',
          index: 0,
        },
        {
          type: 'reasoning.encrypted',
          data: 'gAAAAABencrypted',
          format: 'openai-responses-v1',
          id: 'rs_1',
          index: 0,
        },
      ],
    });
  });

  it('makes the Anthropic client throw on an error midway and on a cut stream', async () => {
    const cut = fixtureEvents('chat-reasoning-and-tools.sse').slice(0, 8);
    for (const [events, words] of [
      [fixtureEvents('chat-error-midway.sse'), 'out of capacity'],
      [cut, 'closed the stream'],
    ] as const) {
      const out = play(translation.stream(), [...events]);
      expect(out.some((e) => e.event === 'message_stop')).toBe(false);
      const server = await serve(out);
      const client = new Anthropic({ apiKey: 'x', baseURL: server.url, maxRetries: 0 });
      const stream = client.messages.stream({ model: 'm', max_tokens: 9, messages: [] });
      await expect(stream.finalMessage()).rejects.toThrow(words);
      server.close();
    }
  });

  it.each([
    ['stop', null, 'end_turn'],
    ['stop', 'stop_sequence', 'stop_sequence'],
    ['length', 'max_tokens', 'max_tokens'],
    ['content_filter', null, 'refusal'],
  ])('says why it stopped: %s (%s)', (finish_reason, native_finish_reason, expected) => {
    const choices = [{ finish_reason, native_finish_reason, message: { content: 'x' } }];
    expect(translation.response({ id: 'i', choices }).stop_reason).toBe(expected);
  });

  it('never passes off a failed answer as complete', () => {
    const choices = [{ finish_reason: 'error', message: { content: 'Half' } }];
    expect(translation.response({ id: 'i', choices })).toMatchObject({
      type: 'error',
      error: { type: 'api_error' },
    });
    expect(translation.response({ error: { code: 429, message: 'Slow down' } })).toMatchObject({
      error: { type: 'rate_limit_error', message: 'Slow down' },
    });
  });

  it('shows a refusal as text with its reason', () => {
    const choices = [{ finish_reason: 'stop', message: { content: null, refusal: 'I will not.' } }];
    expect(translation.response({ id: 'i', choices })).toMatchObject({
      content: [{ type: 'text', text: 'I will not.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', explanation: 'I will not.' },
    });
  });
});
