/** What no upstream but one of the chat dialect can answer. */
import { numberOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { badRequest, refuseFields } from './refusals.ts';

const FIELDS = [
  'audio',
  'functions',
  'function_call',
  'logit_bias',
  'logprobs',
  'moderation',
  'plugins',
  'web_search_options',
] as const;

/** @throws `bad_request` naming a field of a chat request that would change the answer and can be said nowhere else */
export function refuseUnanswerable(body: JsonObject): void {
  refuseFields(body, FIELDS, 'for this model');
  if ((numberOf(body.n) ?? 1) > 1) throw badRequest('n', 'must be 1 for this model');
}
