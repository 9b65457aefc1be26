/** A request to copy into a shell. */
import type { GatewayOverview } from '../api.ts';
import { gatewayAddress } from '../models-api.ts';

/** One that can answer here: of a provider whose key is not missing; the sandbox needs none. */
export function firstModel(gateway: Pick<GatewayOverview, 'providers' | 'endpoints'> | undefined): string {
  const keyless = new Set(
    gateway?.providers.filter((p) => p.needsKey && p.keySource === null).map((p) => p.slug),
  );
  return gateway?.endpoints.find((e) => !keyless.has(e.provider))?.model ?? 'stateai/sandbox';
}

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
