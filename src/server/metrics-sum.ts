/**
 * What several processes measured, added up. What one of them had counted stays in the sum when it ends, or does not
 * answer: a counter that falls is a new beginning to Prometheus, which would then count all others once more.
 */
import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from 'prom-client';

/** As `Registry.getMetricsAsJSON` gives them. */
export type Measured = MetricObjectWithValues<MetricValue<string>>[];

export interface MetricsSum<T> {
  /** @param answers of those that are up; null: it did not answer */
  text(answers: ReadonlyMap<T, Measured | null>): Promise<string>;
  /** It has ended. */
  gone(one: T): void;
}

export function metricsSum<T>(): MetricsSum<T> {
  const last = new Map<T, Measured>();
  /** What those that are gone had counted. */
  let past: Promise<Measured> = Promise.resolve([]);
  return {
    async text(answers) {
      const all = [...answers].map(([one, measured]) => {
        if (measured) last.set(one, measured);
        return measured ?? countsOf(last.get(one) ?? []);
      });
      return sum([...all, await past]).metrics();
    },
    gone(one) {
      const counts = countsOf(last.get(one) ?? []);
      last.delete(one);
      past = past.then((before) => sum([before, counts]).getMetricsAsJSON());
    },
  };
}

const sum = (all: Measured[]): Registry => AggregatorRegistry.aggregate(all);

/** What only grows: the rest is of now, and of a process that is there. */
const countsOf = (measured: Measured): Measured =>
  measured.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
