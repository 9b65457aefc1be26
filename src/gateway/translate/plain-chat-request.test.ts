import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../contract.ts';
import { plainChatRequest } from './plain-chat-request.ts';

describe('plainChatRequest', () => {
  const mark: JsonObject = { type: 'ephemeral' };
  const body: JsonObject = {
    model: 'm',
    reasoning: { enabled: true },
    cache_control: mark,
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.', cache_control: mark }] },
      {
        role: 'assistant',
        content: null,
        reasoning: 'Hm',
        reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }],
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' }, cache_control: mark },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'no', is_error: true },
    ],
    tools: [{ type: 'function', function: { name: 'f' }, cache_control: mark }],
  };
  const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
  const plain = {
    model: 'm',
    reasoning_effort: 'medium',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: 'no' },
    ],
    tools: [{ type: 'function', function: { name: 'f' } }],
  };

  it('leaves nothing but OpenAI’s own fields', () => {
    expect(plainChatRequest(body)).toEqual(plain);
  });

  it('makes an effort of a budget', () => {
    const effort = (max_tokens: number) =>
      plainChatRequest({ ...body, max_tokens: 10_000, reasoning: { max_tokens } }).reasoning_effort;
    expect([1000, 5000, 9000].map(effort)).toEqual(['low', 'medium', 'high']);
  });

  it('gives pictures of tools behind all of their answers, where tools answer in text', () => {
    const picture: JsonObject = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
    const messages: JsonObject[] = [
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'Here' }, picture] },
      { role: 'tool', tool_call_id: 'b', content: [picture] },
      { role: 'user', content: 'Go on' },
    ];
    expect(plainChatRequest({ messages }, { toolsInText: true }).messages).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'Here' },
      { role: 'tool', tool_call_id: 'b', content: 'The result is in the next message.' },
      { role: 'user', content: [picture, picture] },
      { role: 'user', content: 'Go on' },
    ]);
  });

  it('sends earlier reasoning back where the upstream wants it', () => {
    const [system, assistant, tool] = plain.messages;
    expect(plainChatRequest(body, { keepReasoning: true }).messages).toEqual([
      system,
      { ...assistant, reasoning_content: 'Hm' },
      tool,
    ]);
  });
});
