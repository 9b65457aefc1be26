/**
 * OTLP/HTTP: traces of other systems come in as records. A request is acknowledged when its records are on the disk;
 * what is busy or full says so with 429 or 503 and `Retry-After`, upon which senders repeat.
 */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sampler } from '../classify/sampler.ts';
import { explain, StateaiError } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import { CONTENT_TYPE, encodeAnswer, encodeStatus } from '../ingest/otlp/answers.ts';
import {
  type Encoding,
  type ReadGeneration,
  type ReadTraces,
  readTraces,
  type TraceDoor,
} from '../ingest/otlp/read-traces.ts';
import type { Context } from './context.ts';
import { RETRY_AFTER_S, statusOf } from './errors.ts';
import { type LiveRecords, newestOf } from './live-records.ts';
import type { Intake } from './read-body.ts';
import { completeFor, type Sender, type SenderOptions, senderOf } from './sender.ts';

export interface OtlpOptions {
  context: Pick<Context, 'warehouse'>;
  records: LiveRecords;
  intake: Intake;
  senders: SenderOptions;
  sampler: Pick<Sampler, 'annotateText'>;
}

/** The second is where Langfuse's SDKs send, whatever their base URL. */
const PATHS = ['/v1/traces', '/api/public/otel/v1/traces'];

/** Senders give up after ten seconds: labels that take longer come too late, and the records go without. */
const MOST_LABEL_MS = 5000;

export const otlp = (options: OtlpOptions) => async (app: FastifyInstance) => {
  const { context, records, intake, senders } = options;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.setErrorHandler((error, request, reply) => {
    const known = explain(error, 'Taking in traces');
    const status = statusFor(known);
    if (status === 429 || status === 503) reply.header('Retry-After', RETRY_AFTER_S);
    const encoding = encodingOf(request) ?? 'json';
    const message = [known.message, known.next].filter(Boolean).join('. ');
    return reply
      .code(status)
      .type(CONTENT_TYPE[encoding])
      .send(encodeStatus(encoding, status, message));
  });

  const receive = async (request: FastifyRequest, reply: FastifyReply) => {
    const visit = intake.enter();
    try {
      const sender = await senderOf(request, senders);
      const encoding = encodingOf(request);
      const payload = (request.body as Readable | null | undefined) ?? null;
      const body = payload === null ? Buffer.alloc(0) : await visit.read(request.raw, payload);
      // OpenRouter tries a destination with an empty delivery.
      const isTest = request.headers['x-test-connection'] === 'true';
      if (body.length === 0 || isTest) return answer(reply, encoding ?? 'json');
      if (encoding === null)
        throw new StateaiError(
          'bad_type',
          'The Content-Type is not known here',
          'Send application/x-protobuf or application/json.',
        );
      const { dataset = 'live' } = request.query as { dataset?: string };
      const store = context.warehouse.dataset(dataset);
      const read = readTraces(body, encoding, context.warehouse);
      const written = await annotated(read.generations, sender, options);
      await records.append(store, written);
      for (const [door, note] of notesOf(read)) records.note(store, door, note);
      return answer(reply, encoding, read);
    } finally {
      visit.leave();
    }
  };
  for (const url of PATHS.flatMap((path) => [path, `${path}/`]))
    app.route({ method: ['POST', 'PUT'], url, schema: { hide: true }, handler: receive });
};

function encodingOf({ headers }: FastifyRequest): Encoding | null {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : null;
}

/** What is wrong with the disk or the accounts is no fault of the sender's: it may repeat, which it does after a 503. */
function statusFor({ code, cause }: StateaiError): number {
  const known = code === 'disk_full' ? 503 : statusOf(code);
  if (known !== null) return known;
  // A fault of ours would be there the next time as well.
  if (cause instanceof TypeError || cause instanceof RangeError) return 500;
  const given = (cause as { statusCode?: number } | undefined)?.statusCode;
  return given !== undefined && given < 500 ? given : 503;
}

/** Resolves when those that were chosen for the sample have their labels, or have waited long enough. */
async function annotated(
  read: readonly ReadGeneration[],
  sender: Sender,
  { context, sampler }: OtlpOptions,
): Promise<Generation[]> {
  const maySample = sender === null || sender.account.sampling;
  const waiting: Promise<void>[] = [];
  const records = read.map(({ generation, userText }) => {
    completeFor(sender, generation, context.warehouse.hashAccount);
    if (userText !== null && generation.labels === null)
      waiting.push(
        new Promise((resolve) => sampler.annotateText(generation, userText, maySample, () => resolve())),
      );
    return generation;
  });
  if (waiting.length > 0)
    await Promise.race([Promise.all(waiting), sleep(MOST_LABEL_MS, undefined, { ref: false })]);
  return records;
}

function notesOf({ generations, ignored, rejects }: ReadTraces) {
  const doors: TraceDoor[] = ['otlp', 'openrouter-broadcast'];
  return doors.flatMap((door) => {
    const mine = generations.filter((g) => g.door === door).map((g) => g.generation);
    const note = {
      accepted: mine.length,
      ignored: ignored[door],
      rejects: rejects.filter((r) => r.door === door),
      newest: newestOf(mine),
    };
    return note.accepted + note.ignored + note.rejects.length > 0 ? [[door, note] as const] : [];
  });
}

function answer(reply: FastifyReply, encoding: Encoding, read?: ReadTraces): FastifyReply {
  const rejects = read?.rejects ?? [];
  const count = rejects.reduce((sum, reject) => sum + reject.count, 0);
  const reasons = rejects.slice(0, 10).map((reject) => `${reject.reason} (${reject.count})`);
  const message = `These generations cannot be used: ${reasons.join('; ')}`;
  return reply.type(CONTENT_TYPE[encoding]).send(encodeAnswer(encoding, count, message));
}
