/**
 * Where things lie in a data directory.
 *
 *   workspace.json                         secret for pseudonyms
 *   catalog.yaml, catalog/                 the workspace's own facts
 *   exhibits/                              the workspace's own exhibits
 *   accounts/                              keys, limits and usage (PGlite), unless PostgreSQL holds them
 *   server.json                            where the server listens, while it runs
 *   datasets/<name>/manifest/00000042.json what the dataset consists of, one file a version
 *   datasets/<name>/journal/*.ndjson       acknowledged records on their way into the lake
 *   datasets/<name>/lake/<month>/*.parquet the records
 *   datasets/<name>/marts/*.parquet        small tables computed from the lake
 *   datasets/<name>/loads/*.json           which input files a load has read
 *   datasets/<name>/rejects/*.ndjson       rows that could not be used
 *   datasets/<name>/doors/<door>/*.json    what came through each door, one file a process
 *   datasets/<name>/watches/*.json         what running watches tell of themselves
 *   datasets/<name>/accounts/*.parquet     countries, classes and teams that a join file states
 *   datasets/<name>/catalog/*.parquet      small tables that views read: models, paths of labels, cohorts
 *   datasets/<name>/sources/*.json         how far each source has been read, one file a source
 *   datasets/<name>/staging/<pid>-…/       work in progress; deleted when its process is gone
 */
import { join } from 'node:path';
import { StateaiError } from '../generation/errors.ts';

export interface Layout {
  root: string;
  manifest: string;
  journal: string;
  lake: string;
  marts: string;
  loads: string;
  rejects: string;
  doors: string;
  watches: string;
  accounts: string;
  catalog: string;
  sources: string;
  staging: string;
}

export const defaultDataDir = (env: NodeJS.ProcessEnv = process.env): string =>
  env.STATEAI_DATA || '.stateai';

/** @throws `bad_dataset` when the name could leave the directory or would be awkward in a URL. */
export function layoutOf(dataDir: string, dataset: string): Layout {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(dataset) || dataset.includes('..'))
    throw new StateaiError(
      'bad_dataset',
      `"${dataset.slice(0, 80)}" cannot name a dataset`,
      'Use letters, digits, ".", "_" and "-", at most 64 characters, starting with a letter or digit.',
    );
  const root = join(dataDir, 'datasets', dataset);
  const at = (name: string) => join(root, name);
  return {
    root,
    manifest: at('manifest'),
    journal: at('journal'),
    lake: at('lake'),
    marts: at('marts'),
    loads: at('loads'),
    rejects: at('rejects'),
    doors: at('doors'),
    watches: at('watches'),
    accounts: at('accounts'),
    catalog: at('catalog'),
    sources: at('sources'),
    staging: at('staging'),
  };
}

/** The same for a dataset that may be read but not written: what reading it makes on the way lies elsewhere. */
export const readOnly = (layout: Layout, scratch: string): Layout => ({
  ...layout,
  catalog: join(scratch, 'catalog'),
  staging: join(scratch, 'staging'),
});
