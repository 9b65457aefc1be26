/**
 * Notices who has not been heard of for too long. Time is counted in looks, not read from a clock: a machine that slept,
 * or a process that was too busy to look, then accuses nobody.
 */
export interface Silence<T> {
  /** It lives: from now on it is expected to be heard of. */
  heard(one: T): void;
  /** It is not expected to any more. */
  forget(one: T): void;
  /** To be called at regular intervals. Answers those that have just become too silent, each once. */
  look(): T[];
}

/** @param most looks in a row without being heard of that are too many */
export function noticeSilence<T>(most: number): Silence<T> {
  const looks = new Map<T, number>();
  return {
    heard: (one) => void looks.set(one, 0),
    forget: (one) => void looks.delete(one),
    look() {
      const silent: T[] = [];
      for (const [one, count] of looks) {
        if (count + 1 < most) looks.set(one, count + 1);
        else {
          looks.delete(one);
          silent.push(one);
        }
      }
      return silent;
    },
  };
}
