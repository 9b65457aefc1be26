import OpenAI from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import { dataOf, fixtureEvents, play, serve, textOf } from '../../testing/translation-fixtures.ts';
import type { JsonObject, StreamEvent } from '../contract.ts';
import { translationFor } from './registry.ts';

const translation = translationFor('chat', 'messages');
if (!translation) throw new Error('chat over messages is missing');
const request = (body: JsonObject, model = 'claude-sonnet-4-5', stream = false): JsonObject =>
  translation.request(body, { model, stream });
const hello: JsonObject = { messages: [{ role: 'user', content: 'Hello' }] };

/** The stream of a fixture as one whole message of Anthropic's, as its SDK would add it up. */
function wholeMessage(events: StreamEvent[]): JsonObject {
  let message: JsonObject = {};
  const blocks: JsonObject[] = [];
  for (const data of dataOf(events) as JsonObject[]) {
    const block = blocks[data.index as number] as JsonObject;
    const delta = objectOf(data.delta);
    if (data.type === 'message_start') message = objectOf(data.message);
    if (data.type === 'content_block_start') blocks.push({ ...objectOf(data.content_block), json: '' });
    if (delta.type === 'text_delta') block.text += delta.text as string;
    if (delta.type === 'thinking_delta') block.thinking += delta.thinking as string;
    if (delta.type === 'signature_delta') block.signature = delta.signature as string;
    if (delta.type === 'input_json_delta') block.json += delta.partial_json as string;
    if (data.type === 'message_delta')
      message = { ...message, ...delta, usage: { ...objectOf(message.usage), ...objectOf(data.usage) } };
  }
  const content = blocks.map(({ json, ...block }) =>
    block.type === 'tool_use' ? { ...block, input: JSON.parse(json as string) } : block,
  );
  return { ...message, content };
}

