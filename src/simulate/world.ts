/**
 * A world: everything that decides how its traffic looks, as data. From it a plan of expected tokens is computed
 * (`plan.ts`), and from the plan both the records (`generate.ts`) and the truth beside them (`truth.ts`).
 */
import type { Curve } from './curves.ts';

/** A model's career. Openness, origin, size, reasoning and release date are the catalog's facts. */
export interface WorldModel {
  /** Canonical slug. */
  slug: string;
  /** What a million tokens really cost, USD, caching and all, over the whole span; 0 = free. */
  price: number;
  /** Weight among its author's models when it is at its height. */
  weight: number;
  /** When it appears, if that is not its release day. */
  from?: string;
  /** Days until half of its height is reached; default 12. */
  ramp?: number;
  /** From when on it loses ground, and in how many days half of it is gone. */
  declines?: { from: string; halfLife: number; to?: number };
  /** How readily the model is given tools, 0 … 1; default 0.4. */
  tools?: number;
  /** Who serves it; by default its author. */
  providers?: readonly string[];
  /** A category mix of its own, instead of its author's. */
  mix?: Mix;
  /** Part of its generations that go to the free variant, default 0. */
  free?: number;
}

/** Weights of categories over time. */
export type Mix = Readonly<Record<string, Curve>>;

export interface WorldAuthor {
  /** Weight among the authors of its group (closed, Chinese open, other open). */
  weight: Curve;
  mix: Mix;
}

export interface WorldCategory {
  /** Mean prompt tokens of a request; null: whatever makes the mean over all categories right. */
  promptTokens: Curve | null;
  /** Completion tokens compared with the mean of all. */
  completionFactor: number;
  /** Part of the prompt that comes from a cache. */
  cached: number;
  /** What a token costs compared with the model's mean: fees for search and files, or cheaper settings. */
  costFactor: number;
  /** Requests that offer tools, and those that end in a tool call, compared with the mean. */
  toolFactor: number;
  /** Content paths and their weights; `first + second` for requests that carry both labels. */
  paths: Readonly<Record<string, number>>;
}

/**
 * How an account's workload takes to a model. Each adopter fits (stays), returns (leaves and comes back), or never
 * fits (leaves sooner or later).
 */
export interface Fit {
  /** Part of the adopters that stay. */
  fits: number;
  /** Part that is away from the second month on and comes back for good after `away` months. */
  returns?: number;
  away?: number;
  /** At least this part of the month's accounts is new, default 0.06; more where a wave of curious people comes. */
  newcomers?: number;
  /** Of those who never fit: the part still there a month later. */
  lingers: number;
}

export interface World {
  name: string;
  /** One sentence that every face can show. */
  description: string;
  /** First and last day of the records, UTC. */
  from: string;
  to: string;
  labelsFrom: string;
  /** Relative tokens a day; only the shape matters. Interpolated as growth. */
  volume: Curve;
  /** Saturdays and Sundays compared with working days. */
  weekend: number;
  /** Share of tokens of each group. */
  groups: Readonly<Record<'closed' | 'open-chinese' | 'open-row', Curve>>;
  authors: Readonly<Record<string, WorldAuthor>>;
  models: readonly WorldModel[];
  categories: Readonly<Record<string, WorldCategory>>;
  /** Means over all requests. */
  promptTokens: Curve;
  completionTokens: Curve;
  /** Part of a reasoning model's completion that is reasoning. */
  reasoningPart: number;
  /** Share of requests that offer tools, and of those that end in a tool call, before model and category count in. */
  toolsOffered: Curve;
  toolCalls: Curve;
  /** Continent → weight over time (of tokens) and its countries' weights. */
  places: Readonly<Record<string, { weight: Curve; countries: Readonly<Record<string, number>> }>>;
  /** Language → share of tokens and the countries where its speakers are billed; English is the rest. */
  languages: Readonly<Record<string, { share: number; countries: readonly string[] }>>;
  apps: Readonly<Record<string, number>>;
  /** Adopters of a model by month (`2025-05`); `*` for all others; `default` for models not named. */
  fits: Readonly<Record<string, Readonly<Record<string, Fit>>>>;
  /** How many accounts there are; null: as many as the traffic needs. */
  accounts: number | null;
  /** Generations that an account sends to a model in a month, on the whole. */
  generationsPerAccountMonth: number;
  /** 1 = accounts are alike; more = few of them carry much. */
  accountSkew: number;
  byokAccounts: number;
  /** Part of the labels that are those of another category, and of those under the threshold of 0.5. */
  wrongLabels: number;
  unsureLabels: number;
  /** One account's burst: its tool calls add this to the tokens of each day. */
  burst: { from: string; to: string; model: string; share: number } | null;
}
