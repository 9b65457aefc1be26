/** Bodies that are broken in every way: records, or a clear refusal that repeats nothing of them. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asJson, asProtobuf } from '../../bench/otlp-spans.ts';
import { isStateaiError } from '../../generation/errors.ts';
import { type Call, CONTEXT, spanOf, WRITERS } from './conventions.fixture.ts';
import { type Encoding, readTraces } from './read-traces.ts';

const SECRET = 'quokka';
const CALL: Call = {
  traceId: '1'.repeat(32),
  spanId: '2'.repeat(16),
  start: Date.UTC(2025, 5, 1),
  durationMs: 1000,
  model: 'gpt-5',
  provider: 'openai',
  user: SECRET,
  session: SECRET,
  app: 'app',
  prompt: 10,
  cached: 2,
  cacheWrite: 1,
  completion: 5,
  reasoning: 1,
  cost: 0.1,
  finishReason: 'stop',
  latencyMs: 100,
};
const SCOPES = WRITERS.map((writer) => {
  const span = spanOf(writer, CALL);
  return {
    resource: { 'service.name': 'app', note: SECRET },
    scope: writer.scope,
    scopeAttributes: { note: SECRET },
    spans: [
      {
        ...span,
        statusMessage: SECRET,
        attributes: { ...span.attributes, 'gen_ai.input.messages': SECRET, 'input.value': SECRET },
        events: [{ name: 'exception', at: CALL.start, attributes: { 'exception.message': SECRET } }],
      },
    ],
  };
});
const SAMPLES: Record<Encoding, Buffer> = { protobuf: asProtobuf(SCOPES), json: asJson(SCOPES) };

/** Reads it, and every text in it. */
function survive(body: Buffer, encoding: Encoding): 'read' | 'refused' {
  try {
    const { generations, rejects } = readTraces(body, encoding, CONTEXT, Date.UTC(2026, 0, 1));
    for (const { generation, userText } of generations) {
      userText?.();
      expect(JSON.stringify(generation)).not.toContain(SECRET);
    }
    expect(JSON.stringify(rejects)).not.toContain(SECRET);
    return 'read';
  } catch (error) {
    if (!isStateaiError(error)) throw error;
    expect(['bad_otlp', 'too_large']).toContain(error.code);
    expect(`${error.message} ${error.next}`).not.toContain(SECRET);
    return 'refused';
  }
}

describe.each(['protobuf', 'json'] as const)('%s', (encoding) => {
  const sample = SAMPLES[encoding];

  it('whole it is read', () => {
    expect(readTraces(sample, encoding, CONTEXT).generations).toHaveLength(WRITERS.length);
  });

  it('cut off after every byte', () => {
    for (let length = 0; length < sample.length; length++) survive(sample.subarray(0, length), encoding);
  });

  it('with any byte another one, which changes types, lengths and names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const body = Buffer.from(sample);
          for (const [at, byte] of changes) body[at] = byte;
          survive(body, encoding);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        survive(Buffer.from(bytes), encoding);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('JSON', () => {
  it('of any shape, also where other types are expected', () => {
    const leaf = fc.jsonValue({ maxDepth: 2 });
    const attribute = fc.record({
      key: fc.oneof(fc.constantFrom('gen_ai.request.model', 'user.id'), leaf),
      value: leaf,
    });
    const span = fc.dictionary(
      fc.constantFrom(
        'traceId',
        'spanId',
        'startTimeUnixNano',
        'endTimeUnixNano',
        'status',
        'events',
        'attributes',
      ),
      fc.oneof(leaf, fc.array(attribute)),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(leaf, span)), (spans) => {
        survive(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })), 'json');
      }),
      { numRuns: 1000 },
    );
  });

  it('nested without end is refused, as any value in it', () => {
    for (const deep of ['['.repeat(1e6), `{"a":${'['.repeat(5e5)}${']'.repeat(5e5)}}`, '{"a":'.repeat(1e5)])
      expect(survive(Buffer.from(deep), 'json')).toBe('refused');
  });

  it('of nothing but tiny parts is refused before it becomes objects', () => {
    expect(survive(Buffer.from(`{"resourceSpans":[${'{},'.repeat(5e6)}{}]}`), 'json')).toBe('refused');
  });
});

describe('protobuf', () => {
  const nested = (field: number, inner: Uint8Array): Uint8Array =>
    new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(inner).finish();

  it('nested without end is passed over', () => {
    let value: Uint8Array = new Uint8Array();
    // A value that is a list of one value that is a list …
    for (let depth = 0; depth < 3000; depth++) value = nested(5, nested(1, value));
    const attribute = new BinaryWriter()
      .tag(1, WireType.LengthDelimited)
      .string('gen_ai.response.finish_reasons')
      .raw(nested(2, value))
      .finish();
    const body = nested(1, nested(2, nested(2, nested(9, attribute))));
    expect(survive(Buffer.from(body), 'protobuf')).toBe('read');
  });

  it('groups without end are refused', () => {
    expect(survive(Buffer.alloc(1e6, (15 << 3) | WireType.StartGroup), 'protobuf')).toBe('refused');
  });

  it('of a hundred thousand empty spans and more is refused', () => {
    const spans = Buffer.alloc(400_000);
    for (let at = 0; at < spans.length; at += 2) spans[at] = (2 << 3) | WireType.LengthDelimited;
    expect(survive(Buffer.from(nested(1, nested(2, spans))), 'protobuf')).toBe('refused');
  });
});

it.each(['protobuf', 'json'] as const)('huge attributes are left out (%s)', (encoding) => {
  const huge = 'x'.repeat(8 << 20);
  const scopes = SCOPES.slice(0, 1).map((scope) => ({
    ...scope,
    spans: scope.spans.map((span) => ({
      ...span,
      name: huge,
      attributes: { ...span.attributes, 'user.id': huge, [huge]: 'x', 'gen_ai.prompt': huge, other: huge },
    })),
  }));
  const body = encoding === 'json' ? asJson(scopes) : asProtobuf(scopes);
  const { generations } = readTraces(body, encoding, CONTEXT);
  expect(generations[0]?.generation).toMatchObject({ account: null, model: 'gpt-5', promptTokens: 10 });
});
