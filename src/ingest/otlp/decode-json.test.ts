/** Spans as JSON are read from bytes: the same spans as from protobuf, and the same as if JSON.parse had read the body. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asJson, asProtobuf, type SentScope } from '../../bench/otlp-spans.ts';
import { isStateaiError } from '../../generation/errors.ts';
import { decodeJson } from './decode-json.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { decodeParsedJson } from './parsed-json.fixture.ts';
import type { Span } from './span.ts';

const seen = (spans: readonly Span[]) =>
  spans.map(({ attributes, resource, content, ...rest }) => ({
    ...rest,
    attributes: [...attributes],
    resource: [...resource],
    content: content.map((item) => [item.key, item.text()]),
  }));

function outcome(decode: (body: Buffer) => Span[], body: Buffer) {
  try {
    return { spans: seen(decode(body)) };
  } catch (error) {
    if (!isStateaiError(error)) throw error;
    return { refused: [error.code, error.message, error.next] };
  }
}

const expectSame = (body: Buffer) => {
  expect(outcome(decodeJson, body)).toEqual(outcome(decodeParsedJson, body));
};

const VALUE_KEYS = ['gen_ai.request.model', 'gen_ai.usage.input_tokens', 'user.id', 'stateai.labels'];
const KEYS = [...VALUE_KEYS, 'gen_ai.input.messages', 'gen_ai.prompt.0.content', 'gen_ai.tool.definitions'];
const text = fc.string({ unit: 'binary', maxLength: 12 });
const id = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });

const scopes: fc.Arbitrary<SentScope[]> = fc.array(
  fc.record({
    resource: fc.dictionary(fc.constantFrom('service.name', 'note'), text),
    scope: text,
    spans: fc.array(
      fc.record({
        traceId: id(32),
        spanId: id(16),
        parentId: id(16),
        name: text,
        start: fc.nat().map((ms) => Date.UTC(2026, 0, 1) + ms / 10),
        end: fc.nat().map((ms) => Date.UTC(2026, 0, 2) + ms / 10),
        isError: fc.boolean(),
        attributes: fc.dictionary(
          fc.oneof(fc.constantFrom(...KEYS), text),
          fc.oneof(
            text,
            fc.double({ noNaN: true, noDefaultInfinity: true }),
            fc.maxSafeInteger(),
            fc.boolean(),
            fc.array(text),
          ),
        ),
        events: fc.array(
          fc.record({
            name: fc.constantFrom('First Token Stream Event', 'gen_ai.choice', 'exception'),
            at: fc.nat().map((ms) => Date.UTC(2026, 0, 1) + ms / 10),
            attributes: fc.dictionary(fc.oneof(fc.constant('finish_reason'), text), text),
          }),
          { maxLength: 3 },
        ),
      }),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 3 },
);

it('both encodings of the same spans give the same', () => {
  fc.assert(
    fc.property(scopes, (sent) => {
      expect(outcome(decodeJson, asJson(sent))).toEqual(outcome(decodeProtobuf, asProtobuf(sent)));
    }),
    { numRuns: 300 },
  );
});

/** JSON as it may be written: members in any order and twice, anything escaped, blanks anywhere. */
type Node =
  | string
  | number
  | boolean
  | null
  | readonly Node[]
  | { members: readonly (readonly [string, Node])[] };

function written(node: Node, draw: () => number): string {
  const blank = () => ['', '', '', ' ', '\n\t', '\r'][draw() % 6];
  const wrap = (json: string) => `${blank()}${json}${blank()}`;
  const quoted = (value: string) =>
    `"${[...value]
      .map((c) => {
        const plain = JSON.stringify(c).slice(1, -1);
        if (draw() % 8 > 0) return plain;
        const units = Array.from({ length: c.length }, (_, i) =>
          c.charCodeAt(i).toString(16).padStart(4, '0'),
        );
        return units.map((unit) => `\\u${draw() % 2 ? unit : unit.toUpperCase()}`).join('');
      })
      .join('')}"`;
  if (typeof node === 'string') return wrap(quoted(node));
  if (typeof node !== 'object' || node === null) return wrap(JSON.stringify(node));
  if ('members' in node)
    return wrap(
      `{${blank()}${node.members.map(([key, value]) => `${wrap(quoted(key))}:${written(value, draw)}`).join(',')}}`,
    );
  return wrap(`[${blank()}${node.map((value) => written(value, draw)).join(',')}]`);
}