describe('the request', () => {
  it('takes over prompts, settings and limits', () => {
    expect(
      request(
        {
          model: 'ignored',
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'developer', content: [{ type: 'text', text: 'In verse.' }] },
            { role: 'user', content: 'Hello' },
          ],
          max_completion_tokens: 300,
          temperature: 1.4,
          stop: 'END',
          top_k: 40,
          seed: 7,
          presence_penalty: 1,
          user: 'u-1',
          service_tier: 'default',
          stream_options: { include_usage: true },
        },
        'claude-sonnet-4-5',
        true,
      ),
    ).toEqual({
      model: 'claude-sonnet-4-5',
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'In verse.' },
      ],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      max_tokens: 300,
      temperature: 1,
      top_k: 40,
      stop_sequences: ['END'],
      metadata: { user_id: 'u-1' },
      service_tier: 'standard_only',
      stream: true,
    });
  });

  it('asks for as much as the model gives where the client sets no limit', () => {
    expect(request(hello, 'claude-3-haiku-20240307').max_tokens).toBe(4096);
    expect(request(hello, 'anthropic/claude-opus-4.1').max_tokens).toBe(32_000);
    expect(request(hello, 'some-other-model').max_tokens).toBe(8192);
  });

  it('keeps a late system message in place where the model takes it, else joins it to the prompt', () => {
    const body = { messages: [...objectsOf(hello.messages), { role: 'system', content: 'Now in German.' }] };
    expect(request(body, 'claude-opus-4-8').messages).toMatchObject([{ role: 'user' }, { role: 'system' }]);
    expect(request(body, 'claude-sonnet-4-5')).toMatchObject({ system: 'Now in German.' });
  });

  it('translates images, documents and cache marks', () => {
    const pdf = 'data:application/pdf;base64,JVBERi0=';
    const content: JsonObject[] = [
      { type: 'text', text: 'Look', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==', detail: 'high' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.jpg' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: pdf }, cache_control: { type: 'ephemeral' } },
      { type: 'file', file: { filename: 'a.txt', file_data: 'data:text/plain;base64,aGk=' } },
    ];
    expect(objectsOf(request({ messages: [{ role: 'user', content }] }).messages)[0]?.content).toEqual([
      { type: 'text', text: 'Look', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw==' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
        title: 'a.pdf',
        cache_control: { type: 'ephemeral' },
      },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi' }, title: 'a.txt' },
    ]);
  });

  it('merges tool results that follow each other, and what the user says next, into one turn', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } });
    const { messages } = request({
      messages: [
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: null, tool_calls: [call('functions.f:0'), call('b')] },
        { role: 'tool', tool_call_id: 'functions.f:0', content: 'one' },
        { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'two' }], is_error: true },
        { role: 'user', content: 'And?' },
      ],
    });
    expect(messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Go' }] },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'functions_f_0', name: 'f', input: { a: 1 } },
          { type: 'tool_use', id: 'b', name: 'f', input: { a: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'functions_f_0', content: 'one' },
          { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'two' }], is_error: true },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  const tool = (name: string): JsonObject => ({
    type: 'function',
    function: { name, description: 'Does it', parameters: { type: 'object', properties: {} }, strict: true },
    cache_control: { type: 'ephemeral' },
  });
  it.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'tool', name: 'f' },
    ],
  ])('translates the tool choice %j', (choice, expected) => {
    expect(request({ ...hello, tools: [tool('f')], tool_choice: choice })).toMatchObject({
      tools: [
        {
          name: 'f',
          description: 'Does it',
          input_schema: { type: 'object', properties: {} },
          strict: true,
          cache_control: { type: 'ephemeral' },
        },
      ],
      tool_choice: expected,
    });
  });
  it('forbids parallel calls, and offers the allowed tools alone', () => {
    const tools = [tool('f'), tool('g')];
    expect(request({ ...hello, tools, parallel_tool_calls: false }).tool_choice).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    });
    const allowed = { mode: 'required', tools: [{ type: 'function', function: { name: 'g' } }] };
    expect(
      request({ ...hello, tools, tool_choice: { type: 'allowed_tools', allowed_tools: allowed } }),
    ).toMatchObject({ tools: [{ name: 'g' }], tool_choice: { type: 'any' } });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['claude-sonnet-4-5', { reasoning: { effort: 'high' } }, { type: 'enabled', budget_tokens: 51_200 }],
    ['claude-sonnet-4-5', { reasoning_effort: 'low' }, { type: 'enabled', budget_tokens: 12_800 }],
    ['claude-sonnet-4-5', { reasoning: { max_tokens: 2000 } }, { type: 'enabled', budget_tokens: 2000 }],
    [
      'claude-sonnet-4-5',
      { reasoning: { max_tokens: 100, exclude: true } },
      { type: 'enabled', budget_tokens: 1024, display: 'omitted' },
    ],
    ['claude-opus-4-6', { reasoning: { enabled: true } }, { type: 'adaptive', display: 'summarized' }],
    ['claude-opus-4-6', { reasoning: { enabled: false } }, { type: 'disabled' }],
  ])('makes %s think for %j', (model, body, thinking) => {
    expect(request({ ...hello, ...body, temperature: 0.2 }, model).thinking).toEqual(thinking);
  });
  it('gives newer models an effort instead of a budget, and drops sampling that they refuse', () => {
    const body = { ...hello, max_tokens: 10_000, temperature: 0.3, top_p: 0.5 };
    expect(request({ ...body, reasoning: { max_tokens: 8000 } }, 'claude-opus-4-7')).toEqual({
      model: 'claude-opus-4-7',
      max_tokens: 10_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high' },
    });
    expect(request({ ...body, reasoning: { effort: 'none' } }, 'claude-opus-5-5')).toMatchObject({
      output_config: { effort: 'low' },
    });
  });
  it('leaves room for the answer below the limit, or does not think', () => {
    expect(request({ ...hello, max_tokens: 500, reasoning_effort: 'high' }).thinking).toBeUndefined();
    expect(() => request({ ...hello, max_tokens: 500, reasoning: { max_tokens: 900 } })).toThrow(
      'reasoning.max_tokens must be less than max_tokens',
    );
  });

  it('asks for a structured output', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
    const response_format = { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } };
    expect(request({ ...hello, response_format }).output_config).toEqual({
      format: { type: 'json_schema', schema },
    });
  });

  it('takes arguments that were cut off as they are, so that the conversation can go on', () => {
    const tool_calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x": "Lo' } }];
    const { messages } = request({ messages: [{ role: 'assistant', content: null, tool_calls }] });
    expect(messages).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'a', name: 'f', input: { raw: '{"x": "Lo' } }],
      },
    ]);
  });

  it('asks models from before thinking for none', () => {
    const thinking = (model: string) => request({ ...hello, reasoning: { effort: 'high' } }, model).thinking;
    expect(thinking('claude-3-5-haiku-20241022')).toBeUndefined();
    expect(thinking('claude-3-7-sonnet-20250219')).toMatchObject({ type: 'enabled' });
  });

  it('lets a tool that must be called go before thinking, as both at once are refused', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const asked = (tool_choice: JsonObject[string]) =>
      request({ ...hello, tools, tool_choice, reasoning_effort: 'high' }, 'claude-sonnet-4-5').thinking;
    expect(asked('required')).toBeUndefined();
    expect(asked('auto')).toMatchObject({ type: 'enabled' });
  });

  it.each<[string, JsonObject]>([
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }],
    ['messages[0].role', { messages: [{ role: 'narrator', content: 'x' }] }],
    ['messages', {}],
    ['messages', { messages: [] }],
    ['n', { ...hello, n: 2 }],
    ['logprobs', { ...hello, logprobs: true }],
    ['logit_bias', { ...hello, logit_bias: { '50256': -100 } }],
    ['functions', { ...hello, functions: [{ name: 'f' }] }],
    ['modalities', { ...hello, modalities: ['text', 'audio'] }],
    ['response_format.type', { ...hello, response_format: { type: 'json_object' } }],
    ['tools[0].type', { ...hello, tools: [{ type: 'custom', custom: { name: 'x' } }] }],
    ['reasoning.effort', { ...hello, reasoning: { effort: 'enormous' } }],
    ['max_tokens', { ...hello, max_tokens: 0 }],
    [
      'messages[0].content[0].image_url.url',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'secret' } }] }] },
    ],
  ])('refuses %s by name and never repeats content', (field, body) => {
    let error: Error | null = null;
    try {
      request(body);
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error).toMatchObject({ code: 'bad_request' });
    expect(error?.message.startsWith(`${field} `)).toBe(true);
    expect(error?.message).not.toContain('secret');
  });
});

