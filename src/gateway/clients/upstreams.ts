/** Upstreams of a few lines for what aimock cannot do: an answer without an end, and usage with all its parts. */
import { type FakeUpstream, fakeUpstream, json } from '../../testing/gateway.ts';

const sse = (events: readonly object[], named: boolean): string =>
  events
    .map((e) => `${named ? `event: ${(e as { type: string }).type}\n` : ''}data: ${JSON.stringify(e)}\n\n`)
    .join('');

/** An answer in each dialect: how it begins, a word of it, how it ends; and the whole of it. */
interface Speech {
  start: string;
  word: string;
  end: string;
  whole: object;
}

/** 1000 prompt tokens, of which 400 read from the cache and 50 written; 100 completion tokens, 60 of them reasoning. */
const CHAT_USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 100,
  total_tokens: 1100,
  prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 50 },
  completion_tokens_details: { reasoning_tokens: 60 },
};
const RESPONSES_USAGE = {
  input_tokens: 1000,
  output_tokens: 100,
  total_tokens: 1100,
  input_tokens_details: { cached_tokens: 400, cache_write_tokens: 50 },
  output_tokens_details: { reasoning_tokens: 60 },
};
/** Messages leaves out of its input tokens what the cache was read and written for. */
const MESSAGES_USAGE = {
  input_tokens: 550,
  output_tokens: 100,
  cache_read_input_tokens: 400,
  cache_creation_input_tokens: 50,
  output_tokens_details: { thinking_tokens: 60 },
};

function chatSpeech(): Speech {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: 'up-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason }],
  });
  return {
    start: sse([chunk({ role: 'assistant', content: '' })], false),
    word: sse([chunk({ content: 'word ' })], false),
    end: `${sse([chunk({}, 'stop'), { ...chunk({}), choices: [], usage: CHAT_USAGE }], false)}data: [DONE]\n\n`,
    whole: {
      ...chunk({}),
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: 'word ' }, finish_reason: 'stop' }],
      usage: CHAT_USAGE,
    },
  };
}

function completionsSpeech(): Speech {
  const chunk = (text: string, finish_reason: string | null = null) => ({
    id: 'up-1',
    object: 'text_completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, text, finish_reason, logprobs: null }],
  });
  return {
    start: '',
    word: sse([chunk('word ')], false),
    end: `${sse([chunk('', 'stop'), { ...chunk(''), choices: [], usage: CHAT_USAGE }], false)}data: [DONE]\n\n`,
    whole: { ...chunk('word ', 'stop'), usage: CHAT_USAGE },
  };
}

function messagesSpeech(): Speech {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...MESSAGES_USAGE, output_tokens: 1 },
  };
  const text = { type: 'text', text: 'word ' };
  return {
    start: sse(
      [
        { type: 'message_start', message },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ],
      true,
    ),
    word: sse(
      [{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'word ' } }],
      true,
    ),
    end: sse(
      [
        { type: 'content_block_stop', index: 0 },
        {
          type: 'message_delta',
          delta: { stop_reason: 'end_turn', stop_sequence: null },
          usage: MESSAGES_USAGE,
        },
        { type: 'message_stop' },
      ],
      true,
    ),
    whole: { ...message, content: [text], stop_reason: 'end_turn', usage: MESSAGES_USAGE },
  };
}

function responsesSpeech(): Speech {
  const response = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    completed_at: null as number | null,
    status: 'in_progress',
    model: 'm',
    frequency_penalty: 0,
    presence_penalty: 0,
    output: [] as object[],
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
  };
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const part = { type: 'output_text', text: 'word ', annotations: [], logprobs: [] };
  const item = { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [part] };
  const whole = { ...response, status: 'completed', completed_at: 2, output: [item], usage: RESPONSES_USAGE };
  return {
    start: sse(
      [
        { type: 'response.created', sequence_number: 0, response },
        {
          type: 'response.output_item.added',
          sequence_number: 1,
          output_index: 0,
          item: { ...item, status: 'in_progress', content: [] },
        },
        { type: 'response.content_part.added', sequence_number: 2, ...at, part: { ...part, text: '' } },
      ],
      true,
    ),
    word: sse(
      [{ type: 'response.output_text.delta', sequence_number: 3, ...at, delta: 'word ', logprobs: [] }],
      true,
    ),
    end: sse(
      [
        { type: 'response.output_text.done', sequence_number: 4, ...at, text: 'word ', logprobs: [] },
        { type: 'response.content_part.done', sequence_number: 5, ...at, part },
        { type: 'response.output_item.done', sequence_number: 6, output_index: 0, item },
        { type: 'response.completed', sequence_number: 7, response: whole },
      ],
      true,
    ),
    whole,
  };
}

const SPEECH: Record<string, Speech> = {
  '/v1/chat/completions': chatSpeech(),
  '/v1/completions': completionsSpeech(),
  '/v1/messages': messagesSpeech(),
  '/v1/responses': responsesSpeech(),
};

/** Says one word in the dialect that it was asked in, and counts as above. Counts 4321 tokens for `count_tokens`. */
export const countingUpstream = (): Promise<FakeUpstream> =>
  fakeUpstream((response, { path, body }) => {
    if (path === '/v1/messages/count_tokens') return json(response, { input_tokens: 4321 });
    const speech = SPEECH[path];
    if (!speech) return json(response, { error: { message: 'no such path' } }, 404);
    if (!JSON.parse(body).stream) return json(response, speech.whole);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    return response.end(speech.start + speech.word + speech.end);
  });

/** Says words until somebody hangs up, and counts who did. */
export async function endlessUpstream(): Promise<FakeUpstream & { hungUp: number }> {
  const upstream = await fakeUpstream((response, { path }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(SPEECH[path]?.start ?? '');
    const timer = setInterval(() => response.write(SPEECH[path]?.word ?? ''), 5);
    response.on('close', () => {
      clearInterval(timer);
      endless.hungUp++;
    });
  });
  const endless = Object.assign(upstream, { hungUp: 0 });
  return endless;
}

/** Fails whatever it is asked. */
export const brokenUpstream = (): Promise<FakeUpstream> =>
  fakeUpstream((response) =>
    json(response, { error: { message: 'out of order', type: 'server_error' } }, 500),
  );
