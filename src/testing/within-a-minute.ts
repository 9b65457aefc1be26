/** For tests of what counts by the minute: one that ends meanwhile would begin a new count. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for the next minute (UTC) unless so many seconds of this one are left. */
export async function withinAMinute(seconds: number): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < seconds * 1000) await sleep(left + 10);
}
