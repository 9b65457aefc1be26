import OpenAI from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import { dataOf, fixtureEvents, play, serve, textOf } from '../../testing/translation-fixtures.ts';
import type { JsonObject } from '../contract.ts';
import { translationFor } from './registry.ts';

const translation = translationFor('responses', 'chat');
const overMessages = translationFor('responses', 'messages');
if (!translation || !overMessages) throw new Error('responses over chat is missing');
const request = (body: JsonObject, model = 'llama-4', stream = false): JsonObject =>
  translation.request(body, { model, stream });

describe('the request', () => {
  it('takes over instructions, input and settings', () => {
    expect(
      request(
        {
          instructions: 'Be brief.',
          input: 'Hello',
          max_output_tokens: 100,
          temperature: 0.5,
          reasoning: { effort: 'low', summary: 'auto' },
          text: {
            verbosity: 'low',
            format: { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true },
          },
          store: true,
          include: ['reasoning.encrypted_content'],
          user: 'u',
        },
        'llama-4',
        true,
      ),
    ).toEqual({
      model: 'llama-4',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      max_tokens: 100,
      temperature: 0.5,
      reasoning_effort: 'low',
      verbosity: 'low',
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'x', schema: { type: 'object' }, strict: true },
      },
      user: 'u',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('makes one turn of what the assistant did between two inputs', () => {
    const { messages } = request({
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Look' },
            { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
            { type: 'input_file', file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' },
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
          id: 'msg_1',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Two calls', annotations: [] }],
        },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
        { type: 'custom_tool_call', call_id: 'b', name: 'patch', input: '*** raw' },
        { type: 'function_call_output', call_id: 'a', output: 'one' },
        { type: 'custom_tool_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'two' }] },
      ],
    });
    const known = { format: 'openai-responses-v1', id: 'rs_1' };
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
        ],
      },
      {
        role: 'assistant',
        content: 'Two calls',
        reasoning: 'Hm',
        reasoning_details: [
          { type: 'reasoning.summary', summary: 'Hm', ...known, index: 0 },
          { type: 'reasoning.encrypted', data: 'gAAA', ...known, index: 1 },
        ],
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'custom', custom: { name: 'patch', input: '*** raw' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', content: 'two' },
    ]);
  });

  it('translates tools and the choice between them', () => {
    const tools: JsonObject[] = [
      { type: 'function', name: 'f', description: 'Does it', parameters: { type: 'object' }, strict: false },
      {
        type: 'custom',
        name: 'patch',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
      },
    ];
    const tool_choice = { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] };
    expect(request({ input: 'x', tools, tool_choice, parallel_tool_calls: false })).toMatchObject({
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'Does it', parameters: { type: 'object' }, strict: false },
        },
        {
          type: 'custom',
          custom: {
            name: 'patch',
            format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "x"' } },
          },
        },
      ],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      parallel_tool_calls: false,
    });
  });

  it.each<[string, JsonObject]>([
    ['previous_response_id', { input: 'secret', previous_response_id: 'resp_1' }],
    ['background', { input: 'secret', background: true }],
    ['tools[0].type', { input: 'secret', tools: [{ type: 'web_search' }] }],
    ['input[0].type', { input: [{ type: 'item_reference', id: 'secret' }] }],
    [
      'input[0].content[0].file_id',
      { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'secret' }] }] },
    ],
    ['input', {}],
  ])('refuses %s by name', (field, body) => {
    expect(() => request(body)).toThrow(field);
    expect(() => request(body)).not.toThrow('secret');
  });
});

