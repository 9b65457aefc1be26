/**
 * For tests of senders: an upstream that we did not write (aimock), one that counts every part of the usage, and
 * embeddings, behind a front that notes what the upstream said. The notes are what the records are held against.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { countingUpstream } from '../../../gateway/clients/upstreams.ts';
import type { FinishReason, Generation } from '../../../generation/generation.ts';

/** What the upstream said of one request, in the words of the record. null: it did not say. */
export type Said = Pick<
  Generation,
  | 'model'
  | 'promptTokens'
  | 'completionTokens'
  | 'cachedTokens'
  | 'cacheWriteTokens'
  | 'reasoningTokens'
  | 'cost'
  | 'finishReason'
  | 'streamed'
>;

export interface Upstream {
  /** aimock: chat completions as OpenRouter answers them, with the cost. Up to and with `/v1`. */
  url: string;
  /** Chat, completions, Responses and Messages with cached, written and reasoning tokens. Up to and with `/v1`. */
  parts: string;
  /** One entry for each request that was answered, in order. */
  said: Said[];
  /** Statuses of requests that failed. */
  failed: number[];
  close(): Promise<void>;
}

/** A model which aimock refuses with 429. */
export const FAILING = 'fails/model';
/** What it counts of a prompt which asks for JSON. */
export const OBJECT_PROMPT_TOKENS = 23;
/** Words that no record, log or file may hold. */
export const SECRET = 'Xyzzy-the-secret-words';

const usage = (prompt: number, completion: number, cost: number, cached = 0, reasoning = 0) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  cost,
  cost_details: { upstream_inference_cost: cost },
  prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: reasoning },
});

function teach(mock: LLMock): void {
  mock
    .on(
      { toolName: 'get_weather', hasToolResult: true },
      { content: `${SECRET}: sunny.`, usage: usage(61, 13, 0.0007) },
    )
    .on(
      { toolName: 'get_weather', hasToolResult: false },
      {
        toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' }],
        usage: usage(41, 17, 0.0005),
      },
    )
    .onMessage('as JSON', { content: '{"city":"Paris"}', usage: usage(OBJECT_PROMPT_TOKENS, 9, 0.0003) })
    .onMessage('at length', { content: SECRET, finishReason: 'length', usage: usage(29, 19, 0.0004) })
    .onMessage(/./, { content: `${SECRET}: hello.`, usage: usage(1000, 100, 0.0123, 400, 60) })
    .prependFixture({
      match: { model: FAILING },
      response: { error: { message: SECRET, type: 'rate_limit_error' }, status: 429, retryAfter: 0 },
    });
}

export async function openUpstream(): Promise<Upstream> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  teach(mock);
  await mock.start();
  const counting = await countingUpstream();
  const said: Said[] = [];
  const failed: number[] = [];
  const front = createServer(async (request, response) => {
    const asked = await bodyOf(request);
    const path = request.url ?? '';
    if (path.endsWith('/embeddings')) {
      answerEmbeddings(asked, response);
      said.push({ ...blank(asked), promptTokens: EMBEDDING_TOKENS, completionTokens: null });
      return;
    }
    const target = path.startsWith('/parts/v1')
      ? counting.url + path.slice('/parts/v1'.length)
      : `${mock.url}/api${path}`;
    const { status, text } = await passOn(target, asked, response);
    if (status >= 400) failed.push(status);
    else said.push(readAnswer(asked, text));
    response.end();
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  return {
    url: `${url}/v1`,
    parts: `${url}/parts/v1`,
    said,
    failed,
    async close() {
      front.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => front.close(() => resolve())),
        mock.stop(),
        counting.close(),
      ]);
    },
  };
}

const EMBEDDING_TOKENS = 5;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answerEmbeddings(asked: string, response: ServerResponse): void {
  const { model, input } = JSON.parse(asked) as { model: string; input: string | string[] };
  const data = [input].flat().map((_text, index) => ({ object: 'embedding', index, embedding: [0.5, 1] }));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      object: 'list',
      data,
      model,
      usage: { prompt_tokens: EMBEDDING_TOKENS, total_tokens: EMBEDDING_TOKENS },
    }),
  );
}

/** Passes a request on and the answer back as it comes. */
async function passOn(
  target: string,
  asked: string,
  response: ServerResponse,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(target, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: asked,
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    response.write(chunk);
  }
  return { status: answer.status, text };
}

interface Usage {
  prompt_tokens?: number;
  completion_tokens?: number;
  input_tokens?: number;
  output_tokens?: number;
  cost?: number;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number };
  input_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number };
  completion_tokens_details?: { reasoning_tokens?: number };
  output_tokens_details?: { reasoning_tokens?: number; thinking_tokens?: number };
}

/** An answer, or an event of one, of whatever dialect. */
interface Answer {
  model?: string;
  usage?: Usage | null;
  status?: string;
  stop_reason?: string | null;
  delta?: { stop_reason?: string };
  choices?: { finish_reason?: string | null }[];
  response?: Answer;
  message?: Answer;
}

function blank(asked: string): Said {
  const { model, stream = false } = JSON.parse(asked) as { model: string; stream?: boolean };
  return {
    model,
    promptTokens: null,
    completionTokens: null,
    cachedTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
    cost: null,
    finishReason: null,
    streamed: stream,
  };
}

function readAnswer(asked: string, text: string): Said {
  const answers: Answer[] = text.startsWith('{')
    ? [JSON.parse(text)]
    : [...text.matchAll(/^data: (\{.*\})$/gm)].map((m) => JSON.parse(m[1] ?? ''));
  const said = blank(asked);
  for (const event of answers) {
    const answer = { ...event, ...event.message, ...event.response };
    said.model = answer.model ?? said.model;
    if (answer.usage) Object.assign(said, readUsage(answer.usage));
    const reason = answer.choices?.[0]?.finish_reason ?? answer.stop_reason ?? answer.delta?.stop_reason;
    const ended = reason ?? (answer.status === 'completed' ? 'stop' : null);
    if (ended) said.finishReason = (ended === 'end_turn' ? 'stop' : ended) as FinishReason;
  }
  return said;
}

/** Messages leaves out of its input tokens what the cache was read and written for; the others do not. */
function readUsage(usage: Usage): Partial<Said> {
  const prompt = usage.prompt_tokens_details ?? usage.input_tokens_details;
  const completion = usage.completion_tokens_details ?? usage.output_tokens_details;
  const read = usage.cache_read_input_tokens;
  const written = usage.cache_creation_input_tokens;
  return {
    promptTokens: (usage.prompt_tokens ?? usage.input_tokens ?? 0) + (read ?? 0) + (written ?? 0),
    completionTokens: usage.completion_tokens ?? usage.output_tokens ?? null,
    cachedTokens: prompt?.cached_tokens ?? read ?? null,
    cacheWriteTokens: prompt?.cache_write_tokens ?? written ?? null,
    reasoningTokens:
      completion?.reasoning_tokens ?? (completion as Usage['output_tokens_details'])?.thinking_tokens ?? null,
    cost: usage.cost ?? null,
  };
}
