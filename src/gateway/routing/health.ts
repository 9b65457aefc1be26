/**
 * How each endpoint has been doing, measured on the traffic itself: uptime, latency and throughput over sliding windows,
 * and a circuit breaker that lets an endpoint rest after failures in a row or when it asks to be left alone.
 */

/** When an endpoint is left alone, and for how long at first. */
export interface Rests {
  failuresToOpen: number;
  coolDownMs: number;
}

export interface HealthOptions extends Rests {
  /** Milliseconds; for tests. */
  now?: () => number;
}

/** So many percent of the requests were at least as good: quicker, or of more tokens a second. */
export interface Percentiles {
  p50: number;
  p75: number;
  p90: number;
  p99: number;
}

export interface HealthSnapshot {
  /** Share of answered requests in the last 5 minutes, 30 minutes, day; null = there were none. */
  uptime: { last5m: number | null; last30m: number | null; last1d: number | null };
  /** Milliseconds to the first token, last 30 minutes. */
  latency: Percentiles | null;
  /** Completion tokens a second after the first token, last 30 minutes. */
  throughput: Percentiles | null;
  requests1d: number;
  /** It rests until then, milliseconds since 1970; null = it does not. */
  restsUntil: number | null;
}

export interface Health {
  /** May be tried now: it does not rest, or has rested and nobody is seeing yet whether it is well again. */
  available(endpoint: string): boolean;
  /** A request is about to try it; of those that see whether a rested endpoint is well again there is but one. */
  begun(endpoint: string): void;
  /** Milliseconds until it may be tried again. */
  restMs(endpoint: string): number;
  /** More failures than answers in the last minute. */
  hadOutage(endpoint: string): boolean;
  succeeded(endpoint: string, seen: { latencyMs: number | null; tokensPerSecond: number | null }): void;
  /** @param retryAfterMs how long it asked to be left alone */
  failed(endpoint: string, retryAfterMs?: number | null): void;
  /** The client went away or the request was wrong: says nothing about the endpoint. */
  abandoned(endpoint: string): void;
  snapshot(endpoint: string): HealthSnapshot;
  /** From now on; who rests goes on resting as long as it was said. */
  configure(rests: Rests): void;
}

const NOT_MEASURED: HealthSnapshot = {
  uptime: { last5m: null, last30m: null, last1d: null },
  latency: null,
  throughput: null,
  requests1d: 0,
  restsUntil: null,
};

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const HALF_HOUR = 30 * MINUTE;
const LONGEST_REST = 5 * MINUTE;
/** Samples kept for percentiles. */
const SAMPLES = 500;

/** Counts by minute for one day, as a ring. */
interface Minutes {
  minute: Float64Array;
  good: Uint32Array;
  bad: Uint32Array;
}
interface State {
  minutes: Minutes;
  latency: Ring;
  throughput: Ring;
  inARow: number;
  rests: number;
  restsUntil: number;
  probing: boolean;
}

/** Completion tokens a second after the first one; null where too little is known, or it took no time. */
export function tokensPerSecond(
  completionTokens: number | null,
  latencyMs: number | null,
  durationMs: number | null,
): number | null {
  if (completionTokens === null || latencyMs === null || durationMs === null) return null;
  const ms = durationMs - latencyMs;
  return ms > 1 ? (completionTokens * 1000) / ms : null;
}

class Ring {
  private readonly values = new Float64Array(SAMPLES);
  private readonly times = new Float64Array(SAMPLES);
  private count = 0;

  add(value: number, time: number): void {
    this.values[this.count % SAMPLES] = value;
    this.times[this.count % SAMPLES] = time;
    this.count++;
  }

  /** @param order of the values, the best first: as many percent are better than a percentile */
  percentiles(since: number, order: (a: number, b: number) => number): Percentiles | null {
    const recent: number[] = [];
    for (let i = 0; i < Math.min(this.count, SAMPLES); i++)
      if ((this.times[i] ?? 0) >= since) recent.push(this.values[i] ?? 0);
    if (recent.length === 0) return null;
    recent.sort(order);
    const at = (share: number) => recent[Math.min(recent.length - 1, Math.floor(share * recent.length))] ?? 0;
    return { p50: at(0.5), p75: at(0.75), p90: at(0.9), p99: at(0.99) };
  }
}

