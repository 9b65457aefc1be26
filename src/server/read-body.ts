/** Bodies of records as they come: bounded while they arrive and while they are unpacked. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { StateaiError } from '../generation/errors.ts';
import { createBodyBuffers } from './body-buffers.ts';

/** Of a body, packed and unpacked. */
const MOST_BODY_BYTES = 64 << 20;
/** Time for a client to read that its body is too large before it is cut off, if it goes on sending. */
const LINGER_MS = 5000;

const tooLarge = (): StateaiError =>
  new StateaiError(
    'too_large',
    `The body is larger than ${MOST_BODY_BYTES >> 20} MiB, unpacked`,
    'Send fewer records at a time.',
  );

/** What all requests that are on their way may hold together. */
export interface Intake {
  /** @throws `too_many` */
  enter(): Visit;
}

/** One request that is on its way. */
export interface Visit {
  /**
   * Reads and unpacks the body, which is there until the request leaves.
   * @throws `too_large`, `bad_encoding`, `bad_body`, `overloaded`; `gone` the client went away
   */
  read(request: IncomingMessage, payload: Readable): Promise<Buffer>;
  /** It is answered: its place and its body are free. */
  leave(): void;
}

export function createIntake({ mostRequests = 64, mostBytes = 256 << 20 } = {}): Intake {
  let requests = 0;
  let bytes = 0;
  const unpack = promisify(gunzip);
  const buffers = createBodyBuffers();
  return {
    enter() {
      if (requests >= mostRequests)
        throw new StateaiError(
          'too_many',
          `${mostRequests} requests are being taken in at this moment`,
          'Send it again in a second.',
        );
      requests++;
      let isIn = true;
      let room: Buffer | null = null;
      return {
        read(request, payload) {
          room = buffers.take(Number(request.headers['content-length']));
          return read(request, payload, room);
        },
        leave() {
          if (!isIn) return;
          isIn = false;
          requests--;
          if (room) buffers.give(room);
        },
      };
    },
  };

  async function read(request: IncomingMessage, payload: Readable, room: Buffer | null): Promise<Buffer> {
    let held = 0;
    const hold = (more: number) => {
      held += more;
      bytes += more;
      if (bytes > mostBytes)
        throw new StateaiError(
          'overloaded',
          'More data arrives than can be taken in',
          'Send it again in a few seconds.',
        );
    };
    try {
      const encoding = codingOf(request);
      if (encoding === null) {
        discard(request, payload);
        throw new StateaiError(
          'bad_encoding',
          'The Content-Encoding is not known here',
          'Send the body plainly or as gzip.',
        );
      }
      const packed = await collect(request, payload, room, hold);
      if (encoding === 'identity' || packed.length === 0) return packed;
      const body = await unpacked(packed);
      hold(body.length);
      return body;
    } finally {
      bytes -= held;
    }
  }

  async function unpacked(packed: Buffer): Promise<Buffer> {
    try {
      return await unpack(packed, { maxOutputLength: MOST_BODY_BYTES });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
      throw new StateaiError('bad_body', 'The gzip body is damaged or cut off', 'Send it again.');
    }
  }
}

/** Names of codings know no case. null: another one, or several. */
function codingOf(request: IncomingMessage): 'gzip' | 'identity' | null {
  const coding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (coding === 'gzip' || coding === 'x-gzip') return 'gzip';
  return coding === 'identity' ? coding : null;
}

/** @param room for the whole body, if its length is known */
function collect(
  request: IncomingMessage,
  payload: Readable,
  room: Buffer | null,
  hold: (bytes: number) => void,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    const refuse = (error: unknown) => {
      payload.off('data', onData);
      chunks = [];
      discard(request, payload);
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BODY_BYTES) return refuse(tooLarge());
      try {
        hold(chunk.length);
        if (room) chunk.copy(room, size - chunk.length);
        else chunks.push(chunk);
      } catch (error) {
        refuse(error);
      }
    };
    if (Number(request.headers['content-length']) > MOST_BODY_BYTES) return refuse(tooLarge());
    payload.on('data', onData);
    payload.on('end', () => {
      const [first] = chunks;
      const whole = chunks.length === 1 && first ? first : Buffer.concat(chunks);
      resolve(room ? room.subarray(0, size) : whole);
      // The request may live as long as its connection.
      chunks = [];
    });
    const gone = () => {
      payload.off('data', onData);
      reject(new StateaiError('gone', 'The client went away', ''));
    };
    payload.on('error', gone);
    payload.on('close', gone);
    // Before anybody listened: it was found out first who sends.
    if (payload.destroyed) gone();
  });
}

/** What still comes is thrown away, so that the answer can be read. */
function discard(request: IncomingMessage, payload: Readable): void {
  payload.on('error', () => undefined);
  payload.resume();
  const cut = setTimeout(() => request.destroy(), LINGER_MS).unref();
  payload.on('close', () => clearTimeout(cut));
}
