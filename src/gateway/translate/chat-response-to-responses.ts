/** A whole chat completion as a response. */
import { numberOf, objectOf, objectsOf, stringOf } from '../../json/read.ts';
import { termOf } from '../../json/short-words.ts';
import type { JsonObject } from '../contract.ts';
import { partsOfMessage } from './chat-parts.ts';
import { failureInChat, responsesErrorCode } from './errors.ts';
import { responsesStatus } from './finish-reasons.ts';
import { outputItems, responseShell, tierOf } from './response-items.ts';
import { now } from './stream-events.ts';
import { usageFromChat, usageToResponses } from './usage.ts';

/** @param request the client's request, whose settings the response repeats */
export function chatResponseToResponses(body: JsonObject, request?: JsonObject): JsonObject {
  const choice = objectsOf(body.choices)[0] ?? {};
  const id = stringOf(body.id) ?? '';
  const failure = failureInChat(body);
  const { status, reason } =
    failure === null ? responsesStatus(termOf(choice.finish_reason)) : { status: 'failed', reason: null };
  const complete = status === 'completed';
  return {
    ...responseShell(id, stringOf(body.model) ?? '', numberOf(body.created) ?? now(), request),
    status,
    completed_at: complete ? now() : null,
    error:
      failure === null ? null : { code: responsesErrorCode(failure.status), message: failure.clientMessage },
    incomplete_details: reason === null ? null : { reason },
    output: outputItems(partsOfMessage(objectOf(choice.message)), id, complete ? 'completed' : 'incomplete'),
    service_tier: tierOf(body.service_tier),
    usage: usageToResponses(usageFromChat(body.usage)),
  };
}
