/** The doors for records that come over HTTP while they are made: in the first process, or in each gateway worker. */
import type { FastifyInstance } from 'fastify';
import type { Sampler } from '../classify/sampler.ts';
import type { Context } from './context.ts';
import { ingest } from './ingest.ts';
import type { LiveRecords } from './live-records.ts';
import { otlp } from './otlp.ts';
import { createIntake } from './read-body.ts';
import type { SenderOptions } from './sender.ts';

export interface LiveDoorsOptions {
  context: Pick<Context, 'warehouse'>;
  records: LiveRecords;
  senders: SenderOptions;
  sampler: Pick<Sampler, 'annotateText'>;
}

/** To be registered at the root. */
export const liveDoors = (options: LiveDoorsOptions) => async (server: FastifyInstance) => {
  const live = { ...options, intake: createIntake() };
  await server.register(ingest(live), { prefix: '/stats/v1' });
  await server.register(otlp(live));
};
