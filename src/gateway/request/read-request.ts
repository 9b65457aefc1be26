/** What the gateway needs to know of a request, read from its bytes; the rest of the body stays bytes. */
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { StateaiError } from '../../generation/errors.ts';
import { objectOf } from '../../json/read.ts';
import { JsonSyntaxError } from '../../json/syntax-error.ts';
import type { Dialect } from '../contract.ts';
import { serviceTierOf } from '../service-tiers.ts';
import { type Preferences, readPreferences } from './preferences.ts';
import { promptBytesOf } from './prompt-bytes.ts';
import { type Member, readMember, scanObject } from './scan-json.ts';

export interface GatewayRequest {
  dialect: Dialect;
  body: Buffer;
  members: readonly Member[];
  /** Models to try in order, as the client names them. */
  models: string[];
  stream: boolean;
  preferences: Preferences;
  toolsOffered: boolean;
  /** The most tokens that the client wants back; null = it does not say. */
  maxCompletionTokens: number | null;
  /** Whatever the client calls its conversation and its user; hashed before it is recorded. */
  session: string | null;
  user: string | null;
  /** The service tier that it asks for. */
  serviceTier: string | null;
  /** Names of the members that a provider must support, for `require_parameters`. */
  parameters: string[];
  /** Bytes of JSON that become prompt tokens; pictures and other media count as what they usually take. */
  promptBytes: number;
  /** Answers the client must have the choice of: more than one cannot be counted as one stream. */
  choices: number;
  /** The upstream is to hold the conversation (`thread` of Messages), and may be sent its newest messages alone. */
  threaded: boolean;
  /** Members that only an aggregator such as OpenRouter acts upon, and that change the answer. */
  needs: readonly string[];
}

/** Members that hold what the model reads. */
const PROMPT = new Set([
  'messages',
  'system',
  'input',
  'prompt',
  'instructions',
  'tools',
  'functions',
  'suffix',
]);
/** Members that say how to generate: what `require_parameters` compares with what an endpoint supports. */
const PARAMETERS = new Set([
  'temperature',
  'top_p',
  'top_k',
  'top_a',
  'min_p',
  'frequency_penalty',
  'presence_penalty',
  'repetition_penalty',
  'seed',
  'stop',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'structured_outputs',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'max_tokens',
  'max_completion_tokens',
  'reasoning',
  'reasoning_effort',
  'include_reasoning',
  'verbosity',
  'web_search_options',
]);
/** A member that the gateway reads may not be larger than this. */
const LARGEST_MEMBER = 64 << 10;

/** @throws `bad_request`; the message names members and positions, never their content */
export function readRequest(
  dialect: Dialect,
  body: Buffer,
  headers: IncomingHttpHeaders = {},
): GatewayRequest {
  try {
    return read(dialect, body, headers);
  } catch (error) {
    if (error instanceof JsonSyntaxError)
      throw bad(`The body is no valid JSON: ${error.message}, at byte ${error.position}`);
    throw error;
  }
}