const leaf: fc.Arbitrary<Node> = fc.oneof(
  text,
  fc.constantFrom('2', 'STATUS_CODE_ERROR', '12', '1e3', '-0', 'x'.repeat(70), 'é'.repeat(520), '\ud800'),
  fc.integer(),
  fc.constantFrom(2, 1e300, -0, 1e-7, 1.7e18),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const anything: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.array(fc.tuple(text, tie('node')), { maxLength: 3 }).map((members) => ({ members })),
  ),
})).node;
/** Mostly what belongs there. */
const mostly = (right: fc.Arbitrary<Node>) =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: anything });
const object = (fields: Record<string, fc.Arbitrary<Node>>, maxLength = 8) =>
  mostly(
    fc
      .array(
        fc.oneof(
          ...Object.entries(fields).map(([key, value]) => fc.tuple(fc.constant(key), value)),
          fc.tuple(fc.oneof(text, fc.constantFrom('__proto__', 'trace_id', 'traceid')), anything),
        ),
        { maxLength },
      )
      .map((members) => ({ members })),
  );
const list = (one: fc.Arbitrary<Node>, maxLength = 3) => mostly(fc.array(one, { maxLength }));

const stringValue = object({ stringValue: mostly(text) }, 2);
const value = object(
  {
    stringValue: mostly(text),
    intValue: leaf,
    doubleValue: leaf,
    boolValue: mostly(fc.boolean()),
    arrayValue: object({ values: list(stringValue, 10) }, 2),
    kvlistValue: object({ values: list(anything) }, 2),
    bytesValue: text,
  },
  3,
);
const attributes = list(object({ key: mostly(fc.constantFrom(...KEYS)), value }, 4), 6);
const time = mostly(
  fc.oneof(
    fc.bigInt(1_700_000_000_000_000_000n, 1_900_000_000_000_000_000n).map(String),
    fc.integer({ min: 1, max: 2e9 }).map((s) => s * 1e9),
  ),
);
const idText = mostly(fc.oneof(id(32), id(16), fc.constantFrom('0000', 'aGk=', '', 'two words')));
const name = mostly(text);
const span = object({
  traceId: idText,
  spanId: idText,
  parentSpanId: idText,
  name,
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  attributes,
  events: list(object({ name: mostly(fc.constant('First Token Stream Event')), timeUnixNano: time }, 3)),
  status: object({ code: mostly(fc.constantFrom(0, 2, '2', 'STATUS_CODE_ERROR')) }, 2),
});
const scope = object({ name }, 2);
const scoped = list(object({ scope, instrumentationLibrary: scope, spans: list(span) }, 4));
const request = object(
  {
    resourceSpans: list(
      object(
        { resource: object({ attributes }, 2), scopeSpans: scoped, instrumentationLibrarySpans: scoped },
        4,
      ),
    ),
  },
  3,
);
const body = fc
  .tuple(request, fc.infiniteStream(fc.nat(1000)))
  .map(([node, draws]) => Buffer.from(written(node, () => draws.next().value as number)));

describe('from bytes as from what JSON.parse makes of them', () => {
  it('with members twice, in any order and escaped, and with other types than expected', () => {
    fc.assert(fc.property(body, expectSame), { numRuns: 800 });
  });

  it('with bytes changed, lost and put in', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.nat(2),
      fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[],:"\\0-.eu\u0001'))),
    );
    fc.assert(
      fc.property(body, fc.array(change, { minLength: 1, maxLength: 3 }), (whole, changes) => {
        let broken = whole;
        for (const [n, lost, byte] of changes) {
          const at = n % (broken.length + 1);
          broken = Buffer.concat([broken.subarray(0, at), Buffer.from([byte]), broken.subarray(at + lost)]);
        }
        expectSame(broken);
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['nothing', ''],
    ['a byte order mark', '\ufeff{}'],
    ['something behind it', '{} {}'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an object in place of a list', '{"resourceSpans":{}}'],
    ['no end', '{"resourceSpans":[{"scopeSpans":"x"}]'],
    [
      'an older name',
      '{"resourceSpans":[{"scopeSpans":null,"instrumentationLibrarySpans":[{"spans":[{}]}]}]}',
    ],
    ['a number that is none', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":01}]}]}]}'],
    ['a control character', '{"resourceSpans":[],"x":"\u0001"}'],
    ['an escape that is none', '{"resourceSpans":[],"x":"\\ud83d\\q"}'],
    ['a hundred levels', `{"x":${'['.repeat(99)}${']'.repeat(99)}}`],
    ['a hundred and one levels', `{"x":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['too many spans', `{"resourceSpans":[{"scopeSpans":[{"spans":[${'{},'.repeat(100_000)}{}]}]}]}`],
    ['too many parts', `{"resourceSpans":[${'{},'.repeat(4e6)}{}]}`],
  ])('%s', (_name, json) => {
    expectSame(Buffer.from(json));
  });

  it('with bytes that are no UTF-8', () => {
    const [before, after] = asJson([
      {
        resource: {},
        scope: 'x',
        spans: [{ traceId: '1', spanId: '2', name: 'n', start: 1, end: 2, attributes: { 'user.id': '#' } }],
      },
    ])
      .toString()
      .split('#');
    for (const bytes of [[0xff], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0xc3, 0x28]])
      expectSame(Buffer.concat([Buffer.from(before ?? ''), Buffer.from(bytes), Buffer.from(after ?? '')]));
  });
});
