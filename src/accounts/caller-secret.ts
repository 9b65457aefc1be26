/** The key that a client sends, in either of the ways that SDKs have. */
import type { IncomingHttpHeaders } from 'node:http';

export function secretOf(headers: IncomingHttpHeaders): string | null {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() === 'bearer' && value !== '') return value;
  const key = headers['x-api-key'] ?? headers['api-key'];
  return typeof key === 'string' && key !== '' ? key : null;
}
