/** The key that a client sends, in either of the ways that SDKs have. */
import type { IncomingHttpHeaders } from 'node:http';

export function secretOf(headers: IncomingHttpHeaders): string | null {
  const [, bearer] = /^bearer +(\S+)/i.exec(headers.authorization ?? '') ?? [];
  if (bearer !== undefined) return bearer;
  const key = headers['x-api-key'] ?? headers['api-key'];
  return typeof key === 'string' && key !== '' ? key : null;
}
