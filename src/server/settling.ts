/**
 * New records reach the page within seconds: soon after some came, their dataset is brought up to date, one run at a
 * time. What failed is tried again: who sent the records has been told that they are safe, and may never send another.
 */

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

/** @param settle throws what keeps a dataset from being brought up to date; each reason is said once */
export function createSettling(
  settle: (dataset: string) => Promise<void>,
  say = (text: string) => void process.stderr.write(text),
): Settling {
  const pending = new Map<string, NodeJS.Timeout>();
  /** How long a dataset waits, by how long it took last time. */
  const rests = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  /** Records came during the run, or it failed. */
  const again = new Set<string>();
  const troubles = new Map<string, string>();
  let isClosed = false;

  const run = async (dataset: string) => {
    const start = performance.now();
    try {
      await settle(dataset);
      // A steady stream of records must not keep a core busy with settling them.
      rests.set(dataset, Math.min(LONGEST_REST_MS, REST * (performance.now() - start)));
      troubles.delete(dataset);
    } catch (error) {
      const { message } = error as Error;
      if (troubles.get(dataset) !== message) say(`settling ${dataset}: ${message}; it is tried again.\n`);
      troubles.set(dataset, message);
      rests.set(dataset, Math.min(LONGEST_REST_MS, REST * Math.max(SETTLE_MS, rests.get(dataset) ?? 0)));
      again.add(dataset);
    }
    running.delete(dataset);
    if (again.delete(dataset)) soon(dataset);
  };
  const soon = (dataset: string) => {
    if (isClosed || pending.has(dataset)) return;
    if (running.has(dataset)) {
      again.add(dataset);
      return;
    }
    const timer = setTimeout(
      () => {
        pending.delete(dataset);
        running.set(dataset, Promise.resolve(dataset).then(run));
      },
      Math.max(SETTLE_MS, rests.get(dataset) ?? 0),
    );
    pending.set(dataset, timer);
  };
  return {
    soon,
    async close() {
      isClosed = true;
      for (const timer of pending.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
