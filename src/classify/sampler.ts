/**
 * The sampler: a fair coin for each generation, before its text is looked at; the language of every prompt, labels of the
 * sampled ones. The language is told as soon as the answer is out; labels in what time the event loop has left, on a queue
 * of bounded length. The text lives until its labels are there, and nowhere but in that queue.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Annotate } from '../gateway/contract.ts';
import type { Generation } from '../generation/generation.ts';
import type { Classifier } from './contract.ts';
import { promptOf } from './input.ts';
import { languageOf } from './language.ts';
import { CLASSIFIER_APP } from './llm.ts';

export interface SamplerOptions {
  /** Looked at for each generation. `rate` in [0, 1]. */
  settings(): { rate: number; exceptApps: readonly string[] };
  /** Of now; null = labels are switched off, and nothing is sampled. */
  classifier(): Classifier | null;
  /** In [0, 1). */
  random?(): number;
  /** Generations that may wait; what is over goes on without language and labels. */
  mostWaiting?: number;
  /** Time that a classifier has for a batch. */
  mostMs?: number;
}

export interface Sampler {
  annotate: Annotate;
  /**
   * The same for a prompt whose text must be made first: it is made only if the coin chose the generation, so that its
   * language is known of those alone. `done` is called once, in any case.
   */
  annotateText(
    record: Generation,
    text: () => string | null,
    maySample: boolean,
    done: (record: Generation) => void,
  ): void;
  /** Since the start. `dropped`: chosen by the coin, but recorded without labels. */
  counts: { sampled: number; labelled: number; dropped: number };
  /** Resolves when nothing waits, or after so many milliseconds: what waits then goes on without labels. */
  flush(mostMs?: number): Promise<void>;
}

interface Item {
  record: Generation;
  text: string | null;
  /** null = not sampled. */
  rate: number | null;
  done(record: Generation): void;
}
interface Sampled extends Item {
  rate: number;
}

/** About 20 MB of prompts. */
const MOST_WAITING = 10_000;
const MOST_MS = 60_000;
/** The event loop is given back after this long. */
const SLICE_MS = 4;
/** A batch that does not fill goes after this long. */
const GATHER_MS = 1000;

