/** A whole answer, in the client's dialect. */
import { estimateInChat, outcomeOf } from '../accounting/record.ts';
import type { JsonObject } from '../contract.ts';
import type { Delivery } from '../delivery.ts';
import { repeatedBody } from '../upstream/build-request.ts';
import { answerFacts } from './answer-facts.ts';
import { chatAnswer } from './chat-answer.ts';

/** Bytes of an upstream that speaks the client's dialect stay as they are, except where the contract adds to them. */
export function answerWhole(
  { exchange, to }: Delivery,
  body: JsonObject,
  bytes: Buffer | null,
): Buffer | string {
  const { translation } = to.route;
  const usage = translation && to.route.dialect === 'chat' ? estimateInChat(exchange) : null;
  const counted = usage ? { ...body, usage } : body;
  const translated =
    translation && exchange.request ? translation.response(counted, repeatedBody(exchange.request)) : body;
  exchange.outcome = outcomeOf(exchange);
  if (exchange.dialect === 'chat' || exchange.dialect === 'completions')
    return JSON.stringify(chatAnswer(translated, answerFacts(exchange, to), exchange.outcome));
  return translation || !bytes ? JSON.stringify(translated) : bytes;
}
