/** What an answer says of itself: id, model, provider. */
import { objectOf } from '../../json/read.ts';
import type { Exchange } from '../exchange.ts';
import type { GatewayRequest } from '../request/read-request.ts';
import { readMember } from '../request/scan-json.ts';
import type { Addressed } from '../upstream/build-request.ts';
import type { AnswerFacts } from './chat-answer.ts';

const member = (request: GatewayRequest | null, key: string): unknown => {
  const found = request?.members.find((m) => m.key === key);
  return request && found ? readMember(request.body, found) : undefined;
};

export function answerFacts(exchange: Exchange, { endpoint }: Addressed): AnswerFacts {
  const { request, variant, observed } = exchange;
  return {
    id: exchange.id,
    model: variant ? `${endpoint.model}:${variant}` : endpoint.model,
    provider: observed.provider ?? endpoint.provider.name,
    hideReasoning:
      objectOf(member(request, 'reasoning')).exclude === true ||
      member(request, 'include_reasoning') === false,
  };
}
