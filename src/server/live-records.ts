/** Records of a live door on their way to the disk: into the journal of a dataset, and into the counts of the door. */
import type { Generation } from '../generation/generation.ts';
import { type DoorLog, type DoorNote, openDoorLog } from '../ingest/door-log.ts';
import type { Dataset } from '../warehouse/warehouse.ts';
import type { Context } from './context.ts';

export interface LiveRecords {
  /** Resolves when the records are on the disk. @throws `overloaded`, `disk_full`, `dataset_in_use` … */
  append(dataset: Dataset, records: readonly Generation[]): Promise<void>;
  /** What came through a door. */
  note(dataset: Dataset, door: string, note: DoorNote): void;
  /** The counts are written. */
  close(): Promise<void>;
}

export function liveRecords({ settling }: Pick<Context, 'settling'>): LiveRecords {
  const logs = new Map<string, DoorLog>();
  return {
    async append(dataset, records) {
      await dataset.takesRecords();
      if (records.length === 0) return;
      await (await dataset.journal()).append(records);
      settling.soon(dataset.name);
    },
    note(dataset, door, note) {
      const log = logs.get(dataset.name) ?? openDoorLog(dataset.layout);
      logs.set(dataset.name, log);
      log.note(door, note);
    },
    async close() {
      await Promise.all([...logs.values()].map((log) => log.flush()));
    },
  };
}

export const newestOf = (records: readonly Generation[]): number | null =>
  records.reduce<number | null>((newest, { createdAt }) => Math.max(newest ?? createdAt, createdAt), null);
