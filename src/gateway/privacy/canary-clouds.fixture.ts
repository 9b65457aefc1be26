/** How Gemini (Vertex AI) and Bedrock's Converse speak, for the upstream of the canaries: providers that the gateway calls through the AI SDK. */
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import type { Own, Voice } from './canary-voice.fixture.ts';

/** What a request at such a path is for; null: it is of another dialect. */
export function cloudOf(
  path: string,
): { kind: 'gemini' | 'converse'; model: string; stream: boolean } | null {
  const gemini = /\/models\/([^/:]+):(generate|streamGenerate)Content/.exec(path);
  if (gemini) return { kind: 'gemini', model: gemini[1] ?? '', stream: gemini[2] === 'streamGenerate' };
  const converse = /\/model\/([^/]+)\/converse(-stream)?$/.exec(path);
  return converse && { kind: 'converse', model: converse[1] ?? '', stream: converse[2] !== undefined };
}

const part = (parts: unknown, finishReason?: string, more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...(finishReason ? { finishReason } : {}) }],
  usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 5, totalTokenCount: 12 },
  ...more,
});
const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
const call = (own: Own) => ({ functionCall: { name: 'look', args: { what: own('tool arguments') } } });

export const gemini: Voice = {
  type: 'text/event-stream',
  error: (status, message) => ({ error: { code: 400, status, message, details: [{ reason: message }] } }),
  errorEvent: (message) => event({ error: { code: 503, status: 'UNAVAILABLE', message } }),
  first: (text) => [event(part([{ text }]))],
  whole: (text, own) =>
    part(
      [
        {
          text: own('reasoning'),
          thought: true,
          thoughtSignature: Buffer.from(own('signature')).toString('base64'),
        },
        { text: text + own('completion') },
        call(own),
      ],
      'STOP',
      { responseId: own('id of an answer'), modelVersion: own('version'), note: own('unknown member') },
    ),
  streamed: (text, own) => [
    event(part([{ text }])),
    event(part([{ text: own('streamed reasoning'), thought: true }])),
    event(
      part([{ text: `${'long '.repeat(20_000)}${own('streamed completion')}${' long'.repeat(20_000)}` }]),
    ),
    event(part([call(own)])),
    event(part([], own('finish reason'), { responseId: own('id in a stream') })),
  ],
  wrong: (own) => ({ candidates: own('candidates'), usageMetadata: own('usage') }),
  wrongEvents: (own) => [
    event({ candidates: [{ content: own('content') }] }),
    `data: ${own('data that is no JSON')}\n\n`,
  ],
};

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const header = (value: string) => ({ type: 'string' as const, value });
/** An event in AWS's binary framing. */
const frame = (type: string, payload: unknown, kind: 'event' | 'exception' = 'event') =>
  Buffer.from(
    codec.encode({
      headers: {
        ':message-type': header(kind),
        [`:${kind}-type`]: header(type),
        ':content-type': header('application/json'),
      },
      body: fromUtf8(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    }),
  );
const usage = { inputTokens: 7, outputTokens: 5, totalTokens: 12 };
const delta = (contentBlockIndex: number, value: object) =>
  frame('contentBlockDelta', { contentBlockIndex, delta: value });

export const converse: Voice = {
  type: 'application/vnd.amazon.eventstream',
  error: (type, message) => ({ __type: type, message }),
  errorEvent: (message) =>
    frame('modelStreamErrorException', { message, originalMessage: message }, 'exception'),
  first: (text) => [frame('messageStart', { role: 'assistant' }), delta(0, { text })],
  whole: (text, own) => ({
    output: {
      message: {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: own('reasoning'), signature: own('signature') } } },
          { text: text + own('completion') },
          { toolUse: { toolUseId: 'tu-1', name: 'look', input: { what: own('tool arguments') } } },
        ],
      },
    },
    stopReason: 'tool_use',
    usage,
    metrics: { latencyMs: 5 },
    trace: { note: own('trace') },
  }),
  streamed: (text, own) => [
    frame('messageStart', { role: 'assistant' }),
    delta(0, { text }),
    delta(0, { text: `${'long '.repeat(20_000)}${own('streamed completion')}${' long'.repeat(20_000)}` }),
    frame('contentBlockStop', { contentBlockIndex: 0 }),
    delta(1, { reasoningContent: { text: own('streamed reasoning') } }),
    frame('contentBlockStop', { contentBlockIndex: 1 }),
    frame('contentBlockStart', {
      contentBlockIndex: 2,
      start: { toolUse: { toolUseId: 'tu-1', name: 'look' } },
    }),
    delta(2, { toolUse: { input: JSON.stringify({ what: own('streamed tool arguments') }) } }),
    frame('contentBlockStop', { contentBlockIndex: 2 }),
    frame('messageStop', { stopReason: own('finish reason') }),
    frame('metadata', { usage, metrics: { latencyMs: 5 } }),
  ],
  wrong: (own) => ({ output: own('output'), stopReason: { a: own('stop reason') }, usage: own('usage') }),
  wrongEvents: (own) => [
    frame('contentBlockDelta', { contentBlockIndex: 0, delta: own('delta') }),
    frame(own('name of an event').slice(0, 100), { a: 1 }),
    frame('contentBlockDelta', own('data that is no JSON')),
  ],
};
