/**
 * A load generator in a process of its own: some connections, each sends a request as soon as it has its answer. Raw
 * sockets and requests made beforehand, so that it costs less than what it measures.
 *
 *   node load.ts <url> <connections> <seconds> <body file> <headers as JSON> [<requests before the clock starts>]
 *
 * prints `warm` when the clock starts, and then a LoadResult as JSON. Engines compile what they run often, in several
 * rounds, on the core that answers: it takes thousands of requests until they are done.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { quantile } from '../measure.ts';

export interface LoadResult {
  requests: number;
  /** Answers with another status than 200. */
  errors: number;
  seconds: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

const [url = '', connections = '16', duration = '5', bodyFile = '', headers = '{}', warmUp = '10000'] =
  process.argv.slice(2);
const { hostname, port, pathname, host } = new URL(url);
const body = readFileSync(bodyFile);
const lines = Object.entries(JSON.parse(headers) as Record<string, string>).map(([k, v]) => `${k}: ${v}\r\n`);
const request = Buffer.concat([
  Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`,
  ),
  body,
]);

const latencies: number[] = [];
let [requests, errors, started, warm] = [0, 0, 0, 0];

/** Bytes of a whole answer at the beginning of `text`, or 0 if more must come. */
function answerLength(text: Buffer): number {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const lines = text.toString('latin1', 0, head).toLowerCase();
  const length = /content-length: (\d+)/.exec(lines)?.[1];
  if (length !== undefined) return text.length >= head + 4 + Number(length) ? head + 4 + Number(length) : 0;
  const end = text.indexOf('0\r\n\r\n', head + 4);
  return end < 0 ? 0 : end + 5;
}

function open(): void {
  const socket = connect(Number(port), hostname);
  let pending: Buffer = Buffer.alloc(0);
  let sent = 0;
  const send = () => {
    sent = performance.now();
    socket.write(request);
  };
  socket.setNoDelay(true);
  socket.on('connect', send);
  socket.on('error', () => process.exit(1));
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const length = answerLength(pending);
    if (length === 0) return;
    const isGood = pending.toString('latin1', 9, 12) === '200';
    pending = pending.subarray(length);
    const now = performance.now();
    if (started > 0) {
      requests++;
      if (!isGood) errors++;
      latencies.push(now - sent);
      if (now - started > Number(duration) * 1000) finish(now);
    } else if (++warm >= Number(warmUp)) {
      started = now;
      process.stdout.write('warm\n');
    }
    send();
  });
}

function finish(now: number): void {
  const result: LoadResult = {
    requests,
    errors,
    seconds: (now - started) / 1000,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit(0);
}

for (let i = 0; i < Number(connections); i++) open();
