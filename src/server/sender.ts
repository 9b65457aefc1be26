/**
 * Who may send records: an ingest key, the admin, and on a server that only this machine can reach, this machine's own
 * programs. A key comes as bearer token, as x-api-key, or as the password of Basic, which is all that some senders can.
 */
import type { FastifyRequest } from 'fastify';
import type { OpenAccounts } from '../accounts/accounts.ts';
import { secretOf } from '../accounts/caller-secret.ts';
import type { Caller } from '../accounts/contract.ts';
import { looksLikeSecret } from '../accounts/secrets.ts';
import { requireLoopback } from '../gateway/request/loopback.ts';
import { StateaiError } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import { type AdminSession, givenSecret } from './admin-session.ts';

export interface SenderOptions {
  accounts: OpenAccounts;
  isAdmin: AdminSession['isAdmin'];
  /** Only this machine can reach the server. */
  isOpen: boolean;
}

/** The key that it sends, with its account; null: the admin, or a program of this machine. */
export type Sender = Caller | null;

/** @throws `unauthorized`, `forbidden`, `accounts_unavailable` */
export async function senderOf(
  request: FastifyRequest,
  { accounts, isAdmin, isOpen }: SenderOptions,
): Promise<Sender> {
  const secret = secretOf(request.headers) ?? givenSecret(request);
  if (secret !== null && looksLikeSecret(secret)) {
    const caller = await accounts.authenticate(secret, 'ingest');
    // Without a key it is everybody, who is let in below or not.
    if (caller.key !== null) return caller;
  }
  if (isAdmin(request)) return null;
  if (isOpen) {
    requireLoopback(request.headers);
    return null;
  }
  if (secret?.startsWith('sk-sa-'))
    throw new StateaiError(
      'unauthorized',
      'What was sent is no whole key: one is sk-sa-v1- and 64 digits from 0 to f',
      'Copy it again, or make another: stateai keys create <name> --ingest.',
    );
  throw new StateaiError(
    'unauthorized',
    'Sending records needs an ingest key',
    'Make one (stateai keys create <name> --ingest) and send it as "Authorization: Bearer sk-sa-v1-…".',
  );
}

/** What the sender's key adds to a record that does not say it. */
export function completeFor(
  sender: Sender,
  record: Generation,
  hashAccount: (name: string) => string,
): Generation {
  if (sender === null) return record;
  record.account ??= hashAccount(sender.account.id);
  record.app ??= sender.key?.app ?? null;
  record.country ??= sender.account.country;
  return record;
}
