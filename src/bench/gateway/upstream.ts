/**
 * An upstream in a process of its own that answers at once: whole, or as a stream whose first token comes at once and the
 * others together a moment later. Raw sockets, so that it costs less than the gateways before it.
 *
 *   node upstream.ts   → prints its port
 */
import { type AddressInfo, createServer } from 'node:net';

const text = 'A short answer of a few words, as a model would give it. '.repeat(6);
const usage = { prompt_tokens: 250, completion_tokens: 80, total_tokens: 330 };
const head = { id: 'up', created: 1, model: 'm' };
const whole = JSON.stringify({
  ...head,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage,
});
const chunk = (delta: object, finish: string | null) =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const stream = [
  chunk({ role: 'assistant', content: 'A ' }, null),
  ...text.split(' ').map((w) => chunk({ content: `${w} ` }, null)),
  chunk({}, 'stop'),
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })}\n\n`,
  'data: [DONE]\n\n',
].join('');
const answer = (type: string, body: string) =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
const answers = { whole: answer('application/json', whole), stream: answer('text/event-stream', stream) };
const firstToken = answers.stream.length - Buffer.byteLength(stream) + stream.indexOf('\n\n') + 2;
const MOMENT_MS = 2;

const server = createServer((socket) => {
  let pending: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    pending = pending.length === 0 ? data : Buffer.concat([pending, data]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const lines = pending.toString('latin1', 0, end).toLowerCase();
      const length = Number(/content-length: (\d+)/.exec(lines)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      const body = pending.subarray(end + 4, end + 4 + length);
      const isStream = body.includes('"stream":true');
      pending = pending.subarray(end + 4 + length);
      if (!isStream) socket.write(answers.whole);
      else {
        socket.write(answers.stream.subarray(0, firstToken));
        setTimeout(() => socket.write(answers.stream.subarray(firstToken)), MOMENT_MS);
      }
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
