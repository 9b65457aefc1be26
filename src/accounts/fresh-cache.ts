/**
 * Answers of a slow and fallible source, kept for a short time. Many questions at once become one; while the source is
 * down, what was known goes on being valid for a longer time; what does not exist is remembered too, apart, so that a
 * flood of wrong questions neither reaches the source each time nor drives out right ones.
 */
import { unavailable } from './errors.ts';

export interface CacheOptions<V> {
  /** Answers in the order of the questions; null = does not exist. */
  load(keys: string[]): Promise<(V | null)[]>;
  /** Up to this age an answer is given without asking; from half of it on it is renewed in the background. */
  freshMs: number;
  /** Up to this age it is given if the source cannot be asked. */
  staleMs: number;
  /** How long it is remembered that something does not exist. */
  absentMs: number;
  /** Answers kept at most, of either kind. */
  size: number;
}

export interface FreshCache<V> {
  /** @throws what `load` throws, if nothing usable is known */
  get(key: string): Promise<V | null>;
  /** Answers that change takes away at once; what is being loaded meanwhile is loaded again. */
  forget(isMeant: (value: V | null, key: string) => boolean): void;
}

interface Entry<V> {
  value: V | null;
  at: number;
  renewing: boolean;
}
interface Question<V> {
  promise: Promise<V | null>;
  resolve(value: V | null): void;
  reject(error: unknown): void;
}

const BATCH = 200;
const MOST_WAITING = 5000;
/** After a failure nobody waits for the source again for so long. */
const PAUSE_MS = 500;

export function freshCache<V>(options: CacheOptions<V>): FreshCache<V> {
  const present = new Map<string, Entry<V>>();
  const absent = new Map<string, Entry<V>>();
  const questions = new Map<string, Question<V>>();
  let epoch = 0;
  let loading = false;
  let failure: { error: unknown; until: number } | null = null;

  const keep = (key: string, value: V | null) => {
    present.delete(key);
    absent.delete(key);
    const map = value === null ? absent : present;
    map.set(key, { value, at: performance.now(), renewing: false });
    // Maps keep the order of insertion: the first is the one that was used longest ago.
    for (const oldest of map.keys()) {
      if (map.size <= options.size) break;
      map.delete(oldest);
    }
  };

  const loadBatch = async () => {
    const batch = [...questions.keys()].slice(0, BATCH);
    const before = epoch;
    try {
      const values = await options.load(batch);
      if (epoch !== before) return;
      failure = null;
      for (const [n, key] of batch.entries()) {
        const question = questions.get(key);
        const value = values[n] ?? null;
        questions.delete(key);
        keep(key, value);
        question?.resolve(value);
      }
    } catch (error) {
      failure = { error, until: performance.now() + PAUSE_MS };
      for (const [key, question] of questions) {
        questions.delete(key);
        question.reject(error);
      }
    }
  };

  const ask = (key: string): Promise<V | null> => {
    const asked = questions.get(key);
    if (asked) return asked.promise;
    if (questions.size >= MOST_WAITING)
      return Promise.reject(unavailable('too many unknown keys at once', 1));
    const question = Promise.withResolvers<V | null>();
    questions.set(key, question);
    void pump();
    return question.promise;
  };

  const pump = async () => {
    if (loading) return;
    loading = true;
    // What is asked within the same turn goes together.
    await Promise.resolve();
    while (questions.size > 0) await loadBatch();
    loading = false;
  };

  const renew = (key: string, entry: Entry<V>) => {
    entry.renewing = true;
    ask(key).catch(() => {
      entry.renewing = false;
    });
  };

  return {
    async get(key) {
      const entry = present.get(key) ?? absent.get(key);
      const age = entry ? performance.now() - entry.at : Number.POSITIVE_INFINITY;
      const limit = entry?.value === null ? options.absentMs : options.freshMs;
      const down = failure !== null && performance.now() < failure.until;
      if (entry && age < limit) {
        if (entry.value !== null) {
          present.delete(key);
          present.set(key, entry);
          if (age > limit / 2 && !entry.renewing && !down) renew(key, entry);
        }
        return entry.value;
      }
      const usable = entry && entry.value !== null && age < options.staleMs ? entry : null;
      if (down) {
        if (usable) return usable.value;
        throw failure?.error;
      }
      try {
        return await ask(key);
      } catch (error) {
        if (usable && present.get(key) === usable) return usable.value;
        throw error;
      }
    },
    forget(isMeant) {
      epoch += 1;
      for (const map of [present, absent])
        for (const [key, entry] of map) if (isMeant(entry.value, key)) map.delete(key);
    },
  };
}
