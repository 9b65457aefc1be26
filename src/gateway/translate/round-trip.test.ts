import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, objectOf, objectsOf } from '../../json/read.ts';
import { dataOf, play } from '../../testing/translation-fixtures.ts';
import type { JsonObject, StreamEvent } from '../contract.ts';
import { translationFor } from './registry.ts';

const chatOverMessages = translationFor('chat', 'messages');
const messagesOverChat = translationFor('messages', 'chat');
if (!chatOverMessages || !messagesOverChat) throw new Error('translations are missing');

const words = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const ids = fc.stringMatching(/^[\w-]{1,10}$/);
const marked = (part: JsonObject, mark: boolean): JsonObject =>
  mark ? { ...part, cache_control: { type: 'ephemeral' } } : part;
const textPart = fc
  .record({ text: words, mark: fc.boolean() })
  .map(({ text, mark }) => marked({ type: 'text', text }, mark));
const imagePart = fc.base64String({ minLength: 4, maxLength: 12 }).map<JsonObject>((data) => ({
  type: 'image_url',
  image_url: { url: `data:image/png;base64,${data}` },
}));
const userMessage = fc
  .oneof(words, fc.array(fc.oneof(textPart, imagePart), { minLength: 2, maxLength: 4 }))
  .map<JsonObject>((content) => ({ role: 'user', content }));
const signed = fc.oneof(
  fc.record({ text: fc.string(), signature: ids }).map<JsonObject>((d) => ({
    type: 'reasoning.text',
    ...d,
    format: 'anthropic-claude-v1',
  })),
  ids.map<JsonObject>((data) => ({ type: 'reasoning.encrypted', data, format: 'anthropic-claude-v1' })),
);
/** A turn of the assistant with its tool results, ids unique by position. */
const assistantTurn = fc
  .record({
    content: fc.option(words),
    details: fc.array(signed, { maxLength: 3 }),
    calls: fc.array(fc.record({ name: ids, args: fc.dictionary(ids, fc.jsonValue()), result: words }), {
      maxLength: 3,
    }),
  })
  .filter(({ content, calls }) => content !== null || calls.length > 0)
  .map(({ content, details, calls }): JsonObject[] => [
    {
      role: 'assistant',
      content,
      ...(details.length > 0
        ? {
            reasoning: details.map((d) => d.text ?? '').join('') || undefined,
            reasoning_details: details.map((d, index) => ({ ...d, index })),
          }
        : {}),
      ...(calls.length > 0
        ? {
            tool_calls: calls.map(({ name, args }, i) => ({
              id: `call_${i}`,
              type: 'function',
              function: { name, arguments: JSON.stringify(args) },
            })),
          }
        : {}),
    } as unknown as JsonObject,
    ...calls.map(
      ({ result }, i): JsonObject => ({ role: 'tool', tool_call_id: `call_${i}`, content: result }),
    ),
  ]);
const conversation = fc
  .array(fc.tuple(userMessage, assistantTurn), { minLength: 1, maxLength: 3 })
  .map((turns) => turns.flatMap(([user, assistant]) => [user, ...assistant]));

describe('a conversation through the other dialect and back', () => {
  it('keeps roles, text, pictures, tool calls, results, reasoning and signatures', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const options = { model: 'claude-opus-4-6', stream: false };
        const there = chatOverMessages.request({ messages }, options);
        const back = messagesOverChat.request(there, options);
        expect(back.messages).toEqual(JSON.parse(JSON.stringify(messages)));
      }),
      { numRuns: 150 },
    );
  });
});