export function createSampler(options: SamplerOptions): Sampler {
  const { random = Math.random, mostWaiting = MOST_WAITING, mostMs = MOST_MS } = options;
  const counts = { sampled: 0, labelled: 0, dropped: 0 };
  /** All that are not recorded yet, wherever they are. */
  const open = new Set<Item>();
  let queue: Item[] = [];
  let isPumping = false;
  /** Sampled, their language known, waiting for a batch of a classifier. */
  const gathered: Sampled[] = [];
  let gathering: NodeJS.Timeout | null = null;
  /** In a classifier's hands. */
  let out = 0;
  let whenIdle: (() => void)[] = [];

  const finish = (item: Item) => {
    open.delete(item);
    item.text = null;
    item.done(item.record);
    if (open.size > 0) return;
    for (const idle of whenIdle) idle();
    whenIdle = [];
  };
  const drop = (item: Item) => {
    if (!open.has(item)) return;
    if (item.rate !== null) counts.dropped++;
    finish(item);
  };
  const label = (item: Sampled, labels: Generation['labels'], classifier: Classifier) => {
    if (labels === null || !open.has(item)) return drop(item);
    counts.labelled++;
    item.record.labels = labels;
    item.record.classifier = classifier.id;
    item.record.sampleRate = item.rate;
    finish(item);
  };

  const send = (classifier: Classifier | null) => {
    const batch = gathered.splice(0, classifier?.batch ?? gathered.length);
    // Nothing of an error is told: it may repeat a prompt. The count of drops says that it happened.
    const failed = () => batch.forEach(drop);
    // It was switched off meanwhile.
    if (!classifier) return failed();
    const received = (all: readonly Generation['labels'][]) => {
      for (const [i, item] of batch.entries()) label(item, all[i] ?? null, classifier);
    };
    try {
      const answer = classifier.classify(batch.map((item) => item.text ?? ''));
      if (Array.isArray(answer)) return received(answer);
      out += batch.length;
      const back = () => {
        out -= batch.length;
      };
      void withinTime(answer, mostMs).finally(back).then(received).catch(failed);
    } catch {
      failed();
    }
  };
  /** Also those that fill no batch: the classifier of now may want them in other numbers than the one before. */
  const sendAll = () => {
    if (gathering) clearTimeout(gathering);
    gathering = null;
    while (gathered.length > 0) send(options.classifier());
  };

  const work = (item: Item) => {
    const { text } = item;
    if (text !== null) item.record.language = languageOf(text);
    if (!isSampled(item)) return finish(item);
    const classifier = options.classifier();
    if (!classifier) return drop(item);
    // Without a user's text there is nothing to be sure of.
    if (text === null) return label(item, [], classifier);
    if (gathered.length + out >= mostWaiting) return drop(item);
    gathered.push(item);
    if (gathered.length >= classifier.batch) sendAll();
    else gathering ??= setTimeout(sendAll, GATHER_MS);
  };

  const pump = () => {
    const until = performance.now() + SLICE_MS;
    let at = 0;
    while (at < queue.length && performance.now() < until) {
      const item = queue[at++];
      try {
        if (item) work(item);
      } catch {
        if (item) drop(item);
      }
    }
    queue = queue.slice(at);
    isPumping = queue.length > 0;
    if (isPumping) setImmediate(pump);
  };

  /** The coin: its rate if it chose the generation, else null. */
  const toss = (record: Generation, maySample: boolean): number | null => {
    const { rate, exceptApps } = options.settings();
    const app = record.app ?? '';
    const takesPart =
      maySample && app !== CLASSIFIER_APP && !exceptApps.includes(app) && options.classifier() !== null;
    const isChosen = takesPart && random() < rate;
    if (isChosen) counts.sampled++;
    return isChosen ? rate : null;
  };
  const take = (item: Item, text: () => string | null) => {
    open.add(item);
    if (queue.length >= mostWaiting) return drop(item);
    try {
      item.text = text();
    } catch {
      return drop(item);
    }
    queue.push(item);
    if (isPumping) return;
    isPumping = true;
    setImmediate(pump);
  };

  return {
    counts,
    annotate(record, prompt, maySample, done) {
      const text = () => prompt && promptOf(prompt.dialect, prompt.body, prompt.members);
      const rate = toss(record, maySample);
      if (rate === null) tellLanguage(record, text, done);
      else take({ record, text: null, rate, done }, text);
    },
    annotateText(record, text, maySample, done) {
      const rate = toss(record, maySample);
      if (rate === null) done(record);
      else take({ record, text: null, rate, done }, text);
    },
    async flush(most = 10_000) {
      if (open.size === 0) return;
      const idle = new Promise<void>((resolve) => {
        whenIdle.push(resolve);
      });
      sendAll();
      await Promise.race([idle, sleep(most, undefined, { ref: false })]);
      queue = [];
      gathered.length = 0;
      open.forEach(drop);
    },
  };
}

/** At once: the answer is out, and a record that waits is one that a killed process loses. */
function tellLanguage(
  record: Generation,
  text: () => string | null,
  done: (record: Generation) => void,
): void {
  try {
    const prompt = text();
    if (prompt !== null) record.language = languageOf(prompt);
  } catch {
    // Recorded without.
  }
  done(record);
}

const isSampled = (item: Item): item is Sampled => item.rate !== null;

async function withinTime<T>(work: T | Promise<T>, mostMs: number): Promise<T> {
  const late = new AbortController();
  try {
    const timeout = sleep(mostMs, undefined, { signal: late.signal, ref: false }).then(() => {
      throw new Error('too late');
    });
    timeout.catch(() => undefined);
    return await Promise.race([work, timeout]);
  } finally {
    late.abort();
  }
}