export function createHealth({ now = Date.now, ...given }: HealthOptions): Health {
  let rests: Rests = given;
  const states = new Map<string, State>();
  const stateOf = (endpoint: string): State => {
    const known = states.get(endpoint);
    if (known) return known;
    const minutes = {
      minute: new Float64Array(DAY_MINUTES),
      good: new Uint32Array(DAY_MINUTES),
      bad: new Uint32Array(DAY_MINUTES),
    };
    const state: State = {
      minutes,
      latency: new Ring(),
      throughput: new Ring(),
      inARow: 0,
      rests: 0,
      restsUntil: 0,
      probing: false,
    };
    states.set(endpoint, state);
    return state;
  };
  const count = ({ minutes }: State, which: 'good' | 'bad') => {
    const minute = Math.floor(now() / MINUTE);
    const slot = minute % DAY_MINUTES;
    if (minutes.minute[slot] !== minute) {
      minutes.minute[slot] = minute;
      minutes.good[slot] = 0;
      minutes.bad[slot] = 0;
    }
    minutes[which][slot] = (minutes[which][slot] ?? 0) + 1;
  };
  const sums = ({ minutes }: State, last: number) => {
    const first = Math.floor(now() / MINUTE) - last + 1;
    let [good, bad] = [0, 0];
    for (let minute = first; minute < first + last; minute++) {
      const slot = ((minute % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
      if (minutes.minute[slot] !== minute) continue;
      good += minutes.good[slot] ?? 0;
      bad += minutes.bad[slot] ?? 0;
    }
    return { good, bad };
  };
  const uptime = (state: State, last: number) => {
    const { good, bad } = sums(state, last);
    return good + bad === 0 ? null : good / (good + bad);
  };

  return {
    available(endpoint) {
      const state = states.get(endpoint);
      return !state || state.restsUntil === 0 || (state.restsUntil <= now() && !state.probing);
    },
    begun(endpoint) {
      const state = states.get(endpoint);
      if (state && state.restsUntil > 0 && state.restsUntil <= now()) state.probing = true;
    },
    restMs: (endpoint) => Math.max(0, (states.get(endpoint)?.restsUntil ?? 0) - now()),
    hadOutage(endpoint) {
      const state = states.get(endpoint);
      if (!state) return false;
      const { good, bad } = sums(state, 2);
      return state.restsUntil > 0 || bad > good;
    },
    succeeded(endpoint, { latencyMs, tokensPerSecond }) {
      const state = stateOf(endpoint);
      count(state, 'good');
      if (latencyMs !== null) state.latency.add(latencyMs, now());
      if (tokensPerSecond !== null) state.throughput.add(tokensPerSecond, now());
      Object.assign(state, { inARow: 0, rests: 0, restsUntil: 0, probing: false });
    },
    failed(endpoint, retryAfterMs = null) {
      const state = stateOf(endpoint);
      count(state, 'bad');
      if (state.restsUntil > now()) {
        // Requests that were on their way when it began to rest fail together: they say nothing new but when to come back.
        const asked = now() + Math.min(retryAfterMs ?? 0, LONGEST_REST);
        state.restsUntil = Math.max(state.restsUntil, asked);
        return;
      }
      state.inARow++;
      if (retryAfterMs === null && !state.probing && state.inARow < rests.failuresToOpen) return;
      const rest = retryAfterMs ?? Math.min(LONGEST_REST, rests.coolDownMs * 2 ** state.rests);
      state.restsUntil = now() + Math.min(rest, LONGEST_REST);
      state.probing = false;
      state.rests++;
      state.inARow = 0;
    },
    abandoned(endpoint) {
      const state = states.get(endpoint);
      if (state) state.probing = false;
    },
    snapshot(endpoint) {
      // Looking at an endpoint must not take memory for it.
      const state = states.get(endpoint);
      if (!state) return { ...NOT_MEASURED };
      const since = now() - HALF_HOUR;
      const { good, bad } = sums(state, DAY_MINUTES);
      return {
        uptime: {
          last5m: uptime(state, 5),
          last30m: uptime(state, 30),
          last1d: uptime(state, DAY_MINUTES),
        },
        latency: state.latency.percentiles(since, (a, b) => a - b),
        throughput: state.throughput.percentiles(since, (a, b) => b - a),
        requests1d: good + bad,
        restsUntil: state.restsUntil > now() ? state.restsUntil : null,
      };
    },
    configure(next) {
      rests = next;
    },
  };
}