const block = fc.oneof(
  words.map<JsonObject>((text) => ({ type: 'text', text, citations: null })),
  fc.record({ thinking: fc.string(), signature: ids }).map<JsonObject>((b) => ({ type: 'thinking', ...b })),
  ids.map<JsonObject>((data) => ({ type: 'redacted_thinking', data })),
  fc
    .record({ id: ids, name: ids, input: fc.dictionary(ids, fc.jsonValue()) })
    .map((b) => ({ type: 'tool_use', ...b }) as JsonObject),
);
/** Anthropic's stream of blocks, its texts cut at arbitrary places. */
const streamOf = (blocks: JsonObject[], cuts: number): StreamEvent[] => {
  const events: JsonObject[] = [
    {
      type: 'message_start',
      message: { id: 'msg_1', model: 'm', usage: { input_tokens: 3, output_tokens: 1 } },
    },
  ];
  const pieces = (text: string) => text.match(new RegExp(`[\\s\\S]{1,${cuts}}`, 'gu')) ?? [];
  blocks.forEach((b, index) => {
    const { text, thinking, signature, input, ...rest } = b;
    const empty = { text: { text: '' }, thinking: { thinking: '', signature: '' }, tool_use: { input: {} } };
    const start = { ...rest, ...empty[b.type as 'text'] };
    events.push({ type: 'content_block_start', index, content_block: start });
    const push = (delta: JsonObject) => events.push({ type: 'content_block_delta', index, delta });
    for (const t of pieces(String(text ?? ''))) push({ type: 'text_delta', text: t });
    for (const t of pieces(String(thinking ?? ''))) push({ type: 'thinking_delta', thinking: t });
    if (signature) push({ type: 'signature_delta', signature });
    if (input)
      for (const t of pieces(JSON.stringify(input))) push({ type: 'input_json_delta', partial_json: t });
    events.push({ type: 'content_block_stop', index });
  });
  events.push({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } });
  events.push({ type: 'message_stop' });
  return events.map((e) => ({ event: e.type as string, data: JSON.stringify(e) }));
};
const blocksOf = (events: StreamEvent[]): JsonObject[] => {
  const blocks: JsonObject[] = [];
  for (const data of dataOf(events) as JsonObject[]) {
    const open = blocks[data.index as number] as JsonObject;
    const { type, ...delta } = objectOf(data.delta);
    if (data.type === 'content_block_start') {
      const { caller: _caller, ...start } = objectOf(data.content_block);
      blocks.push(start.type === 'tool_use' ? { ...start, input: '' } : start);
    } else if (type === 'input_json_delta') open.input += delta.partial_json as string;
    else if (type === 'signature_delta') open.signature = delta.signature as string;
    else if (data.type === 'content_block_delta')
      for (const [key, value] of Object.entries(delta)) open[key] += value as string;
  }
  return blocks.map((b) =>
    b.type === 'tool_use' ? { ...b, input: JSON.parse(String(b.input || '{}')) } : b,
  );
};

describe('a stream through the other dialect and back', () => {
  it('keeps every block, wherever its text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (blocks, cuts) => {
          const kept = joined(blocks);
          const chat = play(chatOverMessages.stream(), streamOf(kept, cuts));
          const back = play(messagesOverChat.stream(), chat);
          expect(blocksOf(back)).toEqual(JSON.parse(JSON.stringify(kept)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('says the same as the whole answer', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), (blocks) => {
        const content = joined(blocks);
        const message = objectOf(
          objectsOf(chatOverMessages.response({ id: 'msg_1', content, stop_reason: 'end_turn' }).choices)[0]
            ?.message,
        );
        const streamed = { content: '', reasoning: '', calls: [] as string[], signatures: [] as unknown[] };
        for (const chunk of dataOf(play(chatOverMessages.stream(), streamOf(content, 3))).slice(0, -1)) {
          const delta = objectOf(objectsOf((chunk as JsonObject).choices)[0]?.delta);
          streamed.content += delta.content ?? '';
          streamed.reasoning += delta.reasoning ?? '';
          for (const call of objectsOf(delta.tool_calls))
            streamed.calls[call.index as number] =
              (streamed.calls[call.index as number] ?? '') + (objectOf(call.function).arguments as string);
          for (const d of objectsOf(delta.reasoning_details))
            if (d.signature) streamed.signatures.push(d.signature);
        }
        expect(streamed.content).toBe(message.content ?? '');
        expect(streamed.reasoning).toBe(message.reasoning ?? '');
        expect(streamed.calls).toEqual(
          arrayOf(message.tool_calls).map((c) => objectOf(objectOf(c).function).arguments),
        );
        expect(streamed.signatures).toEqual(
          objectsOf(message.reasoning_details).flatMap((d) => (d.signature ? [d.signature] : [])),
        );
      }),
      { numRuns: 100 },
    );
  });
});

/** Chat has one text between two other blocks: neighbouring texts become one. */
function joined(blocks: JsonObject[]): JsonObject[] {
  const out: JsonObject[] = [];
  for (const b of blocks) {
    const last = out.at(-1);
    if (b.type === 'text' && last?.type === 'text') last.text = String(last.text) + String(b.text);
    else out.push({ ...b });
  }
  return out;
}
