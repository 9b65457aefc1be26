/** A span's facts as a record, or why they make none. Reasons are ours and hold nothing of the span. */
import { normaliseFinishReason } from '../../generation/finish-reason.ts';
import type { Generation, Label } from '../../generation/generation.ts';
import { LONGEST_STRING, validateGeneration } from '../../generation/validate.ts';
import type { DoorContext } from '../door.ts';
import { generalReason } from '../door-counts.ts';
import { readModel } from '../values.ts';
import type { Facts } from './conventions/contract.ts';
import { listAt, numberAt, type Span, textAt } from './span.ts';

/** Attributes that a sender of our own words may set: what another system made of the prompt. */
export const LABEL_KEYS = ['stateai.labels', 'stateai.classifier', 'stateai.sample_rate', 'stateai.language'];

export type Made = { generation: Generation; reason?: undefined } | { reason: string };

/** @param source the door */
export function generationOf(
  span: Span,
  facts: Facts,
  source: string,
  context: DoorContext,
  now: number,
): Made {
  const id = facts.id ?? (span.traceId && span.spanId ? `otlp:${span.traceId}:${span.spanId}` : null);
  if (id === null) return { reason: 'trace id or span id is missing or wrong' };
  if (span.start === null) return { reason: 'startTimeUnixNano is missing' };
  const model = modelOf(facts);
  if (model === null) return { reason: 'no model is named, or its name is no model’s name' };
  const tokens = tokensOf(facts);
  if (tokens === null && !span.hasError && !isFailure(facts))
    return { reason: 'there are no token counts (streamed without usage?)' };
  const native = termOf(facts.finishReason);
  const { generation, problems } = validateGeneration(
    {
      id,
      createdAt: span.start,
      account: hashed(facts.user, context.hashAccount),
      app: nameOf(facts.app),
      session: hashed(facts.session, context.hashSession),
      ...model,
      provider: nameOf(facts.provider),
      ...(tokens ?? { totalTokens: 0 }),
      reasoningTokens: count(facts.reasoningTokens),
      cachedTokens: count(facts.cachedTokens),
      cacheWriteTokens: count(facts.cacheWriteTokens),
      // What failed without tokens cost nothing that anybody counted.
      cost: tokens === null ? null : money(facts.cost),
      upstreamCost: money(facts.upstreamCost),
      byok: facts.byok,
      streamed: facts.streamed,
      cancelled: facts.cancelled,
      toolsOffered: span.hasTools ? true : null,
      finishReason: tokens === null ? 'error' : finishReasonOf(native, span, facts),
      nativeFinishReason: native,
      status: statusOf(facts.status),
      latencyMs: milliseconds(facts.latencyMs),
      durationMs: milliseconds(span.duration),
      source,
      ...labelsOf(span),
    },
    now,
  );
  if (!generation) return { reason: generalReason(problems[0] ?? 'a value is impossible') };
  return { generation };
}

function modelOf({ responseModel, requestModel }: Facts): { model: string; variant: string | null } | null {
  const answered = readModel(responseModel, 'model', []);
  const asked = readModel(requestModel, 'model', []);
  const model = answered ?? asked;
  // The variant is what was asked for; answers rarely repeat it.
  return model && { model: model.model, variant: model.variant ?? asked?.variant ?? null };
}

/** null: nobody counted. */
function tokensOf(
  facts: Facts,
): (Pick<Generation, 'promptTokens' | 'completionTokens'> & { totalTokens: number | null }) | null {
  const [promptTokens, completionTokens] = [count(facts.promptTokens), count(facts.completionTokens)];
  if (promptTokens !== null || completionTokens !== null)
    return { promptTokens, completionTokens, totalTokens: null };
  const totalTokens = count(facts.totalTokens);
  return totalTokens === null ? null : { promptTokens, completionTokens, totalTokens };
}

const isFailure = (facts: Facts): boolean =>
  facts.finishReason === 'error' || (facts.status !== null && facts.status >= 400);

function finishReasonOf(native: string | null, span: Span, facts: Facts): Generation['finishReason'] {
  const reason = normaliseFinishReason(native);
  return reason ?? (span.hasError || isFailure(facts) ? 'error' : null);
}

const MOST_MS = 1e12;

/** A part that is negative, broken or beyond all measure is not known. */
const count = (value: number | null): number | null =>
  value !== null && Number.isInteger(value) && value >= 0 && value <= 1e12 ? value : null;
const money = (value: number | null): number | null =>
  value !== null && value >= 0 && value <= 1e12 ? value : null;
const milliseconds = (value: number | null): number | null =>
  value !== null && value >= 0 && value <= MOST_MS ? Math.round(value * 10) / 10 : null;
const statusOf = (value: number | null): number | null =>
  value !== null && Number.isInteger(value) && value >= 100 && value <= 599 ? value : null;

const hashed = (name: string | null, hash: (name: string) => string): string | null =>
  name === null || name.length > LONGEST_STRING ? null : hash(name);

const LONGEST_NAME = 64;

/** The name of an app or a provider: one short line. */
const nameOf = (text: string | null): string | null =>
  text !== null && text.length <= LONGEST_NAME && !/[\n\r\t]/.test(text) ? text.trim() || null : null;

/** A word of a provider's vocabulary: without blanks, so that no text passes for one. */
const termOf = (text: string | null): string | null =>
  text !== null && /^[\w.:-]{1,64}$/.test(text) ? text : null;

/** Labels that another system made, kept with its name; without a name nobody could say what they are. */
function labelsOf(span: Span): Partial<Generation> | null {
  if (!LABEL_KEYS.some((key) => span.attributes.has(key))) return null;
  const classifier = textAt(span, 'stateai.classifier');
  const labels = listAt(span, 'stateai.labels').flatMap((entry) => labelOf(entry) ?? []);
  const rate = numberAt(span, 'stateai.sample_rate');
  const language = textAt(span, 'stateai.language');
  return {
    ...(language !== null && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language) ? { language } : {}),
    ...(labels.length > 0 && labels.length <= 32 && classifier !== null && IS_CLASSIFIER.test(classifier)
      ? {
          labels,
          classifier,
          sampleRate: rate !== null && rate > 0 && rate <= 1 ? rate : null,
        }
      : {}),
  };
}

/** `name@version`. */
const IS_CLASSIFIER = /^[\w.:/@-]{1,100}$/;

function labelOf(entry: unknown): Label | null {
  const { path, confidence } = (entry ?? {}) as Partial<Label>;
  if (typeof path !== 'string' || !/^\/?[\w &,'/-]{1,120}$/.test(path)) return null;
  if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1)) return null;
  return { path, confidence };
}
