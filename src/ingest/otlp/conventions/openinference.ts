/**
 * OpenInference (Arize Phoenix): `llm.*` and `openinference.span.kind`.
 *
 * `llm.token_count.prompt` includes cached tokens; older instrumentations of Anthropic's API left them out (see
 * `usageAt`). The price of a generation is `llm.cost.total`.
 */
import { firstWordAt, numberAt, objectAt, type Span, textAt } from '../span.ts';
import { COMMON_KEYS, commonFacts, usageAt } from './common.ts';
import type { Convention, Facts, Reading } from './contract.ts';
import { openInferenceUserText } from './user-text.ts';

const KIND = 'openinference.span.kind';
/** Written as JSON; of it only whether the answer was streamed. */
const PARAMETERS = 'llm.invocation_parameters';
const KEYS = {
  model: ['llm.model_name', 'embedding.model_name', 'llm.response.model_name'],
  requestModel: ['llm.request.model_name'],
  provider: ['llm.provider', 'llm.system'],
  prompt: ['llm.token_count.prompt'],
  completion: ['llm.token_count.completion'],
  total: ['llm.token_count.total'],
  cached: ['llm.token_count.prompt_details.cache_read', 'llm.token_count.prompt_details.cache_input'],
  cacheWrite: ['llm.token_count.prompt_details.cache_write'],
  reasoning: ['llm.token_count.completion_details.reasoning'],
  cost: ['llm.cost.total'],
  finish: ['llm.finish_reason'],
};

export const openInference: Convention = {
  name: 'openinference',
  door: 'otlp',
  keys: [KIND, PARAMETERS, ...Object.values(KEYS).flat(), ...COMMON_KEYS],
  content: ['llm.input_messages.', 'llm.prompts', 'input.value'],
  tools: ['llm.tools.'],
  read(span: Span): Reading | null {
    const kind = textAt(span, KIND)?.toUpperCase() ?? null;
    if (kind === null) {
      const isLlm = numberAt(span, ...KEYS.prompt, ...KEYS.total) !== null;
      return isLlm && textAt(span, ...KEYS.model) !== null ? { generation: factsOf(span) } : null;
    }
    if (kind === 'LLM' || kind === 'EMBEDDING') return { generation: factsOf(span) };
    return kind === 'AGENT' || kind === 'CHAIN' ? 'roll-up' : 'other';
  },
  userText: openInferenceUserText,
};

function factsOf(span: Span): Facts {
  const common = commonFacts(span);
  return {
    ...common,
    requestModel: textAt(span, ...KEYS.requestModel),
    responseModel: textAt(span, ...KEYS.model),
    provider: textAt(span, ...KEYS.provider),
    ...usageAt(span, KEYS),
    cost: numberAt(span, ...KEYS.cost),
    finishReason: firstWordAt(span, ...KEYS.finish),
    streamed: common.latencyMs !== null || objectAt(span, PARAMETERS).stream === true ? true : null,
  };
}
