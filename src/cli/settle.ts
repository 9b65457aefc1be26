/** `stateai settle`: journal → lake → marts. */
import { openWarehouse } from '../warehouse/warehouse.ts';

export async function settle(options: { data: string; dataset: string }): Promise<void> {
  const warehouse = await openWarehouse(options.data);
  try {
    const rows = await warehouse.dataset(options.dataset).settle();
    process.stderr.write(`${rows} records from the journal\n`);
  } finally {
    await warehouse.close();
  }
}
