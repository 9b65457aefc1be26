/** New records reach the page within seconds: soon after some came, their dataset is brought up to date, one run at a time. */

/** New records are on the page after about this long. */
const SETTLE_MS = 2000;

export interface Settling {
  /** Records of this dataset came. */
  soon(dataset: string): void;
  /** Waits for the runs under way. */
  close(): Promise<void>;
}

export function createSettling(settle: (dataset: string) => Promise<void>): Settling {
  const pending = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<unknown>>();
  return {
    soon(dataset) {
      if (pending.has(dataset)) return;
      const timer = setTimeout(() => {
        pending.delete(dataset);
        const before = running.get(dataset) ?? Promise.resolve();
        const next = before
          .then(() => settle(dataset))
          .catch((error: Error) => process.stderr.write(`settling ${dataset}: ${error.message}\n`));
        running.set(dataset, next);
      }, SETTLE_MS);
      pending.set(dataset, timer);
    },
    async close() {
      for (const timer of pending.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
