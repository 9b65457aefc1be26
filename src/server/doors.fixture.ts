/** For tests: the live doors on a server without the rest, on a warehouse of their own. */
import Fastify, { type FastifyInstance } from 'fastify';
import type { OpenAccounts } from '../accounts/accounts.ts';
import { createSampler } from '../classify/sampler.ts';
import { readDoorCounts } from '../ingest/door-log.ts';
import { journalIds } from '../testing/server-process.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';
import { sendError } from './errors.ts';
import { ingest } from './ingest.ts';
import { type LiveRecords, liveRecords } from './live-records.ts';
import { otlp } from './otlp.ts';
import { createIntake } from './read-body.ts';

export interface DoorsOptions {
  accounts?: OpenAccounts;
  adminSecret?: string;
  isOpen?: boolean;
  append?: LiveRecords['append'];
  intake?: Parameters<typeof createIntake>[0];
  sampler?: Parameters<typeof createSampler>[0];
}

export interface Doors extends AsyncDisposable {
  app: FastifyInstance;
  warehouse: Warehouse;
  ids(): Promise<string[]>;
  counts(): ReturnType<typeof readDoorCounts>;
}

export async function openDoors(options: DoorsOptions = {}): Promise<Doors> {
  const directory = await temporaryDirectory();
  const warehouse = await openWarehouse(directory.path);
  const app = Fastify();
  app.setErrorHandler(sendError);
  const settling = { soon: () => undefined, close: async () => undefined };
  const live = liveRecords({ settling });
  const records = options.append ? { ...live, append: options.append } : live;
  const senders = {
    accounts: options.accounts as OpenAccounts,
    isOpen: options.isOpen ?? true,
    isAdmin: ({ headers }: { headers: { authorization?: string } }) =>
      options.adminSecret !== undefined && headers.authorization === `Bearer ${options.adminSecret}`,
  };
  const sampler = createSampler(
    options.sampler ?? { settings: () => ({ rate: 0, exceptApps: [] }), classifier: () => null },
  );
  const doors = {
    context: { warehouse },
    records,
    intake: createIntake(options.intake),
    senders,
  };
  await app.register(ingest(doors), { prefix: '/stats/v1' });
  await app.register(otlp({ ...doors, sampler }));
  return {
    app,
    warehouse,
    ids: () => journalIds(directory.path),
    async counts() {
      await live.close();
      return readDoorCounts(warehouse.dataset('live').layout);
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await live.close();
      await warehouse.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}
