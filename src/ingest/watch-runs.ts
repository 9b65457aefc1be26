/** One run of a watch, over files or a source. Each continues where the one before it stopped. */
import type { StateaiError } from '../generation/errors.ts';
import type { Dataset, Warehouse } from '../warehouse/warehouse.ts';
import { openDoorLog } from './door-log.ts';
import { openFollowing } from './following.ts';
import { type ImportRequest, type ImportSummary, runImport } from './import.ts';
import { openLedger } from './ledger.ts';
import { type PullRequest, pull } from './pull/pull.ts';
import type { WatchRun } from './watch.ts';

/** Runs over directories, files and patterns. */
export async function fileRuns(
  warehouse: Warehouse,
  dataset: Dataset,
  request: Pick<ImportRequest, 'format' | 'paths' | 'mapping' | 'strict' | 'signal'>,
): Promise<() => Promise<WatchRun>> {
  const following = openFollowing(await openLedger(dataset, { isLong: true }));
  const doors = openDoorLog(dataset.layout);
  return async () => {
    const summary = await runImport(warehouse, dataset, { ...request, following, doors, settle: false });
    return { ...brought(summary), failures: summary.failures, trouble: following.trouble(), failed: false };
  };
}

/** Runs of a source that is fetched; `since` counts for the first one. */
export function pullRuns(
  warehouse: Warehouse,
  dataset: Dataset,
  request: PullRequest,
): () => Promise<WatchRun> {
  const { since: from, ...always } = request;
  let since = from;
  return async () => {
    const summary = await pull(warehouse, dataset, {
      ...always,
      ...(since === undefined ? {} : { since }),
      settle: false,
    });
    const [first] = summary.failures;
    // A first run that broke off without having reached anything begins again where it was told to.
    if (!first || summary.reached !== null) since = undefined;
    return {
      ...brought(summary),
      failures: [],
      trouble: first ? sentence(first) : null,
      failed: first !== undefined,
    };
  };
}

const brought = ({ rows, replaced, rejected, rejectsFile }: ImportSummary) => ({
  rows,
  replaced,
  rejected,
  rejectsFile,
});

const sentence = ({ message, next }: StateaiError): string => (next ? `${message}. ${next}` : message);
