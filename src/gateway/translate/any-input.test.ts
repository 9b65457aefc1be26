/** Whatever an upstream or a client sends: translations neither throw anything but `bad_request` nor lose tool calls. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectOf, objectsOf } from '../../json/read.ts';
import { dataOf, fixtureEvents, play } from '../../testing/translation-fixtures.ts';
import type { Dialect, Json, JsonObject, StreamEvent } from '../contract.ts';
import { translationFor } from './registry.ts';

const DIALECTS: Dialect[] = ['chat', 'completions', 'responses', 'messages', 'embeddings'];
const pairs = DIALECTS.flatMap((from) =>
  DIALECTS.flatMap((to) => {
    const translation = translationFor(from, to);
    return translation ? [{ name: `${from} over ${to}`, to, translation }] : [];
  }),
);

/** Objects that use the dialects' own words in all the wrong places. */
const word = fc.constantFrom(
  ...[
    'type',
    'role',
    'content',
    'text',
    'messages',
    'input',
    'tools',
    'choices',
    'delta',
    'message',
    'usage',
    'index',
  ],
  ...[
    'tool_calls',
    'function',
    'arguments',
    'reasoning',
    'reasoning_details',
    'finish_reason',
    'content_block',
    'item',
  ],
  ...[
    'response',
    'output',
    'source',
    'system',
    'prompt',
    'error',
    'stop',
    'thinking',
    'response_format',
    'tool_choice',
  ],
);
const value = fc.constantFrom<Json>(
  ...[
    'text',
    'user',
    'assistant',
    'tool',
    'tool_use',
    'tool_result',
    'thinking',
    'image',
    'document',
    'image_url',
  ],
  ...[
    'message_start',
    'content_block_start',
    'content_block_delta',
    'message_delta',
    'input_json_delta',
    'reasoning',
  ],
  ...[
    'response.output_item.added',
    'response.output_item.done',
    'response.completed',
    'function_call',
    'json_schema',
  ],
  ...['', null, 0, -1, 1e9, true],
);
const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    value,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(word, tie('tree'), { maxKeys: 5 }),
  ) as fc.Arbitrary<Json>,
}));
const anyObject = fc.dictionary(word, tree, { maxKeys: 6 }) as fc.Arbitrary<JsonObject>;

const part = fc.tuple(anyObject, value).map(([o, type]): JsonObject => ({ ...o, type }));
const role = fc.constantFrom('user', 'assistant', 'tool', 'system', 'developer');
const message = fc
  .record({
    role,
    content: fc.oneof(fc.constant('hi'), fc.array(part, { maxLength: 3 }), tree),
    rest: anyObject,
  })
  .map(({ rest, ...m }): JsonObject => ({ ...rest, tool_call_id: 'a', ...m }));
const anyRequest = fc
  .tuple(anyObject, fc.array(message, { maxLength: 4 }))
  .map(([body, messages]): JsonObject => ({ prompt: 'x', ...body, messages, input: messages }));
const anyAnswer = fc.tuple(anyObject, fc.array(part, { maxLength: 4 }), anyObject).map(
  ([body, list, choice]): JsonObject => ({
    ...body,
    content: list,
    output: list,
    choices: [choice, { message: { ...choice, content: list, tool_calls: list, reasoning_details: list } }],
  }),
);

describe.each(pairs)('$name', ({ to, translation }) => {
  it('refuses a wrong request with bad_request, and nothing else', () => {
    fc.assert(
      fc.property(anyRequest, (body) => {
        try {
          translation.request(body, { model: 'claude-opus-4-6', stream: true });
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_request' });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes any answer and any stream', () => {
    const recorded = fixtureEvents(
      to === 'messages' ? 'messages-thinking-and-tools.sse' : 'chat-reasoning-and-tools.sse',
    );
    const junk = fc.oneof(
      anyObject.map((o) => JSON.stringify(o)),
      fc.constantFrom('[DONE]', '', '{', 'null', '[]'),
    );
    const events = fc.array(
      fc.oneof(
        fc.constantFrom(...recorded),
        junk.map((data): StreamEvent => ({ event: null, data })),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(anyAnswer, events, (body, list) => {
        translation.response(body);
        for (const event of play(translation.stream(), list))
          if (event.data !== '[DONE]') JSON.parse(event.data);
      }),
      { numRuns: 200 },
    );
  });
});

/** Calls whose arguments come in pieces, mixed at random but each in its own order. */
const mixedCalls = fc
  .array(
    fc.record({ args: fc.dictionary(fc.string(), fc.jsonValue()), cut: fc.integer({ min: 1, max: 8 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .chain((calls) => {
    const pieces = calls.flatMap(({ args, cut }, index) =>
      (JSON.stringify(args).match(new RegExp(`[\\s\\S]{1,${cut}}`, 'gu')) ?? []).map((text) => ({
        index,
        text,
      })),
    );
    return fc
      .shuffledSubarray(
        pieces.map((_, i) => i),
        { minLength: pieces.length },
      )
      .map((order) => {
        const queues = calls.map((_, index) => pieces.filter((p) => p.index === index));
        const mixed = order.map((i) => queues[pieces[i]?.index ?? 0]?.shift()?.text ?? '');
        return {
          calls,
          mixed: order.map((i, at) => ({ index: pieces[i]?.index ?? 0, text: mixed[at] ?? '' })),
        };
      });
  });

describe('tool calls that an upstream mixes', () => {
  it('arrive whole in every other dialect', () => {
    fc.assert(
      fc.property(mixedCalls, ({ calls, mixed }) => {
        const begun = new Set<number>();
        const chunks = mixed.map(({ index, text }): JsonObject => {
          const first: JsonObject = begun.has(index) ? {} : { id: `call_${index}`, type: 'function' };
          const name: JsonObject = begun.has(index) ? {} : { name: `f${index}` };
          begun.add(index);
          return { tool_calls: [{ index, ...first, function: { ...name, arguments: text } }] };
        });
        const events = [
          ...chunks.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
          { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
        ].map((c): StreamEvent => ({ event: null, data: JSON.stringify({ id: 'i', model: 'm', ...c }) }));
        const expected = calls.map(({ args }, i) => ({
          name: `f${i}`,
          args: JSON.parse(JSON.stringify(args)),
        }));
        const byName = (list: { name: string; args: unknown }[]) =>
          list.toSorted((a, b) => a.name.localeCompare(b.name));

        const blocks: { name: string; text: string }[] = [];
        for (const data of dataOf(play(streamOf('messages'), events)) as JsonObject[]) {
          if (data.type === 'content_block_start')
            blocks.push({ name: String(objectOf(data.content_block).name), text: '' });
          const block = blocks[Number(data.index)];
          if (block && data.type === 'content_block_delta') block.text += objectOf(data.delta).partial_json;
        }
        expect(byName(blocks.map(({ name, text }) => ({ name, args: JSON.parse(text) })))).toEqual(expected);

        const last = dataOf(play(streamOf('responses'), events)).at(-1) as JsonObject;
        const items = objectsOf(objectOf(last.response).output).map((item) => ({
          name: String(item.name),
          args: JSON.parse(String(item.arguments)),
        }));
        expect(byName(items)).toEqual(expected);
      }),
      { numRuns: 80 },
    );
  });
});

function streamOf(from: Dialect) {
  const translation = translationFor(from, 'chat');
  if (!translation) throw new Error(`${from} over chat is missing`);
  return translation.stream();
}
