/** Pseudonyms and derived ids. Whatever names a person, a team or a conversation passes through here first. */
import { createHash } from 'node:crypto';

/**
 * A keyed hash: the first 64 bits of SHA-256 over a workspace's secret, the kind and the name, as 16 hex digits. Cutting
 * off three quarters of the digest rules out extending it, so the secret may simply stand in front; that can be
 * computed in SQL at the speed of a bulk import. `kind` keeps accounts and sessions apart.
 */
export function pseudonym(secret: string, kind: 'account' | 'session', name: string): string {
  return createHash('sha256').update(`${secret} ${kind} ${name}`).digest('hex').slice(0, 16);
}

/** Short content hash for versions (catalog, queries, data): the first 12 hex digits of SHA-256. */
export function contentHash(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 12);
}
