/** Traces of every convention as records; whatever is sent, and however it is cut up. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SentScope, SentSpan, SentValue } from '../../bench/otlp-spans.ts';
import { FIELDS, type Generation } from '../../generation/generation.ts';
import { LIVE_DOORS } from '../door-fields.ts';
import { CONTEXT, call, recordOf, spanOf, WRITERS } from './conventions.fixture.ts';
import { CHAT, read, readOne, record, span } from './read-traces.fixture.ts';

const NOISE: Record<string, SentValue> = {
  'http.request.method': 'POST',
  'gen_ai.tool.name': 'search',
  'gen_ai.operation.name': 'execute_tool',
};

const fieldsStated = (generation: Generation) =>
  FIELDS.map((f) => f.name).filter((name) => generation[name] !== null);
const carries = (door: string): readonly string[] => LIVE_DOORS.find((d) => d.door === door)?.has ?? [];

describe('calls that were written down come back as they were', () => {
  it.each(WRITERS.map((writer) => [writer.name, writer] as const))('%s', (_name, writer) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(call, { selector: (c) => c.spanId, maxLength: 6 }),
        fc.infiniteStream(fc.nat(1000)),
        fc.boolean(),
        (calls, draws, isCut) => {
          const draw = () => draws.next().value as number;
          const all = calls.flatMap((c): SentScope[] => {
            const resource = writer.write(c).resource ?? { 'service.name': c.app };
            const root = c.spanId.replace(/^./, '0');
            const leaf = spanOf(writer, c, writer.rollUp ? root : undefined);
            const spans = [
              leaf,
              { ...span(NOISE), traceId: c.traceId, spanId: 'c'.repeat(16), parentId: c.spanId },
            ];
            if (writer.rollUp)
              spans.push({ ...leaf, spanId: root, parentId: '', attributes: writer.rollUp(c) });
            // Sent again, in another order, one by one or together.
            const sent = draw() % 2 === 0 ? spans : [...spans, ...spans].reverse();
            return isCut
              ? sent.map((one) => ({ resource, scope: writer.scope, spans: [one] }))
              : [{ resource, scope: writer.scope, spans: sent }];
          });
          all.sort(() => (draw() % 3) - 1);
          const requests = isCut ? all.map((scope) => [scope]) : [all];
          const found = new Map<string, Generation>();
          for (const request of requests) {
            const { generations, rejects } = read(request, draw() % 2 === 0 ? 'json' : 'protobuf');
            expect(rejects).toEqual([]);
            for (const { generation, door } of generations) {
              expect(fieldsStated(generation).filter((field) => !carries(door).includes(field))).toEqual([]);
              expect(found.get(generation.id) ?? generation).toEqual(generation);
              found.set(generation.id, generation);
            }
          }
          expect(found).toEqual(
            new Map(calls.map((c) => recordOf(writer, c)).map((expected) => [expected.id, expected])),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('totals', () => {
  it('get the cached tokens that a sender left out, where the numbers show it', () => {
    const cache = {
      'gen_ai.usage.cache_read.input_tokens': 400,
      'gen_ai.usage.cache_creation.input_tokens': 50,
    };
    expect(record({ ...CHAT, ...cache }).promptTokens).toBe(460);
    expect(record({ ...CHAT, ...cache, 'gen_ai.usage.input_tokens': 1000 }).promptTokens).toBe(1000);
    expect(
      record({ ...CHAT, ...cache, 'gen_ai.usage.input_tokens': 1000, 'gen_ai.usage.total_tokens': 1452 })
        .promptTokens,
    ).toBe(1450);
  });

  it('get the reasoning that a sender left out, where the numbers show it', () => {
    const gemini = (completion: number, total?: number) =>
      record({
        ...CHAT,
        'gen_ai.usage.output_tokens': completion,
        'gen_ai.usage.reasoning.output_tokens': 80,
        ...(total === undefined ? {} : { 'gen_ai.usage.total_tokens': total }),
      });
    expect(gemini(2)).toMatchObject({ completionTokens: 82, reasoningTokens: 80, totalTokens: 92 });
    expect(gemini(100, 190).completionTokens).toBe(180);
    expect(gemini(100, 110).completionTokens).toBe(100);
    expect(gemini(100).completionTokens).toBe(100);
    expect(
      record({
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'm',
        'llm.token_count.prompt': 10,
        'llm.token_count.completion': 100,
        'llm.token_count.total': 270,
        'llm.token_count.prompt_details.cache_read': 80,
        'llm.token_count.completion_details.reasoning': 80,
      }),
    ).toMatchObject({ promptTokens: 90, completionTokens: 180, totalTokens: 270 });
  });

  it('of Anthropic’s models in older versions of the AI SDK get the cached tokens of the provider’s metadata', () => {
    const usage = { input_tokens: 3000, cache_creation_input_tokens: 700, cache_read_input_tokens: 2000 };
    const call = (input: number, more: Record<string, SentValue>, metadata: object) =>
      record({
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.id': 'claude',
        'ai.model.provider': 'anthropic.messages',
        'ai.usage.inputTokens': input,
        'ai.usage.outputTokens': 50,
        ...more,
        'ai.response.providerMetadata': JSON.stringify({ anthropic: metadata }),
      });
    const all = { promptTokens: 5700, cachedTokens: 2000, cacheWriteTokens: 700, totalTokens: 5750 };
    const version5 = { 'ai.usage.cachedInputTokens': 2000, 'ai.usage.totalTokens': 3050 };
    expect(call(3000, version5, { usage, cacheCreationInputTokens: 700 })).toMatchObject(all);
    expect(call(3000, {}, { cacheCreationInputTokens: 700, cacheReadInputTokens: 2000 })).toMatchObject(all);
    const version6 = {
      'ai.usage.inputTokenDetails.cacheReadTokens': 2000,
      'ai.usage.inputTokenDetails.cacheWriteTokens': 700,
      'ai.usage.totalTokens': 5750,
    };
    expect(call(5700, version6, { usage })).toMatchObject(all);
    expect(call(3000, {}, { usage: { input_tokens: 3000 } })).toMatchObject({ promptTokens: 3000 });
  });

  it('of Langfuse are sums of parts, unless the total shows that they are totals', () => {
    const usage = (details: object) =>
      record({
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'm',
        'langfuse.observation.usage_details': JSON.stringify(details),
      });
    expect(usage({ input: 100, output: 50, total: 150, input_cached_tokens: 40 })).toMatchObject({
      promptTokens: 100,
      cachedTokens: 40,
      totalTokens: 150,
    });
    expect(usage({ input: 60, output: 50, cache_read_input_tokens: 40 })).toMatchObject({
      promptTokens: 100,
    });
    expect(
      usage({
        input: 60,
        output: 50,
        total: 150,
        cache_read_input_tokens: 40,
        cache_creation_input_tokens: 30,
      }),
    ).toMatchObject({ promptTokens: 100, completionTokens: 50 });
    expect(usage({ prompt_tokens: 100, completion_tokens: 50 })).toMatchObject({
      promptTokens: 100,
      completionTokens: 50,
    });
    for (const [prompt, completion] of [
      ['prompt', 'completion'],
      ['input', 'output'],
    ])
      expect(
        usage({
          [`${prompt}_tokens`]: 100,
          [`${completion}_tokens`]: 50,
          total_tokens: 150,
          [`${prompt}_tokens_details`]: { cached_tokens: 40 },
          [`${completion}_tokens_details`]: { reasoning_tokens: 30 },
        }),
      ).toMatchObject({ promptTokens: 100, completionTokens: 50, cachedTokens: 40, reasoningTokens: 30 });
    expect(usage({ total: 7 })).toMatchObject({ promptTokens: null, completionTokens: null, totalTokens: 7 });
  });

  it('of Langfuse have the parts of a cost that states no total', () => {
    const cost = (details: object) =>
      record({
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'm',
        'langfuse.observation.usage_details': JSON.stringify({ input: 10, output: 5 }),
        'langfuse.observation.cost_details': JSON.stringify(details),
      }).cost;
    expect(cost({ input: 0.25, output: 0.5, cache_read_input_tokens: 0.125 })).toBe(0.875);
    expect(cost({ input: 0.25, output: 0.5, total: 0.7 })).toBe(0.7);
    expect(cost({})).toBeNull();
  });

  it('may come as texts and as doubles', () => {
    expect(
      record({ ...CHAT, 'gen_ai.usage.input_tokens': '12', 'gen_ai.usage.total_cost': '0.5' }),
    ).toMatchObject({ promptTokens: 12, cost: 0.5 });
  });
});

describe('what is counted', () => {
  it.each([
    [
      'embeddings of GenAI',
      { 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'e', 'gen_ai.usage.input_tokens': 5 },
    ],
    [
      'embeddings of the AI SDK',
      { 'ai.operationId': 'ai.embed.doEmbed', 'ai.model.id': 'e', 'ai.usage.tokens': 5 },
    ],
    [
      'embeddings of OpenInference',
      { 'openinference.span.kind': 'EMBEDDING', 'embedding.model_name': 'e', 'llm.token_count.prompt': 5 },
    ],
  ])('%s', (_name, attributes) => {
    expect(record(attributes)).toMatchObject({
      model: 'e',
      promptTokens: 5,
      completionTokens: null,
      totalTokens: 5,
    });
  });

  it.each([
    ['an agent', { ...CHAT, 'gen_ai.operation.name': 'invoke_agent' }],
    ['a step of an agent', { ...CHAT, 'gen_ai.operation.name': 'agent_step' }],
    ['a tool', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x' }],
    ['the outer span of embeddings', { 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'e' }],
    [
      'the AI SDK’s outer span',
      { 'ai.operationId': 'ai.generateText', 'ai.model.id': 'm', 'ai.usage.inputTokens': 5 },
    ],
    ['a tool of the AI SDK', { 'ai.operationId': 'ai.toolCall' }],
    ['a chain', { 'openinference.span.kind': 'CHAIN', 'llm.token_count.prompt': 4 }],
    ['a workflow', { 'traceloop.span.kind': 'workflow' }],
    ['a span of Langfuse', { 'langfuse.observation.type': 'span' }],
    ['a database', { 'db.system': 'postgresql' }],
    ['nothing at all', {}],
  ])('%s is not', (_name, attributes) => {
    expect(readOne(attributes as Record<string, SentValue>)).toEqual({
      generations: [],
      rejects: [],
      ignored: { otlp: 1, 'openrouter-broadcast': 0 },
    });
  });

  it('the lower one of two spans in which one repeats the other, also with spans between', () => {
    const spans = [
      span(CHAT, { spanId: '1'.repeat(16) }),
      span({ 'db.system': 'x' }, { spanId: '2'.repeat(16), parentId: '1'.repeat(16) }),
      span(CHAT, { spanId: '3'.repeat(16), parentId: '2'.repeat(16) }),
      // Another trace with the same ids of spans.
      span(CHAT, { spanId: '1'.repeat(16), traceId: 'f'.repeat(32) }),
    ];
    const { generations, ignored } = read([{ resource: {}, scope: '', spans }]);
    expect(generations.map((g) => g.generation.id)).toEqual([
      `otlp:${'a'.repeat(32)}:${'3'.repeat(16)}`,
      `otlp:${'f'.repeat(32)}:${'1'.repeat(16)}`,
    ]);
    expect(ignored.otlp).toBe(2);
  });

  it('however many spans are between, for each of many, and where the upper one came twice', () => {
    const id = (n: number) => n.toString(16).padStart(16, '0');
    const chain = Array.from({ length: 3000 }, (_, n) =>
      span(n === 0 ? CHAT : {}, { spanId: id(n + 1), parentId: n ? id(n) : '' }),
    );
    const leaves = Array.from({ length: 3000 }, (_, n) =>
      span(CHAT, { spanId: id(n + 10_000), parentId: id(chain.length) }),
    );
    const { generations, ignored } = read([
      { resource: {}, scope: '', spans: [...leaves, ...chain, ...chain.slice(0, 1)] },
    ]);
    expect(generations).toHaveLength(leaves.length);
    expect(ignored.otlp).toBe(chain.length + 1);
  });

  it('parents that form a circle lead to an end', () => {
    const spans = [
      span(CHAT, { spanId: '1'.repeat(16), parentId: '2'.repeat(16) }),
      span(CHAT, { spanId: '2'.repeat(16), parentId: '1'.repeat(16) }),
      span({}, { spanId: '3'.repeat(16), parentId: '3'.repeat(16) }),
      span(CHAT, { spanId: '4'.repeat(16), parentId: '3'.repeat(16) }),
    ];
    expect(
      read([{ resource: {}, scope: '', spans }]).generations.map((g) => g.generation.id.slice(-1)),
    ).toEqual(['4']);
  });

  it('OpenRouter’s outermost span, and neither its tries nor its tests', () => {
    const usage = { ...CHAT, 'gen_ai.response.id': 'gen-1783220991-abcdefghij' };
    const scope = (spans: SentSpan[]): SentScope => ({
      resource: { 'service.name': 'openrouter' },
      scope: 'openrouter',
      spans,
    });
    const delivery = scope([
      span(usage, { name: 'LLM Generation' }),
      span(
        { 'gen_ai.operation.name': 'chat', 'gen_ai.response.id': 'gen-1783220991-abcdefghij:attempt-0' },
        { name: 'provider attempt 1: Novita', spanId: '2'.repeat(16), parentId: 'b'.repeat(16) },
      ),
      span(usage, { name: 'generation', spanId: '3'.repeat(16), parentId: 'b'.repeat(16) }),
    ]);
    const { generations, ignored } = read([
      delivery,
      scope([span(usage, { name: 'openrouter-connection-test' })]),
    ]);
    expect(generations.map((g) => [g.generation.id, g.door])).toEqual([
      ['gen-1783220991-abcdefghij', 'openrouter-broadcast'],
    ]);
    expect(ignored).toEqual({ otlp: 0, 'openrouter-broadcast': 3 });
  });

  it('OpenRouter’s additional metadata of a generation: app, user, cancelled, own keys', () => {
    const of = (name: string) => `span.metadata.openrouter_generation.${name}`;
    const { generations } = read([
      {
        resource: { 'service.name': 'openrouter' },
        scope: 'openrouter',
        spans: [
          span({
            ...CHAT,
            'trace.metadata.openrouter.api_key_name': 'prod',
            [of('app.title')]: 'My App',
            [of('external_user')]: 'ada',
            [of('cancelled')]: true,
            [of('streamed')]: true,
            [of('is_byok')]: true,
            [of('byok_usage_inference')]: 0.5,
          }),
        ],
      },
    ]);
    expect(generations[0]?.generation).toMatchObject({
      app: 'My App',
      account: CONTEXT.hashAccount('ada'),
      cancelled: true,
      streamed: true,
      byok: true,
      upstreamCost: 0.5,
    });
  });

  it('a failure without tokens, as the gateway records it', () => {
    const { 'gen_ai.usage.input_tokens': _in, 'gen_ai.usage.output_tokens': _out, ...noUsage } = CHAT;
    expect(record({ ...noUsage, 'error.type': '429' }, { isError: true })).toMatchObject({
      promptTokens: null,
      totalTokens: 0,
      finishReason: 'error',
      status: 429,
      cost: null,
    });
  });
});

describe('whose call it was, where the span does not say it', () => {
  const root = { spanId: '1'.repeat(16) };
  const step = { spanId: '2'.repeat(16), parentId: root.spanId };
  const leaf = { spanId: '3'.repeat(16), parentId: step.spanId };
  const callers = (...spans: SentSpan[]) =>
    read([{ resource: {}, scope: '', spans }], 'protobuf').generations.map(
      ({ generation: { account, session } }) => [account, session],
    );
  const ada = CONTEXT.hashAccount('ada');
  const talk = CONTEXT.hashSession('talk');

  it('the nearest span above that says it tells, whatever it is and wherever it stands', () => {
    const request = span({ 'http.request.method': 'POST', 'user.id': 'ada', 'session.id': 'old' }, root);
    const agent = span({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.conversation.id': 'talk' }, step);
    expect(callers(span(CHAT, leaf), agent, request)).toEqual([[ada, talk]]);
    expect(callers(request, agent, span({ ...CHAT, 'user.id': 'bob' }, leaf))).toEqual([
      [CONTEXT.hashAccount('bob'), talk],
    ]);
  });

  it.each([
    ['ai.telemetry.metadata.userId', 'ai.telemetry.metadata.sessionId'],
    ['langfuse.user.id', 'langfuse.session.id'],
    ['enduser.id', 'traceloop.association.properties.session_id'],
  ])('as %s and %s', (user, session) => {
    expect(callers(span({ [user]: 'ada', [session]: 'talk' }, root), span(CHAT, step))).toEqual([
      [ada, talk],
    ]);
  });

  it('the app comes from above too, if its own service has no name', () => {
    const named = { resource: { 'service.name': 'shop' }, scope: '', spans: [span({}, root)] };
    const nameless = { resource: {}, scope: '', spans: [span(CHAT, step)] };
    expect(read([nameless, named]).generations[0]?.generation.app).toBe('shop');
  });

  it('not from another trace, from beside or from below', () => {
    const user = { 'user.id': 'ada', 'session.id': 'talk' };
    const other = span(user, { ...root, traceId: 'f'.repeat(32) });
    const beside = span(user, { ...leaf, spanId: '4'.repeat(16) });
    const below = span(user, { spanId: '5'.repeat(16), parentId: leaf.spanId });
    expect(callers(other, beside, below, span({}, step), span(CHAT, leaf))).toEqual([[null, null]]);
  });

  it('a chain without end, and a circle, cost their length', () => {
    const id = (n: number) => n.toString(16).padStart(16, '0');
    const chain = Array.from({ length: 20_000 }, (_, n) =>
      span(n === 0 ? { 'user.id': 'ada' } : n % 2 ? CHAT : {}, {
        spanId: id(n + 1),
        parentId: n ? id(n) : '',
      }),
    );
    const [last] = callers(...chain).slice(-1);
    expect(last).toEqual([ada, null]);
    const circle = [1, 2, 3].map((n) =>
      span(n === 1 ? CHAT : {}, { spanId: id(n), parentId: id((n % 3) + 1) }),
    );
    expect(callers(...circle)).toEqual([[null, null]]);
  });
});

describe('generations that cannot be used are counted with a reason', () => {
  it.each<[string, Record<string, SentValue>, Partial<SentSpan>]>([
    ['there are no token counts', { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' }, {}],
    ['no model is named', { ...CHAT, 'gen_ai.request.model': 'two words' }, {}],
    ['startTimeUnixNano is missing', CHAT, { start: 0 }],
    ['createdAt: expected a time', CHAT, { start: Date.UTC(2030, 0, 1) }],
    ['trace id or span id', CHAT, { spanId: '0'.repeat(16) }],
  ])('%s', (reason, attributes, more) => {
    for (const encoding of ['json', 'protobuf'] as const) {
      const result = read(
        [{ resource: {}, scope: '', spans: [span(attributes, more), span(attributes, more)] }],
        encoding,
      );
      expect(result.generations).toEqual([]);
      expect(result.rejects).toEqual([{ door: 'otlp', reason: expect.stringContaining(reason), count: 2 }]);
    }
  });
});

it('OpenInference tells of streams among the parameters of the request, of which nothing else is kept', () => {
  const llm = { 'openinference.span.kind': 'LLM', 'llm.model_name': 'm', 'llm.token_count.prompt': 1 };
  const parameters = JSON.stringify({ stream: true, user: 'somebody' });
  expect(record({ ...llm, 'llm.invocation_parameters': parameters })).toMatchObject({
    streamed: true,
    account: null,
  });
  expect(record(llm).streamed).toBeNull();
});

it('labels of another system are kept with its name, and not without', () => {
  const labels = { 'stateai.labels': JSON.stringify([{ path: '/Science', confidence: 0.9 }]) };
  expect(record({ ...CHAT, ...labels, 'stateai.classifier': 'theirs@2' })).toMatchObject({
    labels: [{ path: '/Science', confidence: 0.9 }],
    classifier: 'theirs@2',
    sampleRate: null,
  });
  expect(record({ ...CHAT, ...labels })).toMatchObject({ labels: null, classifier: null });
});
