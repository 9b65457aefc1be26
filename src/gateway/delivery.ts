/** An answer on its way from an endpoint to the client. */
import type { Tap } from './contract.ts';
import type { Attempt, Exchange } from './exchange.ts';
import type { Addressed } from './upstream/build-request.ts';

/** What delivering an answer needs to know. */
export interface Delivery {
  exchange: Exchange;
  to: Addressed;
  tap: Tap;
  attempt: Attempt;
}
