/** For tests: what one test opens is closed when it ends, the last first. */
import { onTestFinished } from 'vitest';

export async function opened<T extends { close(): Promise<void> }>(made: Promise<T>): Promise<T> {
  const done = await made;
  onTestFinished(() => done.close());
  return done;
}