describe('the answer', () => {
  it.each(['chat-reasoning-and-tools', 'chat-summary-and-encrypted', 'chat-error-midway'])(
    'streams %s as the golden file says',
    async (name) => {
      vi.setSystemTime(new Date('2026-09-21T14:13:20Z'));
      const out = textOf(play(translation.stream(), fixtureEvents(`${name}.sse`)));
      vi.useRealTimers();
      await expect(out).toMatchFileSnapshot(`fixtures/${name}.to-responses.golden`);
    },
  );

  it('numbers its events without a gap', () => {
    const events = dataOf(play(translation.stream(), fixtureEvents('chat-reasoning-and-tools.sse')));
    expect(events.map((e) => (e as JsonObject).sequence_number)).toEqual(events.map((_, i) => i));
  });

  it('reaches the OpenAI client whole, and repeats the settings of the request', async () => {
    const body = {
      model: 'm',
      input: 'x',
      temperature: 0.3,
      tools: [{ type: 'function', name: 'weather', parameters: { type: 'object' }, strict: null }],
    };
    const server = await serve(
      play(translation.stream(body as JsonObject), fixtureEvents('chat-reasoning-and-tools.sse')),
    );
    const client = new OpenAI({ apiKey: 'x', baseURL: server.url, maxRetries: 0 });
    const stream = client.responses.stream({ model: 'm', input: 'x' });
    let streamed = '';
    stream.on('response.output_text.delta', ({ delta }) => {
      streamed += delta;
    });
    const response = await stream.finalResponse();
    server.close();
    expect(streamed).toBe('Let me check both.');
    expect(response).toMatchObject({
      status: 'completed',
      temperature: 0.3,
      tools: [{ name: 'weather' }],
      output_text: 'Let me check both.',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Two cities, two calls.' }] },
        { type: 'message', content: [{ type: 'output_text', text: 'Let me check both.' }] },
        { type: 'function_call', call_id: 'call_a', name: 'weather', arguments: '{"city":"Oslo"}' },
        { type: 'function_call', call_id: 'call_b', name: 'weather', arguments: '{"city":"Lima"}' },
      ],
      usage: {
        input_tokens: 130,
        input_tokens_details: { cached_tokens: 100 },
        output_tokens: 58,
        output_tokens_details: { reasoning_tokens: 12 },
        total_tokens: 188,
      },
    });
  });

  it('keeps OpenAI’s own reasoning items through chat', () => {
    const last = dataOf(play(translation.stream(), fixtureEvents('chat-summary-and-encrypted.sse'))).at(-1);
    expect(objectsOf(objectOf((last as JsonObject).response).output)).toMatchObject([
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'Comparing dates' }],
        encrypted_content: 'gAAAAABencrypted',
      },
      { type: 'message' },
    ]);
  });

  it('carries Claude’s thinking and signatures through a responses client and back', () => {
    const events = fixtureEvents('messages-thinking-and-tools.sse');
    const last = dataOf(play(overMessages.stream(), events)).at(-1) as JsonObject;
    expect(last.type).toBe('response.completed');
    const { output } = objectOf(last.response);
    const back = overMessages.request(
      { input: [{ role: 'user', content: 'x' }, ...objectsOf(output)] },
      { model: 'claude-opus-4-6', stream: true },
    );
    expect(objectsOf(back.messages)[1]?.content).toEqual([
      {
        type: 'thinking',
        thinking: 'The ferry depends on the tide, so I need both.',
        signature: 'EqQBCkYIBxgCKkDtide+first/signature==',
      },
      { type: 'redacted_thinking', data: 'EmwKAhgBEgyredacted/payload==' },
      { type: 'text', text: 'I will look up the tide and the ferry – 一会儿。' },
      {
        type: 'tool_use',
        id: 'toolu_01Tide',
        name: 'tide_table',
        input: { harbour: 'Büsum', day: '2026-05-01' },
      },
      { type: 'thinking', thinking: 'Now the ferry.', signature: 'EqQBCkYIBxgCKkDferry+second/signature==' },
      { type: 'tool_use', id: 'toolu_02Ferry', name: 'ferry_times', input: {} },
    ]);
  });

  it('says what is incomplete and why', () => {
    const body = { id: 'i', choices: [{ finish_reason: 'length', message: { content: 'Half' } }] };
    expect(translation.response(body)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'message', status: 'incomplete' }],
      usage: null,
    });
  });

  it('never passes off a failed answer as complete', () => {
    expect(translation.response({ error: { code: 429, message: 'Slow down' } })).toMatchObject({
      status: 'failed',
      error: { code: 'rate_limit_exceeded', message: 'Slow down' },
    });
  });

  it('fails on an error midway and on a cut stream', () => {
    const cut = fixtureEvents('chat-reasoning-and-tools.sse').slice(0, 8);
    expect(dataOf(play(translation.stream(), cut)).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error' } },
    });
    const failing = fixtureEvents('chat-error-midway.sse');
    expect(dataOf(play(translation.stream(), failing)).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { error: { code: 'rate_limit_exceeded', message: 'Provider is out of capacity' } },
    });
  });
});
