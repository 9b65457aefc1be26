/** An open gateway serves the programs of this machine, not the web pages that its browser happens to show. */
import type { IncomingHttpHeaders } from 'node:http';
import { StateaiError } from '../../generation/errors.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** @throws `forbidden` where another name stands for this machine, or a page of another site sent the request */
export function requireLoopback({ host, origin }: IncomingHttpHeaders): void {
  const isForeign = typeof origin === 'string' && !isLoopbackOrigin(origin);
  if ((host !== undefined && !LOOPBACK.test(host)) || isForeign)
    throw new StateaiError(
      'forbidden',
      'Without a key the gateway answers this machine’s own programs only',
      'Make a key (stateai keys create), or call it at localhost.',
    );
}

export const isLoopbackOrigin = (origin: string): boolean =>
  URL.canParse(origin) && LOOPBACK.test(new URL(origin).host);
