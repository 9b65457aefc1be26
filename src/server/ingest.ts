/** Records over HTTP: a JSON array or JSON lines of generations, acknowledged when they are on the disk. */
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { splitVariant } from '../catalog/slug.ts';
import { StateaiError } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import { type Validation, validateGeneration } from '../generation/validate.ts';
import { generalReason } from '../ingest/door-counts.ts';
import { isObject } from '../json/read.ts';
import type { Context } from './context.ts';
import { type LiveRecords, newestOf } from './live-records.ts';
import type { Intake } from './read-body.ts';
import { completeFor, type SenderOptions, senderOf } from './sender.ts';

export interface IngestOptions {
  context: Pick<Context, 'warehouse'>;
  records: LiveRecords;
  intake: Intake;
  senders: SenderOptions;
}

/** A record that cannot be used: where it stands (`line` from 1, in JSON lines), and everything that is wrong with it. */
interface Rejected {
  index: number;
  line?: number;
  reasons: string[];
}

/** More are counted, not listed. */
const MOST_LISTED = 1000;
/** A body of a few bytes a record would keep everybody else waiting for minutes. */
const MOST_RECORDS = 100_000;
const MOST_LINES = 10 * MOST_RECORDS;
/** Objects and lists in a body: a record has its labels, of which there are few. */
const MOST_BRACKETS = 40 * MOST_RECORDS;
const DOOR = 'http';
const TYPES = new Set([
  'application/json',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'text/plain',
]);

export const ingest =
  ({ context: { warehouse }, records, intake, senders }: IngestOptions) =>
  async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    const receive = async (request: FastifyRequest, reply: FastifyReply) => {
      const visit = intake.enter();
      try {
        const sender = await senderOf(request, senders);
        const type = typeOf(request);
        const payload = (request.body as Readable | null | undefined) ?? null;
        const body = payload === null ? Buffer.alloc(0) : await visit.read(request.raw, payload);
        const { dataset = 'live' } = request.query as { dataset?: string };
        const store = warehouse.dataset(dataset);
        const good: Generation[] = [];
        const rejected: Rejected[] = [];
        const reasons = new Map<string, number>();
        let index = 0;
        let refused = 0;
        for (const { value, line, problem } of valuesIn(body, type)) {
          if (index === MOST_RECORDS) throw tooMany();
          const { generation, problems }: Validation = problem
            ? { problems: [problem] }
            : validateGeneration(withDefaults(value, warehouse));
          if (generation) good.push(completeFor(sender, generation, warehouse.hashAccount));
          else {
            refused++;
            if (refused <= MOST_LISTED)
              rejected.push({ index, ...(line === null ? {} : { line }), reasons: problems });
            const reason = generalReason(problems[0] ?? '');
            reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
          }
          index++;
        }
        await records.append(store, good);
        records.note(store, DOOR, {
          accepted: good.length,
          rejects: [...reasons].map(([reason, count]) => ({ reason, count })),
          newest: newestOf(good),
        });
        reply.code(good.length === 0 && refused > 0 ? 400 : 200);
        return {
          accepted: good.length,
          rejected,
          ...(refused > MOST_LISTED ? { rejectedTotal: refused } : {}),
        };
      } finally {
        visit.leave();
      }
    };
    app.post('/generations', receive);
    app.post('/generations/', { schema: { hide: true } }, receive);
  };

function typeOf({ headers }: FastifyRequest): string {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? 'application/json';
  if (TYPES.has(type)) return type;
  throw new StateaiError(
    'bad_type',
    'The Content-Type is not known here',
    'Send application/json, or application/x-ndjson for one JSON object a line.',
  );
}

const tooMany = (): StateaiError =>
  new StateaiError(
    'too_large',
    `The body has more than ${MOST_RECORDS.toLocaleString('en-GB')} records, or as many parts`,
    'Send fewer records at a time.',
  );

interface Value {
  value: unknown;
  line: number | null;
  /** Why there is no value. */
  problem?: string;
}

/** The values in the body. @throws `bad_body`, `too_large` */
function* valuesIn(body: Buffer, type: string): Generator<Value> {
  const text = body.toString().replace(/^\uFEFF/, '');
  if (text.trim() === '')
    throw new StateaiError(
      'bad_body',
      'The body is empty',
      'Send a JSON array of generations, or one JSON object a line as application/x-ndjson.',
    );
  // All of it is parsed at once, so it is looked at before how much there is.
  if (hasMoreBrackets(body)) throw tooMany();
  const isLegible = isUtf8(body);
  const whole = type === 'application/json' || /^\s*\[/.test(text) ? parsed(text) : undefined;
  if (whole !== undefined && !isLegible)
    throw new StateaiError('bad_body', 'The body is not UTF-8', 'Encode it as UTF-8 and send it again.');
  if (Array.isArray(whole)) for (const value of whole) yield { value, line: null };
  else if (whole !== undefined) yield { value: whole, line: null };
  else if (type === 'application/json' && !/^\s*\{/.test(text))
    throw new StateaiError(
      'bad_body',
      'The body is not JSON',
      'Send a JSON array of generations, or one JSON object a line as application/x-ndjson.',
    );
  else yield* linesIn(text, isLegible);
}

function hasMoreBrackets(body: Buffer): boolean {
  let brackets = 0;
  // Of `[` and `{` all bits but one are the same.
  for (let i = 0; i < body.length; i++) if (((body[i] ?? 0) & 0xdf) === 0x5b) brackets++;
  return brackets > MOST_BRACKETS;
}

function* linesIn(text: string, isLegible: boolean): Generator<Value> {
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(at, end).trim();
    if (++line > MOST_LINES) throw tooMany();
    at = end + 1;
    if (content === '') continue;
    // What was no character is one now that stands for any: two names could become one.
    const problem = !isLegible && content.includes('\ufffd') ? 'the line is not UTF-8' : undefined;
    const value = parsed(content);
    if (problem || value === undefined) yield { value, line, problem: problem ?? 'the line is not JSON' };
    else yield { value, line };
  }
}

/** undefined: it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names of people and sessions become pseudonyms at the door. */
function withDefaults(record: unknown, warehouse: Context['warehouse']): unknown {
  if (!isObject(record)) return record;
  const { model, variant } = record;
  // `gpt-oss-120b:free`, as OpenRouter names a variant.
  const split = typeof model === 'string' && (variant ?? '') === '' ? splitVariant(model.trim()) : null;
  return {
    source: DOOR,
    ...record,
    ...(split?.variant ? { model: split.slug, variant: split.variant } : {}),
    ...(typeof record.account === 'string' && record.account !== ''
      ? { account: warehouse.hashAccount(record.account) }
      : {}),
    ...(typeof record.session === 'string' && record.session !== ''
      ? { session: warehouse.hashSession(record.session) }
      : {}),
  };
}
