/** Connections on their way to workers that hang, die, stop, or can open no more files. */
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Dealer, dealConnections, type Receiver } from './deal-connections.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As much of a connection as the first process sees. */
const connection = () => {
  const socket = {
    destroyed: false,
    destroy() {
      socket.destroyed = true;
    },
  };
  return socket as unknown as Socket;
};

/** A worker process and its channel: what is said either way comes in order. */
function fakeWorker(id: number, dealer: Dealer) {
  const inbox: { message: { connection?: number; arrived?: number }; handle: Socket | undefined }[] = [];
  let outbox: (() => void)[] = [];
  let last = 0;
  const worker = {
    mood: 'well' as 'well' | 'hangs' | 'loses' | 'dead',
    taken: [] as Socket[],
    onTheWay: () => inbox.filter(({ handle }) => handle).length,
    work() {
      if (worker.mood === 'well' || worker.mood === 'loses')
        for (const { message, handle } of inbox.splice(0)) {
          if (message.arrived !== undefined && message.arrived > last) {
            const { arrived } = message;
            outbox.push(() => dealer.missed(arrived));
          }
          if (message.connection === undefined || !handle || worker.mood === 'loses') continue;
          last = message.connection;
          const number = message.connection;
          worker.taken.push(handle);
          outbox.push(() => dealer.took(number));
        }
    },
    /** What it said comes to the first process. */
    say() {
      const said = outbox;
      outbox = [];
      for (const each of said) each();
    },
    receiver: {
      id,
      send(message, handle) {
        inbox.push({ message, handle });
        return true;
      },
    } as Receiver,
  };
  return worker;
}

test('whatever becomes of workers, each connection comes to one of them, once, and few wait for one that hangs', () => {
  const step = fc.record({
    connections: fc.nat(5),
    worker: fc.nat(3),
    what: fc.constantFrom('well', 'hangs', 'loses', 'dead', 'stops', 'nothing', 'nothing'),
    saysLate: fc.boolean(),
    afterMs: fc.oneof(fc.nat(40), fc.nat(1500)),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const dealer = dealConnections();
      const sockets: Socket[] = [];
      const all: ReturnType<typeof fakeWorker>[] = [];
      const start = () => {
        const worker = fakeWorker(all.length, dealer);
        all.push(worker);
        dealer.join(worker.receiver);
        return worker;
      };
      const places = [start(), start(), start(), start()];
      const run = (saysLate: boolean) => {
        for (const worker of all) {
          worker.work();
          if (!saysLate) worker.say();
        }
      };
      for (const { connections, worker: at, what, saysLate, afterMs } of steps) {
        for (let i = 0; i < connections; i++) {
          const socket = connection();
          sockets.push(socket);
          dealer.give(socket);
        }
        run(saysLate);
        const worker = places[at] as ReturnType<typeof fakeWorker>;
        if (what === 'dead') {
          worker.mood = 'dead';
          dealer.leave(worker.receiver);
          // Its last words are heard a little later.
          setTimeout(worker.say, 20);
          places[at] = start();
        } else if (what === 'stops') {
          dealer.retire(worker.receiver);
          places[at] = start();
        } else if (what !== 'nothing') worker.mood = what;
        vi.advanceTimersByTime(afterMs);
        run(saysLate);
        for (const each of all) if (each.mood !== 'dead') expect(each.onTheWay()).toBeLessThanOrEqual(2);
      }
      for (const worker of all) if (worker.mood !== 'dead') worker.mood = 'well';
      for (let i = 0; i < 30; i++) {
        run(false);
        vi.advanceTimersByTime(100);
      }
      for (let i = 0; i < sockets.length; i++) run(false);
      const taken = all.flatMap((worker) => worker.taken);
      expect(taken).toHaveLength(sockets.length);
      expect(new Set(taken)).toEqual(new Set(sockets));
      // The first process keeps none of them open.
      expect(sockets.every((socket) => socket.destroyed)).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
      dealer.close();
    }),
    { numRuns: 500 },
  );
});

test('who comes when no worker is there waits for one; who comes after the end is turned away', () => {
  const dealer = dealConnections();
  const early = connection();
  dealer.give(early);
  const worker = fakeWorker(1, dealer);
  dealer.join(worker.receiver);
  worker.work();
  expect(worker.taken).toEqual([early]);
  dealer.leave(worker.receiver);
  const waits = connection();
  dealer.give(waits);
  dealer.close();
  const late = connection();
  dealer.give(late);
  expect([waits.destroyed, late.destroyed]).toEqual([true, true]);
});
