/** What the plugins of the server share. */
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { ReportService } from './report-service.ts';
import type { Settling } from './settling.ts';

export interface Context {
  warehouse: Warehouse;
  reports: ReportService;
  dataDir: string;
  /** Takes a dataset's journal into the lake and brings its marts up to date, in another process. */
  settle(dataset: string): Promise<void>;
  settling: Settling;
  /** Aborted as soon as the server is told to stop: what would go on without end is to end then. */
  stopping: AbortSignal;
}
