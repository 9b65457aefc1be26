/** `stateai catalog refresh`. */
import { resolve } from 'node:path';
import { refreshCatalog } from '../catalog/refresh.ts';

export async function refresh(source: string, options: { data: string }): Promise<void> {
  const summary = await refreshCatalog(source, resolve(options.data));
  process.stdout.write(
    `${summary.read} models read from ${source}: ${summary.added} new, ${summary.changed} changed\n`,
  );
  for (const skipped of summary.skipped.slice(0, 20))
    process.stderr.write(`  left out: ${typeof skipped === 'string' ? skipped : JSON.stringify(skipped)}\n`);
}
