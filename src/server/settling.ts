/** New records reach the page within seconds: soon after some came, their dataset is brought up to date, one run at a time. */

/** New records are on the page after about this long. */
const SETTLE_MS = 2000;

/** A dataset rests so many times as long as settling it takes. */
const REST = 3;
const LONGEST_REST_MS = 30_000;

export interface Settling {
  /** Records of this dataset came. */
  soon(dataset: string): void;
  /** Waits for the runs under way. */
  close(): Promise<void>;
}

export function createSettling(settle: (dataset: string) => Promise<void>): Settling {
  const pending = new Map<string, NodeJS.Timeout>();
  /** How long a dataset waits, by how long it took last time. */
  const rests = new Map<string, number>();
  const running = new Map<string, Promise<unknown>>();
  return {
    soon(dataset) {
      if (pending.has(dataset)) return;
      const timer = setTimeout(
        () => {
          pending.delete(dataset);
          const before = running.get(dataset) ?? Promise.resolve();
          const next = before
            .then(async () => {
              const start = performance.now();
              await settle(dataset);
              // A steady stream of records must not keep a core busy with settling them.
              rests.set(dataset, Math.min(LONGEST_REST_MS, REST * (performance.now() - start)));
            })
            .catch((error: Error) => process.stderr.write(`settling ${dataset}: ${error.message}\n`));
          running.set(dataset, next);
        },
        Math.max(SETTLE_MS, rests.get(dataset) ?? 0),
      );
      pending.set(dataset, timer);
    },
    async close() {
      for (const timer of pending.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