function read(dialect: Dialect, body: Buffer, headers: IncomingHttpHeaders): GatewayRequest {
  if (body.length === 0) throw bad('The body is empty');
  if (!isUtf8(body)) throw bad('The body is not UTF-8');
  const members = scanObject(body);
  const byKey = new Map(members.map((m) => [m.key, m]));
  const value = (key: string): unknown => {
    const member = byKey.get(key);
    if (!member) return undefined;
    if (member.end - member.start > LARGEST_MEMBER) throw bad(`"${key}" is too large`);
    return readMember(body, member) ?? undefined;
  };
  const text = (key: string, longest = LONGEST_SESSION): string | null => {
    const given = value(key);
    if (given === undefined) return null;
    if (typeof given !== 'string') throw bad(`"${key}" must be a string`);
    return given.slice(0, longest);
  };
  const count = (key: string): number | null => {
    const given = value(key);
    if (given === undefined) return null;
    if (typeof given !== 'number' || !Number.isInteger(given) || given < 0)
      throw bad(`"${key}" must be a whole number that is not negative`);
    return given;
  };
  const stream = value('stream') ?? false;
  if (typeof stream !== 'boolean') throw bad('"stream" must be true or false');
  if (stream && dialect === 'embeddings') throw bad('Embeddings are not streamed');
  requirePrompt(dialect, body, byKey);
  if (dialect === 'responses' && !stream && value('background') === true)
    throw bad('"background" would leave an answer that cannot be fetched here: stream it');
  return {
    dialect,
    body,
    members,
    models: readModels(text('model'), value('models')),
    stream,
    preferences: readPreferences(value('provider')),
    toolsOffered: offersTools(body, byKey),
    maxCompletionTokens: count('max_completion_tokens') ?? count('max_output_tokens') ?? count('max_tokens'),
    session: text('session_id') ?? sessionOf(headers),
    user: text('user'),
    serviceTier: serviceTierOf(value('service_tier')),
    parameters: members.map((m) => m.key).filter((key) => PARAMETERS.has(key)),
    promptBytes: members
      .filter((m) => PROMPT.has(m.key))
      .reduce((sum, m) => sum + promptBytesOf(body.subarray(m.start, m.end)), 0),
    choices: Math.max(1, count('n') ?? 1),
    threaded: dialect === 'messages' && value('thread') !== undefined,
    needs: ['plugins', 'preset'].filter((key) => byKey.has(key) && asksForMore(value(key))),
  };
}

/** Plugins that are switched off, and an empty list of them, ask for nothing. */
const asksForMore = (given: unknown): boolean =>
  Array.isArray(given) ? given.some((one) => objectOf(one).enabled !== false) : given !== undefined;

const LONGEST_SESSION = 512;

/** The contract's header; what the body says goes before it. */
function sessionOf({ 'x-session-id': given }: IncomingHttpHeaders): string | null {
  return typeof given === 'string' && given !== '' ? given.slice(0, LONGEST_SESSION) : null;
}

const [OPEN_LIST, QUOTE] = [0x5b, 0x22];

const NEEDED: Record<Dialect, readonly string[]> = {
  chat: ['messages'],
  messages: ['messages'],
  completions: ['prompt'],
  responses: ['input', 'prompt', 'previous_response_id'],
  embeddings: ['input'],
};

function requirePrompt(dialect: Dialect, body: Buffer, members: ReadonlyMap<string, Member>): void {
  const needed = NEEDED[dialect];
  const [key = ''] = needed;
  const [member] = needed.flatMap((k) => members.get(k) ?? []);
  if (!member) throw bad(`"${key}" is missing`);
  // A prompt that the provider keeps is named by an object.
  if (dialect === 'responses' && member.key !== 'input') return;
  const isList = body[member.start] === OPEN_LIST;
  if (key === 'messages' && !isList) throw bad('"messages" must be a list');
  if (!isList && body[member.start] !== QUOTE) throw bad(`"${member.key}" must be a string or a list`);
}

function readModels(model: string | null, given: unknown): string[] {
  if (given !== undefined && !(Array.isArray(given) && given.every((m) => typeof m === 'string')))
    throw bad('"models" must be a list of model names');
  const all = [...(model ? [model] : []), ...((given as string[] | undefined) ?? [])].map((m) => m.trim());
  if (all.some((m) => m === '' || m.length > 256)) throw bad('A model has no name, or too long a one');
  if (all.length === 0) throw bad('"model" is missing');
  if (all.length > 32) throw bad('"models" names more than 32');
  return [...new Set(all)];
}

/** An empty list offers nothing. */
function offersTools(body: Buffer, members: ReadonlyMap<string, Member>): boolean {
  return ['tools', 'functions'].some((key) => {
    const member = members.get(key);
    if (!member || body[member.start] !== OPEN_LIST) return false;
    return body.subarray(member.start + 1, member.end - 1).some((byte) => byte > 0x20);
  });
}

const bad = (message: string): StateaiError =>
  new StateaiError('bad_request', message, 'Correct the request.');
