/** An answer as OpenCode keeps it, in a file or in its database, and the records that it stands for. */
import { hash } from 'node:crypto';
import { normaliseFinishReason } from '../../generation/finish-reason.ts';
import { type Generation, unknownGeneration } from '../../generation/generation.ts';
import { dropImpossibleParts } from '../../generation/validate.ts';
import { asObject, type Fields } from '../../json/read.ts';
import { nameOf, termOf } from '../../json/short-words.ts';
import type { DoorContext } from '../door.ts';
import { readCount, readModel, readMoney, readTime } from '../values.ts';

export const FORMAT = 'opencode';

const BLANK = unknownGeneration({ id: '', createdAt: 0, model: '', source: FORMAT, app: FORMAT });

/**
 * The records of one message of an assistant: one, or one for each step where it took several, as the message itself
 * holds the last step's tokens only. None for an answer that has used nothing yet; with a problem if it cannot be used.
 *
 * @param steps what `step-finish` parts of the message hold, in order
 */
export function readAnswer(
  message: Fields,
  steps: readonly Fields[],
  context: DoorContext,
  problems: string[],
): Generation[] {
  const each = steps.length > 1 ? steps : [message];
  const uses = each.map((step, i) =>
    readUse(step, steps.length > 1 ? `step ${i + 1}: tokens` : 'tokens', message, problems),
  );
  if (problems.length > 0 || uses.every((use) => use === null)) return [];
  // Since OpenCode 2 the model is an object of its own.
  const reference = asObject(message.model);
  const createdAt = readTime(asObject(message.time)?.created, 'time.created', problems);
  const named = readModel(message.modelID ?? reference?.id, 'modelID', problems);
  const sessionId = nameOf(message.sessionID);
  const provider = termOf(message.providerID ?? reference?.providerID);
  const costs = each.map((step) => readMoney(step.cost, 'cost', problems));
  if (problems.length > 0 || createdAt === null || !named) return [];
  const cancelled = asObject(message.error)?.name === 'MessageAbortedError' ? true : null;
  return uses.flatMap((use, i) => {
    if (!use) return [];
    const native = termOf(each[i]?.reason ?? each[i]?.finish);
    const generation: Generation = {
      ...BLANK,
      id: idOf([createdAt, provider, named.model, i, ...Object.values(use)]),
      createdAt,
      session: sessionId && context.hashSession(sessionId),
      model: named.model,
      variant: named.variant,
      provider,
      ...use,
      // Computed from list prices; 0 stands for a subscription or a model without a price.
      cost: costs[i] || null,
      cancelled: i === uses.length - 1 ? cancelled : null,
      finishReason: normaliseFinishReason(native),
      nativeFinishReason: native,
    };
    dropImpossibleParts(generation);
    return [generation];
  });
}

type Use = Pick<
  Generation,
  | 'promptTokens'
  | 'completionTokens'
  | 'totalTokens'
  | 'reasoningTokens'
  | 'cachedTokens'
  | 'cacheWriteTokens'
>;

/** null where nothing was used. `input` leaves out cache reads and writes. */
function readUse(step: Fields, path: string, message: Fields, problems: string[]): Use | null {
  const tokens = asObject(step.tokens);
  if (!tokens) return null;
  const cache = asObject(tokens.cache) ?? {};
  const input = readCount(tokens, 'input', path, problems);
  const output = readCount(tokens, 'output', path, problems);
  const reasoning = readCount(tokens, 'reasoning', path, problems);
  const total = readCount(tokens, 'total', path, problems);
  const read = readCount(cache, 'read', `${path}.cache`, problems);
  const written = readCount(cache, 'write', `${path}.cache`, problems);
  if (problems.length > 0) return null;
  if (input === null || output === null) {
    problems.push(`${path}.${input === null ? 'input' : 'output'} is missing`);
    return null;
  }
  const promptTokens = input + (read ?? 0) + (written ?? 0);
  const apart = isReasoningApart(message, output, reasoning ?? 0, total && total - promptTokens);
  const completionTokens = output + (apart ? (reasoning ?? 0) : 0);
  const totalTokens = promptTokens + completionTokens;
  if (totalTokens === 0) return null;
  return {
    promptTokens,
    completionTokens,
    totalTokens,
    reasoningTokens: reasoning,
    cachedTokens: read,
    cacheWriteTokens: written,
  };
}

/**
 * Whether `output` leaves reasoning out. Newer versions always do; older ones wrote what the provider's interface said,
 * where Google's leaves it out and others count it in. The total tells where there is one.
 */
function isReasoningApart(
  message: Fields,
  output: number,
  reasoning: number,
  completion: number | null,
): boolean {
  if (reasoning > output || asObject(message.model)) return true;
  if (completion !== null) return completion !== output;
  return typeof message.providerID === 'string' && message.providerID.startsWith('google');
}

/**
 * A fork copies messages under new ids, and an update moves them from one table to another; what stays is when the answer
 * began, its model and its counts.
 */
const idOf = (facts: readonly (string | number | null)[]): string =>
  `${FORMAT}-${hash('sha256', facts.join('\0')).slice(0, 24)}`;
