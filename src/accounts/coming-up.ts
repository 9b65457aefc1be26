/** A database that may not be there yet: it is tried again, with growing pauses, until its tables are up to date. */
import { isStateaiError, type StateaiError } from '../generation/errors.ts';
import { AccountsError, unavailable } from './errors.ts';

export interface ComingUp {
  /** Why it cannot be asked yet; null: it has been reached. */
  trouble(): string | null;
  /** @throws `accounts_unavailable` while it has not been reached, with the seconds until the next try */
  check(): void;
  /** No more tries. */
  stop(): void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** A wrong password or name stays wrong: whoever starts the server is to see it at once. */
const WILL_NOT_PASS = /^(28|3D)/;

/**
 * Tries at once, and then goes on by itself if the database was not reached.
 * @param prepare brings the tables up to date; may be called again after it failed
 * @param tell hears why it cannot be reached, whenever that changes, and null as soon as it is there
 * @throws what is no matter of waiting: `accounts_newer`, refused logins, unknown databases
 */
export async function comeUp(
  prepare: () => Promise<void>,
  tell: (trouble: string | null) => void,
): Promise<ComingUp> {
  let problem: StateaiError | null = null;
  let timer: NodeJS.Timeout | null = null;
  let nextAt = 0;
  let pause = FIRST_PAUSE_MS;
  let isStopped = false;

  const wait = (error: unknown) => {
    const next = problemOf(error);
    if (next.message !== problem?.message) tell(next.message);
    problem = next;
    nextAt = performance.now() + pause;
    timer = setTimeout(again, pause);
    timer.unref();
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  };
  const again = async () => {
    try {
      await prepare();
      problem = null;
      tell(null);
    } catch (error) {
      if (!isStopped) wait(error);
    }
  };

  try {
    await prepare();
  } catch (error) {
    if (!mayPass(error)) throw error;
    wait(error);
  }
  return {
    trouble: () => problem?.message ?? null,
    check() {
      if (!problem) return;
      const seconds = Math.max(1, Math.ceil((nextAt - performance.now()) / 1000));
      throw new AccountsError('accounts_unavailable', problem.message, problem.next, seconds, problem.cause);
    },
    stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function mayPass(error: unknown): boolean {
  if (!isStateaiError(error) || error.code !== 'accounts_unavailable') return false;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code !== 'string' || !WILL_NOT_PASS.test(code);
}

function problemOf(error: unknown): StateaiError {
  if (isStateaiError(error)) return error;
  return unavailable('their tables could not be brought up to date', 1, error);
}
