/** A request to copy into a shell. */
import { gatewayAddress } from '../models-api.ts';

export function exampleRequest(model: string, key: string | null): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `curl ${gatewayAddress('chat/completions')} \\`,
    ...(key === null ? [] : [`  -H "Authorization: Bearer ${key}" \\`]),
    '  -H "Content-Type: application/json" \\',
    `  -d '${body}'`,
  ].join('\n');
}

/** What a key that only manages keys is for. */
export const exampleManagement = (key: string): string =>
  `curl ${gatewayAddress('keys')} \\\n  -H "Authorization: Bearer ${key}"`;

/** What a key that only sends records is for: a delivery of traces without any. */
export const exampleIngest = (key: string): string =>
  [
    `curl ${gatewayAddress('../../v1/traces')} \\`,
    `  -H "Authorization: Bearer ${key}" \\`,
    '  -H "Content-Type: application/json" \\',
    "  -d '{}'",
  ].join('\n');