describe('the answer', () => {
  const streams = ['messages-thinking-and-tools', 'messages-refusal', 'messages-error-midway'];
  it.each(streams)('streams %s as the golden file says', async (name) => {
    vi.setSystemTime(new Date('2026-05-01T00:00:00Z'));
    const out = textOf(play(translation.stream(), fixtureEvents(`${name}.sse`)));
    vi.useRealTimers();
    await expect(out).toMatchFileSnapshot(`fixtures/${name}.to-chat.golden`);
  });

  const calls = [
    {
      id: 'toolu_01Tide',
      type: 'function',
      function: { name: 'tide_table', arguments: { harbour: 'Büsum', day: '2026-05-01' } },
    },
    { id: 'toolu_02Ferry', type: 'function', function: { name: 'ferry_times', arguments: {} } },
  ];
  // 21 + 4096 read + 512 written: Anthropic's input_tokens leaves out the cache.
  const usage = {
    prompt_tokens: 4629,
    completion_tokens: 188,
    total_tokens: 4817,
    prompt_tokens_details: { cached_tokens: 4096, cache_write_tokens: 512 },
    completion_tokens_details: { reasoning_tokens: 64 },
  };

  it('reaches the OpenAI client whole, streamed or not', async () => {
    const events = fixtureEvents('messages-thinking-and-tools.sse');
    const whole = translation.response(wholeMessage(events));
    for (const answer of [play(translation.stream(), events), whole]) {
      const server = await serve(answer);
      const client = new OpenAI({ apiKey: 'x', baseURL: server.url, maxRetries: 0 });
      const body = { model: 'm', messages: [{ role: 'user' as const, content: 'x' }] };
      const completion = Array.isArray(answer)
        ? await client.chat.completions.stream(body).finalChatCompletion()
        : await client.chat.completions.create(body);
      server.close();
      const choice = completion.choices[0];
      expect(choice?.finish_reason).toBe('tool_calls');
      expect(choice).toMatchObject({ native_finish_reason: 'tool_use' });
      expect(choice?.message.content).toBe('I will look up the tide and the ferry – 一会儿。');
      const seen = choice?.message.tool_calls?.map((call) => {
        if (call.type !== 'function') throw new Error('not a function');
        const { name, arguments: text } = call.function;
        return { id: call.id, type: call.type, function: { name, arguments: JSON.parse(text) } };
      });
      expect(seen).toEqual(calls);
      expect(completion.usage).toEqual(usage);
    }
  });

  it('keeps reasoning with its signatures, in order', () => {
    const body = translation.response(wholeMessage(fixtureEvents('messages-thinking-and-tools.sse')));
    const message = objectOf(objectsOf(body.choices)[0]?.message);
    expect(message.reasoning).toBe('The ferry depends on the tide, so I need both.Now the ferry.');
    expect(message.reasoning_details).toEqual([
      {
        type: 'reasoning.text',
        text: 'The ferry depends on the tide, so I need both.',
        signature: 'EqQBCkYIBxgCKkDtide+first/signature==',
        format: 'anthropic-claude-v1',
        index: 0,
      },
      {
        type: 'reasoning.encrypted',
        data: 'EmwKAhgBEgyredacted/payload==',
        format: 'anthropic-claude-v1',
        index: 1,
      },
      {
        type: 'reasoning.text',
        text: 'Now the ferry.',
        signature: 'EqQBCkYIBxgCKkDferry+second/signature==',
        format: 'anthropic-claude-v1',
        index: 4,
      },
    ]);
    const back = request({ messages: [message] }, 'claude-opus-4-6');
    const original = objectsOf(wholeMessage(fixtureEvents('messages-thinking-and-tools.sse')).content);
    expect(objectsOf(back.messages)[0]?.content).toEqual(
      original.map(({ caller: _caller, citations: _none, ...block }) => block),
    );
  });

  it('makes the OpenAI client throw on an error midway, and never ends a cut stream as complete', async () => {
    const events = fixtureEvents('messages-error-midway.sse');
    const cut = fixtureEvents('messages-thinking-and-tools.sse').slice(0, 12);
    for (const [answer, words] of [
      [events, 'Overloaded'],
      [cut, 'closed the stream'],
    ] as const) {
      const out = play(translation.stream(), [...answer]);
      expect(out.at(-1)?.data).not.toBe('[DONE]');
      expect(JSON.parse(out.at(-1)?.data ?? '')).toMatchObject({ choices: [{ finish_reason: 'error' }] });
      const server = await serve(out);
      const client = new OpenAI({ apiKey: 'x', baseURL: server.url, maxRetries: 0 });
      const stream = client.chat.completions.stream({ model: 'm', messages: [] });
      await expect(stream.finalChatCompletion()).rejects.toThrow(words);
      server.close();
    }
  });

  it('gives a tool without arguments an empty object, which clients can parse', () => {
    const block = {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 'a', name: 'f', input: {} },
    };
    const events = [block, { type: 'content_block_stop', index: 0 }];
    const chunks = play(
      translation.stream(),
      events.map((e) => ({ event: e.type, data: JSON.stringify(e) })),
    );
    const said = dataOf(chunks).flatMap((c) => objectsOf(objectOf(c).choices));
    const calls = said.flatMap((c) => objectsOf(objectOf(c.delta).tool_calls));
    expect(calls.map((c) => objectOf(c.function).arguments)).toEqual(['', '{}']);
  });

  it('leaves usage out where it is unknown, and says content_filter for a refusal', () => {
    const body = translation.response({
      id: 'msg_1',
      model: 'm',
      content: [],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', explanation: 'No.' },
    });
    expect(body).not.toHaveProperty('usage');
    expect(body).toMatchObject({
      system_fingerprint: null,
      choices: [
        {
          finish_reason: 'content_filter',
          native_finish_reason: 'refusal',
          message: { content: '', refusal: 'No.' },
        },
      ],
    });
    expect(objectOf(objectsOf(body.choices)[0]?.message)).not.toHaveProperty('tool_calls');
  });
});
