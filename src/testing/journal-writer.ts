/** For tests: appends records to a journal without end and prints the number of each batch once it is acknowledged. */
import { validateGeneration } from '../generation/validate.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';

const [dataDir = '', run = ''] = process.argv.slice(2);
const warehouse = await openWarehouse(dataDir);
const journal = await warehouse.dataset('live').journal();
for (let batch = 0; ; batch++) {
  const records = Array.from({ length: 20 }, (_, i) => {
    const { generation } = validateGeneration({
      id: `${run}-${batch}-${i}`,
      createdAt: Date.UTC(2025, 0, 1) + batch * 60_000,
      model: 'openai/gpt-4o-mini',
      promptTokens: batch,
      completionTokens: i,
      source: 'test',
    });
    if (!generation) throw new Error('invalid test record');
    return generation;
  });
  await journal.append(records);
  process.stdout.write(`${batch}\n`);
}
