/** For tests of senders: a StateAI server that listens, and what its dataset holds after they have sent. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Generation } from '../../../generation/generation.ts';
import { FIELDS } from '../../../generation/generation.ts';
import { buildServer } from '../../../server/server.ts';
import { temporaryDirectory } from '../../../testing/workspace.ts';
import { lakeRelation } from '../../../warehouse/columns.ts';
import { openWarehouse, type Warehouse } from '../../../warehouse/warehouse.ts';
import { type DoorCounts, readDoorCounts } from '../../door-log.ts';
import type { Said, Upstream } from './upstream.fixture.ts';

export interface Receiver {
  /** `http://127.0.0.1:port`. */
  url: string;
  dataDir: string;
  /** The records of dataset `live` that were not there at the last look, the oldest first: answers, and what failed. */
  newRecords(): Promise<{ answers: Generation[]; failures: Generation[] }>;
  /** The counts of a door, as soon as `enough` says so. */
  door(name: string, enough: (counts: DoorCounts) => boolean): Promise<DoorCounts>;
  /** Makes a key that may send records, on a server with an admin secret. */
  ingestKey(): Promise<string>;
  /** What the admin sends along. */
  asAdmin: Record<string, string>;
  hashAccount(name: string): string;
  hashSession(name: string): string;
  /** Paths of the files of the data directory which hold the words. */
  filesWith(words: string): Promise<string[]>;
  close(): Promise<void>;
}

/** @param adminSecret null: the server is open to this machine; otherwise whoever sends needs a key */
export async function openReceiver(adminSecret: string | null = null): Promise<Receiver> {
  const directory = await temporaryDirectory();
  const data = join(directory.path, 'data');
  const server = await buildServer({ dataDir: data, adminSecret, demoGenerations: null });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  // Another process, as it were: it sees what is durable, not what the server remembers.
  const warehouse = await openWarehouse(data);
  const asAdmin: Record<string, string> =
    adminSecret === null ? {} : { authorization: `Bearer ${adminSecret}` };
  const seen = new Set<string>();
  return {
    url,
    dataDir: data,
    async newRecords() {
      const records = (await recordsOf(warehouse)).filter((r) => !seen.has(r.id));
      for (const { id } of records) seen.add(id);
      const hasFailed = (r: Generation) => r.finishReason === 'error';
      return { answers: records.filter((r) => !hasFailed(r)), failures: records.filter(hasFailed) };
    },
    async door(name, enough) {
      for (;;) {
        const counts = (await readDoorCounts(warehouse.dataset('live').layout)).find((d) => d.door === name);
        if (counts && enough(counts)) return counts;
        await sleep(50);
      }
    },
    async ingestKey() {
      const answer = await fetch(`${url}/stats/v1/admin/keys`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...asAdmin },
        body: JSON.stringify({ name: 'sender', ingest: true }),
      });
      return ((await answer.json()) as { secret: string }).secret;
    },
    asAdmin,
    hashAccount: warehouse.hashAccount,
    hashSession: warehouse.hashSession,
    async filesWith(words) {
      const entries = await readdir(data, { recursive: true, withFileTypes: true });
      const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
      const held = await Promise.all(
        files.map((path) =>
          readFile(path).then(
            (bytes) => bytes.includes(words),
            () => false,
          ),
        ),
      );
      return files.filter((_path, i) => held[i]);
    },
    async close() {
      await warehouse.close();
      await server.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function recordsOf(warehouse: Warehouse): Promise<Generation[]> {
  const store = warehouse.dataset('live');
  await store.settle();
  const { lake } = await store.manifest();
  if (lake.length === 0) return [];
  const names = FIELDS.map((f) =>
    f.kind === 'timestamp'
      ? `epoch_ms(${f.column})::DOUBLE AS "${f.name}"`
      : f.kind === 'integer'
        ? `"${f.column}"::DOUBLE AS "${f.name}"`
        : `"${f.column}" AS "${f.name}"`,
  );
  const files = lake.map((f) => join(store.layout.lake, f.file));
  return (await store.engine()).query<Generation>(
    `SELECT ${names.join(', ')} FROM ${lakeRelation(files)} ORDER BY created_at, id`,
  );
}

/**
 * The records and what the upstream said, to be equal.
 * @param leftOut what the sender does not pass on of an answer, with what the record has instead
 * @param unlike fields that are not compared
 */
export function bothSides(
  records: readonly Generation[],
  upstream: Pick<Upstream, 'said'>,
  leftOut: (said: Said) => Partial<Said> = () => ({}),
  unlike: readonly (keyof Said)[] = [],
): { heard: Partial<Said>[]; said: Partial<Said>[] } {
  const said = upstream.said.map((s) => ({ ...s, ...leftOut(s) }));
  const keys = (Object.keys(said[0] ?? {}) as (keyof Said)[]).filter((key) => !unlike.includes(key));
  const pick = (from: Said) => Object.fromEntries(keys.map((key) => [key, from[key]]));
  return { heard: records.map(pick), said: said.map(pick) };
}
