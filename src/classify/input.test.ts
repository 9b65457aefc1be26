import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../gateway/contract.ts';
import { MOST_CHARACTERS, promptOf } from './input.ts';

const read = (dialect: Dialect, body: unknown, indent = 0) =>
  promptOf(dialect, Buffer.from(JSON.stringify(body, null, indent)));
const user = (content: unknown) => ({ role: 'user', content });

describe('the user’s side of a prompt', () => {
  it.each<[string, Dialect, unknown, string | null]>([
    [
      'the last turn alone',
      'chat',
      {
        messages: [
          { role: 'system', content: 'You are a lawyer.' },
          user('First question'),
          { role: 'assistant', content: 'An answer with "quotes" and \\ slashes \\' },
          user('Second "question" \\ {[}'),
        ],
      },
      'Second "question" \\ {[}',
    ],
    [
      'no tool results',
      'chat',
      {
        messages: [
          user('Fix it'),
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: '1', function: { arguments: '{"a":"]"}' } }],
          },
          { role: 'tool', tool_call_id: '1', content: 'a result' },
        ],
        model: 'm',
      },
      'Fix it',
    ],
    [
      'parts without pictures',
      'chat',
      {
        messages: [
          user([
            { type: 'text', text: 'What is' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'text', text: 'this?' },
          ]),
        ],
      },
      'What is\nthis?',
    ],
    [
      'the turn before a picture alone',
      'chat',
      {
        messages: [user('Look at the next picture'), user([{ type: 'image_url', image_url: { url: 'u' } }])],
      },
      'Look at the next picture',
    ],
    [
      'results of tools are no words of the user',
      'messages',
      {
        system: 'Be brief',
        messages: [
          user('Run the tests'),
          { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'n', input: {} }] },
          user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'failed' }] }]),
        ],
      },
      'Run the tests',
    ],
    [
      'what programs put in is taken out',
      'messages',
      {
        messages: [
          user([
            { type: 'text', text: '<system-reminder>\nBe careful.\n</system-reminder>' },
            { type: 'text', text: 'Sort imports <environment_details>cwd: /x' },
          ]),
        ],
      },
      'Sort imports',
    ],
    ['text of responses', 'responses', { input: 'Hello', instructions: 'no' }, 'Hello'],
    [
      'items of responses',
      'responses',
      {
        input: [
          { role: 'developer', content: 'no' },
          {
            type: 'message',
            role: 'user',
            content: [{ type: 'input_text', text: 'A' }, { type: 'input_image' }],
          },
          { type: 'function_call_output', call_id: '1', output: 'no' },
        ],
      },
      'A',
    ],
    ['completions', 'completions', { prompt: 'Once upon' }, 'Once upon'],
    ['a list of prompts', 'completions', { prompt: ['one', 'two'] }, 'one'],
    ['tokens', 'completions', { prompt: [1, 2, 3] }, null],
    ['embeddings', 'embeddings', { input: 'a text' }, null],
    ['no user', 'chat', { messages: [{ role: 'system', content: 'x' }] }, null],
    ['nothing but space', 'chat', { messages: [user(' \n ')] }, null],
  ])('%s', (_, dialect, body, text) => {
    expect(read(dialect, body)).toBe(text);
    expect(read(dialect, body, 2)).toBe(text);
  });

  it('is cut after its first characters, between characters', () => {
    expect(read('chat', { messages: [user('ab'.repeat(5000))] })).toHaveLength(MOST_CHARACTERS);
    expect(read('chat', { messages: [user(`a${'😀'.repeat(9000)}`)] })).toBe(`a${'😀'.repeat(499)}`);
    const long = read('chat', { messages: [user(`${'\n\u0001"'.repeat(60_000)}`)] });
    expect(long?.length).toBeLessThanOrEqual(MOST_CHARACTERS);
  });

  it('reads any conversation as JSON.parse would', () => {
    const turn = fc.record({
      role: fc.constantFrom('user', 'assistant', 'system'),
      content: fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
    });
    fc.assert(
      fc.property(fc.array(turn), fc.nat(3), (messages, indent) => {
        const last = messages.findLast(
          (m) => m.role === 'user' && m.content.trim() !== '' && !m.content.includes('<'),
        );
        fc.pre(!messages.some((m) => m.content.includes('<')));
        // Half surrogates cannot travel as UTF-8.
        const wanted = last ? Buffer.from(last.content.trim()).toString().slice(0, MOST_CHARACTERS) : null;
        expect(read('chat', { messages }, indent)).toBe(wanted);
      }),
    );
  });

  it('never throws', () => {
    const dialects = ['chat', 'messages', 'responses', 'completions'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...dialects), fc.json(), fc.nat(), (dialect, json, cut) => {
        for (const key of ['messages', 'input', 'prompt']) {
          const body = Buffer.from(`{"${key}":${json}}`);
          promptOf(dialect, body);
          promptOf(dialect, body.subarray(0, cut % body.length));
        }
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void promptOf('chat', Buffer.from(bytes))));
  });
});
