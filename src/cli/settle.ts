/** `stateai settle`: journal → lake → marts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StateaiError } from '../generation/errors.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';

export async function settle(options: { data: string; dataset: string }): Promise<void> {
  // Nothing waits in a directory that is not there; making one would give it a secret of its own, and stand in the way of
  // the one that is put back.
  if (!existsSync(join(options.data, 'workspace.json')))
    throw new StateaiError(
      'no_data',
      `${options.data} is no data directory`,
      'Say with --data where it is, or put it back.',
    );
  const warehouse = await openWarehouse(options.data);
  try {
    const rows = await warehouse.dataset(options.dataset).settle();
    process.stderr.write(`${rows} records from the journal\n`);
  } finally {
    await warehouse.close();
  }
}
