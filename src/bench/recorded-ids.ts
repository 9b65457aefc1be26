/** What a stopped server has recorded. */
import { join } from 'node:path';
import { fileList } from '../warehouse/engine.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';

/** Ids of the records of dataset `live`, journal and lake, twice where they stand there twice. */
export const recordedIds = (data: string): Promise<string[]> => idsIn(data, true);

/** Those that are in the lake by now. */
export const lakeIds = (data: string): Promise<string[]> => idsIn(data, false);

async function idsIn(data: string, settles: boolean): Promise<string[]> {
  const warehouse = await openWarehouse(data);
  try {
    const store = warehouse.dataset('live');
    if (settles) await store.settle();
    const { lake } = await store.manifest();
    if (lake.length === 0) return [];
    const files = fileList(lake.map((f) => join(store.layout.lake, f.file)));
    const rows = await (await store.engine()).query<{ id: string }>(`SELECT id FROM read_parquet(${files})`);
    return rows.map(({ id }) => id);
  } finally {
    await warehouse.close();
  }
}
