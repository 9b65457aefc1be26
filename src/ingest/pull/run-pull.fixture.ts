/** For tests: a run of a source in a process of its own, to be killed. Arguments: data directory, format, URL. */
import { openWarehouse } from '../../warehouse/warehouse.ts';
import { pull } from './pull.ts';

const [data, format, url] = process.argv.slice(2) as [string, string, string];
const warehouse = await openWarehouse(data);
await pull(warehouse, warehouse.dataset('d'), { format, url, since: '2026-06-01', rowsAPart: 100 });
await warehouse.close();
