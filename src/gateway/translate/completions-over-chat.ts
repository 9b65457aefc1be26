/** OpenAI's older completions, answered by an upstream that speaks chat: the prompt is what the user says. */
import { compact, given, type Maybe, numberOf, objectOf, objectsOf, stringOf } from '../../json/read.ts';
import type { JsonObject, StreamEvent } from '../contract.ts';
import { objectIn } from '../upstream/events.ts';
import { maxTokens } from './messages-request-to-chat.ts';
import { badRequest, refuseFields } from './refusals.ts';
import { CUT_OFF, chunkEvent, DONE } from './stream-events.ts';

const REFUSED = ['echo', 'logprobs', 'suffix'] as const;

/** Settings that both dialects spell and mean the same. */
const SHARED = [
  'cache_control',
  'frequency_penalty',
  'logit_bias',
  'min_p',
  'n',
  'presence_penalty',
  'reasoning',
  'reasoning_effort',
  'repetition_penalty',
  'response_format',
  'seed',
  'service_tier',
  'stop',
  'temperature',
  'top_a',
  'top_k',
  'top_p',
  'user',
] as const;

/** @throws `bad_request` for several prompts, prompts of tokens, and fields without counterpart */
export function completionsRequestToChat(
  body: JsonObject,
  options: { model: string; stream: boolean },
): JsonObject {
  refuseFields(body, REFUSED, 'for this model');
  if ((numberOf(body.best_of) ?? 1) > 1) throw badRequest('best_of', 'must be 1 for this model');
  const shared = Object.fromEntries(SHARED.map((key) => [key, given(body[key]) ? body[key] : undefined]));
  return compact({
    model: options.model,
    messages: [{ role: 'user', content: promptOf(body.prompt) }],
    ...maxTokens(body.max_tokens, options.model),
    ...shared,
    ...(options.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}

function promptOf(prompt: Maybe): string {
  const only = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  if (typeof only === 'string') return only;
  throw badRequest('prompt', 'must be one text for this model');
}

/** A whole chat completion as a text completion. */
export function chatResponseToCompletions(body: JsonObject): JsonObject {
  return textCompletion(body, 'message');
}

function textCompletion(body: JsonObject, member: 'message' | 'delta'): JsonObject {
  const { choices, object: _object, ...rest } = body;
  return {
    ...rest,
    object: 'text_completion',
    choices: objectsOf(choices).map((choice, i) => {
      const said = objectOf(choice[member]);
      return compact({
        index: numberOf(choice.index) ?? i,
        text: textOf(said.content) || (stringOf(said.refusal) ?? ''),
        reasoning: stringOf(said.reasoning) ?? stringOf(said.reasoning_content) ?? undefined,
        finish_reason: choice.finish_reason ?? null,
        native_finish_reason: choice.native_finish_reason,
        logprobs: null,
      });
    }),
  };
}

const textOf = (content: Maybe): string =>
  stringOf(content) ??
  objectsOf(content)
    .map((part) => stringOf(part.text) ?? '')
    .join('');

/** A stream of chat completion chunks as one of text completions, chunk by chunk. */
export function chatStreamToCompletions(): { push(event: StreamEvent): StreamEvent[]; end(): StreamEvent[] } {
  let head: JsonObject = {};
  let finished = false;
  let ended = false;
  return {
    push(event) {
      if (ended) return [];
      if (event.data === '[DONE]') {
        ended = true;
        return [DONE];
      }
      const chunk = objectIn(event);
      if (chunk === null) return [];
      const { id, created, model } = chunk;
      head = compact({ id, object: 'text_completion', created, model });
      if (given(chunk.error)) ended = true;
      finished ||= objectsOf(chunk.choices).some((c) => given(c.finish_reason));
      return [chunkEvent(textCompletion(chunk, 'delta'))];
    },
    end() {
      if (ended) return [];
      ended = true;
      if (finished) return [DONE];
      const choices = [{ index: 0, text: '', finish_reason: 'error', logprobs: null }];
      return [chunkEvent({ ...head, error: { code: 502, message: CUT_OFF }, choices })];
    },
  };
}
