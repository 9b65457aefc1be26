/** What a classifier outside may cost a day (UTC). */
import { StateaiError } from '../generation/errors.ts';

export interface SpendLimit {
  /** @throws `over_budget` when the day's money is used up */
  check(): void;
  /** USD; null = unknown, which ends the day: what cannot be counted cannot be limited. */
  add(usd: number | null): void;
}

/** @param dailyUsd undefined = no limit */
export function createSpendLimit(dailyUsd: number | undefined, now: () => number = Date.now): SpendLimit {
  let day = -1;
  let spent = 0;
  const today = () => {
    const current = Math.floor(now() / 86_400_000);
    if (current !== day) spent = 0;
    day = current;
  };
  return {
    check() {
      today();
      if (dailyUsd !== undefined && spent >= dailyUsd)
        throw new StateaiError(
          'over_budget',
          'The classifier’s money for today is used up',
          'Raise `classifier.dailyUsd`, or wait for tomorrow.',
        );
    },
    add(usd) {
      today();
      spent += usd ?? dailyUsd ?? 0;
    },
  };
}
