/**
 * Langfuse's SDKs in OTLP mode: `langfuse.observation.*`.
 *
 * The parts of `usage_details` exclude each other: `input` is without `input_cached_tokens` and its like, `output` without
 * `output_reasoning_tokens`. So prompt tokens are the sum of all parts of the input. Where `total` is less than all parts
 * together, some lie in others (LiteLLM leaves cached tokens in `input`), and `total` and `output` count. Parts with the
 * names of OpenAI's API are totals, and its own details may stand beside them.
 * Costs of a failed call are written as zeros there; they are not known.
 */
import { parseTime } from '../../../generation/validate.ts';
import { objectOf } from '../../../json/read.ts';
import { asNumber, objectAt, type Span, textAt } from '../span.ts';
import { COMMON_KEYS, commonFacts, type Usage } from './common.ts';
import type { Convention, Facts, Reading } from './contract.ts';
import { langfuseUserText } from './user-text.ts';

const TYPE = 'langfuse.observation.type';
const MODEL = 'langfuse.observation.model.name';
const USAGE = 'langfuse.observation.usage_details';
const COST = 'langfuse.observation.cost_details';
const PARAMETERS = 'langfuse.observation.model.parameters';
const FIRST_TOKEN = 'langfuse.observation.completion_start_time';
const LEVEL = 'langfuse.observation.level';

export const langfuse: Convention = {
  name: 'langfuse',
  door: 'otlp',
  keys: [TYPE, MODEL, USAGE, COST, PARAMETERS, FIRST_TOKEN, LEVEL, ...COMMON_KEYS],
  content: ['langfuse.observation.input'],
  tools: [],
  read(span: Span): Reading | null {
    const type = textAt(span, TYPE);
    if (type === null) return null;
    if (type === 'generation' || type === 'embedding') return { generation: factsOf(span) };
    return type === 'agent' || type === 'chain' ? 'roll-up' : 'other';
  },
  userText: langfuseUserText,
};

function factsOf(span: Span): Facts {
  const usage = usageOf(objectAt(span, USAGE));
  const stream = objectAt(span, PARAMETERS).stream;
  const latencyMs = latencyOf(span);
  const cost = costOf(objectAt(span, COST));
  return {
    ...commonFacts(span),
    ...usage,
    requestModel: textAt(span, MODEL),
    cost: cost === 0 && usage.promptTokens === null ? null : cost,
    streamed: stream === true || stream === 'true' || latencyMs !== null ? true : null,
    latencyMs,
    finishReason: textAt(span, LEVEL) === 'ERROR' ? 'error' : null,
  };
}

/** The parts together where no total is stated, as Langfuse adds them up. */
const costOf = (details: Record<string, unknown>): number | null =>
  asNumber(details.total) ?? sumOf(details, () => true);

function latencyOf(span: Span): number | null {
  // Written as JSON, with quotation marks.
  const at = parseTime(textAt(span, FIRST_TOKEN)?.replaceAll('"', '') ?? '');
  return span.start !== null && at >= span.start ? at - span.start : null;
}

const TOTALS: readonly (readonly [string, string])[] = [
  ['prompt_tokens', 'completion_tokens'],
  ['promptTokens', 'completionTokens'],
  ['inputTokens', 'outputTokens'],
];
const CACHED = [
  'input_cached_tokens',
  'cache_read_input_tokens',
  'input_cache_read',
  'input_cache_read_tokens',
];
const CACHE_WRITE = [
  'input_cache_write_tokens',
  'cache_creation_input_tokens',
  'input_cache_creation',
  'input_cache_creation_tokens',
  'input_cache_write',
];
const REASONING = ['output_reasoning_tokens', 'output_reasoning', 'reasoning_tokens', 'reasoningTokens'];

function usageOf(details: Record<string, unknown>): Usage {
  const first = (keys: readonly string[]) => {
    for (const key of keys) {
      const number = asNumber(details[key]);
      if (number !== null) return number;
    }
    return null;
  };
  const within = (name: string, part: string) => asNumber(objectOf(details[name])[part]);
  const parts = {
    totalTokens: first(['total', 'total_tokens', 'totalTokens']),
    cachedTokens:
      first(CACHED) ??
      within('prompt_tokens_details', 'cached_tokens') ??
      within('input_tokens_details', 'cached_tokens'),
    cacheWriteTokens: first(CACHE_WRITE),
    reasoningTokens:
      first(REASONING) ??
      within('completion_tokens_details', 'reasoning_tokens') ??
      within('output_tokens_details', 'reasoning_tokens'),
  };
  for (const [prompt, completion] of TOTALS)
    if (asNumber(details[prompt]) !== null)
      return {
        ...parts,
        promptTokens: asNumber(details[prompt]),
        completionTokens: asNumber(details[completion]),
      };
  const output = first(['output', 'output_tokens']);
  const inputs = sumOf(details, (key) => key.startsWith('input') || INPUTS.has(key));
  const outputs = sumOf(details, (key) => key.startsWith('output') || key === 'reasoning_tokens');
  const { totalTokens: total } = parts;
  const overlap =
    total !== null && output !== null && (inputs ?? 0) + (outputs ?? 0) > total && total >= output;
  return {
    ...parts,
    promptTokens: overlap ? total - output : inputs,
    completionTokens: overlap ? output : outputs,
  };
}

const INPUTS = new Set(['cache_read_input_tokens', 'cache_creation_input_tokens']);

function sumOf(details: Record<string, unknown>, isPart: (key: string) => boolean): number | null {
  let sum: number | null = null;
  for (const [key, value] of Object.entries(details)) {
    const number = isPart(key) ? asNumber(value) : null;
    if (number !== null) sum = (sum ?? 0) + number;
  }
  return sum;
}
