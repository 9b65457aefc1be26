/** `stateai start`: serves until it is told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StateaiError } from '../generation/errors.ts';
import { lastWords } from '../server/crash.ts';
import { buildServer } from '../server/server.ts';

/** Enough for every exhibit to be read, few enough to be made while one reads the first lines. */
const DEMO_GENERATIONS = 1e6;

export async function start(options: {
  data: string;
  port: string;
  host: string;
  demo: boolean;
}): Promise<void> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StateaiError(
      'bad_port',
      `"${options.port}" is no port`,
      'Use a number from 0 (any free port) to 65535.',
    );
  if (!isLoopback(options.host) && !process.env.STATEAI_ADMIN_SECRET)
    throw new StateaiError(
      'no_admin_secret',
      `Listening on ${options.host} lets others in`,
      'Set STATEAI_ADMIN_SECRET (they log in with it), or listen on 127.0.0.1.',
    );
  survive();
  const server = await buildServer({
    dataDir: options.data,
    adminSecret: isLoopback(options.host) ? null : (process.env.STATEAI_ADMIN_SECRET ?? null),
    demoGenerations: options.demo ? DEMO_GENERATIONS : null,
  });
  try {
    await server.listen({ port, host: options.host });
    process.on('uncaughtException', (error) => {
      process.stderr.write(lastWords(error));
      // Records of what was answered get their few milliseconds.
      void Promise.race([server.close(), sleep(LAST_MS)]).finally(() => process.exit(1));
    });
  } catch (error) {
    await server.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new StateaiError(
        'port_in_use',
        `Port ${port} is taken`,
        'Stop the other program, or choose another with --port.',
        error,
      );
    throw error;
  }
  const address = server.server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  const host = options.host.includes(':')
    ? `[${options.host}]`
    : options.host === '127.0.0.1'
      ? 'localhost'
      : options.host;
  process.stdout.write(`StateAI is at http://${host}:${actual}\n`);
  await new Promise<void>((resolve) => {
    // npm and a terminal may both pass the signal on: repeats must not kill a server that is closing.
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
  process.stderr.write('Stopping.\n');
  await server.close();
  process.exit(0);
}

const LAST_MS = 2000;

/** Who reads our output may go away; that stops nothing. */
function survive(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);
