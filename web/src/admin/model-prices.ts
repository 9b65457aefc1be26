/** The listed shapes of models and endpoints that the page uses, and how their prices are read. */

/** USD per token as text; a negative one means that it is not known. */
type Pricing = Partial<Record<'prompt' | 'completion' | 'request' | 'input_cache_read', string>>;

export interface ListedModel {
  id: string;
  name: string;
  context_length: number | null;
  pricing: Pricing;
}
interface Percentiles {
  p50: number;
  p99: number;
}
export interface ListedEndpoint {
  name: string;
  provider_name: string;
  tag: string;
  /** 0 = unknown. */
  context_length: number;
  pricing: Pricing;
  quantization: string | null;
  status: number;
  /** Percent. */
  uptime_last_30m: number | null;
  latency_last_30m: Percentiles | null;
  throughput_last_30m: Percentiles | null;
}

/** USD per million tokens; null = unknown. */
export function perMillion(price: string | undefined): number | null {
  const value = price === undefined || price === '' ? Number.NaN : Number(price);
  return Number.isFinite(value) && value >= 0 ? Number((value * 1e6).toPrecision(12)) : null;
}
