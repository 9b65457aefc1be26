/** Bodies of records as they come: room that was taken is given back, whatever the client does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIntake } from './read-body.ts';

test('a client that goes away while it is found out who it is takes nobody’s place', async () => {
  const intake = createIntake({ mostRequests: 1 });
  const { promise: outcome, resolve } = Promise.withResolvers<unknown>();
  const server = createServer(async (request) => {
    const visit = intake.enter();
    // As long as the accounts are asked.
    await new Promise((gone) => request.on('close', gone));
    const read = await visit.read(request, request).catch((error) => error);
    visit.leave();
    resolve(read);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(server, 'request');
    client.destroy();
    expect(await outcome).toMatchObject({ code: 'gone' });
    expect(() => intake.enter()).not.toThrow();
  } finally {
    server.close();
  }
});

test('each request has its own bytes, whatever their size, and whether or not it is announced', async () => {
  const intake = createIntake();
  const server = createServer(async (request, response) => {
    const visit = intake.enter();
    const body = await visit.read(request, request);
    // Others are read meanwhile.
    await new Promise((done) => setTimeout(done, 5));
    response.end(Buffer.from(body));
    response.on('close', visit.leave);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sizes = fc.oneof(fc.nat(300), fc.integer({ min: 60_000, max: 300_000 }));
  const bodies = fc.array(fc.tuple(sizes, fc.integer({ min: 1, max: 255 }), fc.boolean()), { maxLength: 6 });
  try {
    await fc.assert(
      fc.asyncProperty(bodies, async (sent) => {
        await Promise.all(
          sent.map(async ([size, byte, isAnnounced]) => {
            const bytes = Buffer.alloc(size, byte);
            const body = isAnnounced ? bytes : Readable.toWeb(Readable.from([bytes]));
            const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
            const back = Buffer.from(await (await fetch(url, init)).arrayBuffer());
            expect(back.equals(bytes)).toBe(true);
          }),
        );
      }),
      { numRuns: 30 },
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
