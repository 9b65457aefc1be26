/** Where benches keep what they make: gigabytes that go away with the bench, also when it is interrupted. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();

/** An empty directory below STATEAI_BENCH_DIR, or the system's temporary files. @param name of the bench */
export async function makeScratch(name: string): Promise<string> {
  const directory = await mkdtemp(join(process.env.STATEAI_BENCH_DIR ?? tmpdir(), `stateai-${name}-`));
  if (made.size === 0) {
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
  }
  made.add(directory);
  return directory;
}

export async function removeScratch(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  made.delete(directory);
  if (made.size > 0) return;
  process.removeListener('SIGINT', interrupted);
  process.removeListener('SIGTERM', interrupted);
}

function interrupted(signal: NodeJS.Signals): void {
  try {
    for (const directory of made) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    process.stderr.write(
      `Not all could be removed of ${[...made].join(', ')}: ${(error as Error).message}\n`,
    );
  }
  process.exit(signal === 'SIGINT' ? 130 : 143);
}
