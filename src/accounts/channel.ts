/** Questions and answers between two processes (or threads) over messages. */
import { explain, isStateaiError } from '../generation/errors.ts';
import { AccountsError, unavailable } from './errors.ts';

/** Carries values that JSON can hold, in order. */
export interface Channel {
  send(message: unknown): void;
  /** @returns stops listening */
  listen(onMessage: (message: unknown) => void, onClose: () => void): () => void;
}

/** What `process`, a worker of node:cluster and a child process have in common. */
interface Peer {
  send?(message: object, callback?: (error: Error | null) => void): boolean;
  on(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
  off(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
}

/** IPC: in a worker the peer is `process`, in the primary it is the worker. */
export function processChannel(peer: Peer): Channel {
  return {
    send(message) {
      // A peer that is gone is noticed by its disconnect.
      peer.send?.(message as object, () => undefined);
    },
    listen(onMessage, onClose) {
      peer.on('message', onMessage);
      peer.on('disconnect', onClose);
      return () => {
        peer.off('message', onMessage);
        peer.off('disconnect', onClose);
      };
    },
  };
}

type Message =
  | { accounts: 'call'; id: number; method: string; args: unknown[] }
  | { accounts: 'answer'; id: number; value?: unknown; error?: Failure }
  | { accounts: 'tell'; value: unknown };
interface Failure {
  code: string;
  message: string;
  next: string;
  retryAfter: number | null;
}

/** Other things may go over the same channel. */
const isOurs = (message: unknown): message is Message =>
  typeof message === 'object' && message !== null && 'accounts' in message;

/** Nobody waits longer for an answer, milliseconds. */
const PATIENCE_MS = 15_000;

export interface Asker {
  /** @throws what the other side threw; `accounts_unavailable` when it is gone or does not answer */
  ask(method: string, args: unknown[]): Promise<unknown>;
  stop(): void;
}

/** @param onTold is given what the other side tells without being asked */
export function asker(channel: Channel, onTold: (value: unknown) => void): Asker {
  const open = new Map<number, PromiseWithResolvers<unknown> & { timer: NodeJS.Timeout }>();
  let number = 0;
  let gone = false;
  const finish = (id: number, settle: (question: PromiseWithResolvers<unknown>) => void) => {
    const question = open.get(id);
    if (!question) return;
    open.delete(id);
    clearTimeout(question.timer);
    settle(question);
  };
  const stop = channel.listen(
    (message) => {
      if (!isOurs(message)) return;
      if (message.accounts === 'tell') onTold(message.value);
      if (message.accounts === 'answer')
        finish(message.id, ({ resolve, reject }) =>
          message.error ? reject(errorOf(message.error)) : resolve(message.value),
        );
    },
    () => {
      gone = true;
      for (const id of [...open.keys()])
        finish(id, ({ reject }) => reject(unavailable('the primary process is gone')));
    },
  );
  return {
    ask(method, args) {
      if (gone) return Promise.reject(unavailable('the primary process is gone'));
      number += 1;
      const id = number;
      const timer = setTimeout(
        () => finish(id, ({ reject }) => reject(unavailable('no answer in time'))),
        PATIENCE_MS,
      );
      timer.unref();
      const question = { ...Promise.withResolvers<unknown>(), timer };
      open.set(id, question);
      channel.send({ accounts: 'call', id, method, args });
      return question.promise;
    },
    stop,
  };
}

export interface Answerer {
  tell(value: unknown): void;
  stop(): void;
}

/** @param methods what may be asked for. Arguments that were left out arrive as undefined. */
export function answerer(
  channel: Channel,
  methods: ReadonlyMap<string, (...args: never[]) => Promise<unknown>>,
  onClose: () => void,
): Answerer {
  const answer = async ({ id, method, args }: Message & { accounts: 'call' }) => {
    try {
      const run = methods.get(method);
      if (!run) throw new AccountsError('failed', `There is no ${method}`);
      const value = await run(...(args.map((arg) => arg ?? undefined) as never[]));
      channel.send({ accounts: 'answer', id, value });
    } catch (error) {
      channel.send({ accounts: 'answer', id, error: failureOf(error) });
    }
  };
  const stop = channel.listen((message) => {
    if (isOurs(message) && message.accounts === 'call') void answer(message);
  }, onClose);
  return { tell: (value) => channel.send({ accounts: 'tell', value }), stop };
}

function failureOf(error: unknown): Failure {
  const { code, message, next } = isStateaiError(error) ? error : explain(error, 'Accounts');
  const { retryAfter = null } = error as { retryAfter?: number | null };
  return { code, message, next, retryAfter };
}

const errorOf = ({ code, message, next, retryAfter }: Failure): AccountsError =>
  new AccountsError(code, message, next, retryAfter);
