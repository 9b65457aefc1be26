/** Errors as the server answers them: a status, a code, what is wrong and what to do. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { statusOf as statusOfAccounts } from '../accounts/errors.ts';
import { explain } from '../generation/errors.ts';

const STATUS: Readonly<Record<string, number>> = {
  no_dataset: 404,
  unknown_exhibit: 404,
  dataset_in_use: 409,
  overloaded: 503,
  disk_full: 507,
  busy: 503,
  too_many_files: 503,
  too_large: 413,
  bad_encoding: 415,
  bad_type: 415,
  too_many: 429,
};

/** The HTTP status of an error of ours; null for a code that stands for none. */
export const statusOf = (code: string): number | null => STATUS[code] ?? statusOfAccounts(code);

/** Busy or full: it passes. Whoever repeats honours this only within its own time limit, so it is short. */
export const RETRY_AFTER_S = 1;

export function sendError(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode = 500 } = error as { statusCode?: number };
  const known = explain(error, 'Request');
  const status = statusOf(known.code) ?? statusCode;
  if (status === 429 || status === 503) reply.header('Retry-After', RETRY_AFTER_S);
  reply.code(status).send({
    error: {
      code: known.code === 'failed' && status < 500 ? 'bad_request' : known.code,
      message: known.message,
      next: known.next,
    },
  });
}
