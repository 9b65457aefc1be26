/** Bodies of records as they come: room that was taken is given back, whatever the client does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { createIntake } from './read-body.ts';

test('a client that goes away while it is found out who it is takes nobody’s place', async () => {
  const intake = createIntake({ mostRequests: 1 });
  const { promise: outcome, resolve } = Promise.withResolvers<unknown>();
  const server = createServer(async (request) => {
    const leave = intake.enter();
    // As long as the accounts are asked.
    await new Promise((gone) => request.on('close', gone));
    const read = await intake.read(request, request).catch((error) => error);
    leave();
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
