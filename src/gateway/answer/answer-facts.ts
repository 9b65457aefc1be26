/** What an answer says of itself: id, model, provider. */
import { objectOf } from '../../json/read.ts';
import type { Exchange } from '../exchange.ts';
import { readMember } from '../request/scan-json.ts';
import type { Addressed } from '../upstream/build-request.ts';
import type { AnswerFacts } from './chat-answer.ts';

export function answerFacts(exchange: Exchange, { endpoint }: Addressed): AnswerFacts {
  const { request, variant, observed } = exchange;
  const reasoning = request?.members.find((m) => m.key === 'reasoning');
  return {
    id: exchange.id,
    model: variant ? `${endpoint.model}:${variant}` : endpoint.model,
    provider: observed.provider ?? endpoint.provider.name,
    hideReasoning:
      request && reasoning ? objectOf(readMember(request.body, reasoning)).exclude === true : false,
  };
}
