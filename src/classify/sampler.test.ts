import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { PromptBytes } from '../gateway/contract.ts';
import type { Generation } from '../generation/generation.ts';
import { unknownGeneration } from '../generation/generation.ts';
import {
  chatBody,
  fakeUpstream,
  json,
  openToAll,
  type TestGateway,
  testGateway,
} from '../testing/gateway.ts';
import type { Classifier } from './contract.ts';
import { CLASSIFIER_APP } from './llm.ts';
import { createSampler, type SamplerOptions } from './sampler.ts';

const record = (id: string, app: string | null = null): Generation => ({
  ...(unknownGeneration({ id, createdAt: 0, model: 'm', source: 'gateway' }) as Generation),
  app,
});
const prompt = (text: string): PromptBytes => {
  const body = Buffer.from(JSON.stringify({ prompt: text }));
  return { dialect: 'completions', body, members: [{ key: 'prompt', start: 10, end: body.length - 1 }] };
};
const code: Classifier = {
  id: 'test@1',
  batch: 1,
  classify: (texts) => texts.map((t) => (t.includes('code') ? [{ path: '/Code', confidence: 0.9 }] : [])),
};
const sampler = (more: Partial<SamplerOptions> = {}) =>
  createSampler({ settings: () => ({ rate: 1, exceptApps: [] }), classifier: () => code, ...more });

/** What becomes of one prompt after another. */
async function annotated(texts: readonly string[], more: Partial<SamplerOptions> = {}, maySample = true) {
  const s = sampler(more);
  const out: Generation[] = [];
  for (const [i, text] of texts.entries())
    s.annotate(record(`g${i}`), prompt(text), maySample, (r) => out.push(r));
  // The language is told at once, labels when there is time.
  expect(out.every((r) => r.labels === null)).toBe(true);
  await s.flush();
  return { out, counts: s.counts };
}

describe('the sampler', () => {
  it('writes language and labels, with the rate and who labelled', async () => {
    const { out, counts } = await annotated([
      'Please write some code for me',
      'как дела, что нового сегодня',
    ]);
    expect(out).toMatchObject([
      { language: 'en', labels: [{ path: '/Code' }], classifier: 'test@1', sampleRate: 1 },
      { language: 'ru', labels: [], classifier: 'test@1', sampleRate: 1 },
    ]);
    expect(counts).toEqual({ sampled: 2, labelled: 2, dropped: 0 });
  });

  it('writes the language alone where the coin says no', async () => {
    const { out, counts } = await annotated(['Please write some code for me'], {
      random: () => 0.99999,
      settings: () => ({ rate: 0.5, exceptApps: [] }),
    });
    expect(out).toMatchObject([{ language: 'en', labels: null, classifier: null, sampleRate: null }]);
    expect(counts.sampled).toBe(0);
  });

  it('is fair, and does not look at what it decides about', async () => {
    const texts = Array.from({ length: 9000 }, (_, i) => (i % 2 ? 'code' : 'a much longer text '.repeat(20)));
    const { out } = await annotated(texts, { settings: () => ({ rate: 0.1, exceptApps: [] }) });
    const chosen = out
      .map((r) => [r.sampleRate !== null, Number(r.id.slice(1)) % 2] as const)
      .filter(([is]) => is);
    // Six standard deviations of 9000 tosses at 0.1, and of half of them.
    expect(Math.abs(chosen.length - 900)).toBeLessThan(6 * Math.sqrt(9000 * 0.09));
    expect(Math.abs(chosen.filter(([, odd]) => odd).length - 450)).toBeLessThan(6 * Math.sqrt(4500 * 0.09));
  });

  it('leaves out accounts and apps that opted out, and its own requests', async () => {
    const opted = await annotated(['some code'], {}, false);
    expect(opted.out[0]).toMatchObject({ labels: null, sampleRate: null });
    const s = sampler({ settings: () => ({ rate: 1, exceptApps: ['quiet'] }) });
    const out: Generation[] = [];
    for (const app of ['quiet', CLASSIFIER_APP, 'loud'])
      s.annotate(record(app, app), prompt('some code'), true, (r) => out.push(r));
    await s.flush();
    expect(out.map((r) => r.sampleRate)).toEqual([null, null, 1]);
  });

  it('passes on what finds no room, without labels and rate, and counts it', async () => {
    const { out, counts } = await annotated(
      Array.from({ length: 5 }, () => 'some code'),
      { mostWaiting: 2 },
    );
    expect(out).toHaveLength(5);
    expect(out.filter((r) => r.labels !== null && r.sampleRate === 1)).toHaveLength(2);
    expect(
      out.filter((r) => r.labels === null && r.sampleRate === null && r.classifier === null),
    ).toHaveLength(3);
    expect(counts).toEqual({ sampled: 5, labelled: 2, dropped: 3 });
  });

  it('asks a slow classifier in batches, and goes on without it when it fails or takes too long', async () => {
    const sizes: number[] = [];
    const slow: Classifier = {
      id: 'slow@1',
      batch: 3,
      async classify(texts) {
        sizes.push(texts.length);
        await sleep(5);
        return texts.map(() => [{ path: '/A', confidence: 1 }]);
      },
    };
    const good = await annotated(['a', 'b', 'c', 'd'], { classifier: () => slow });
    expect(sizes).toEqual([3, 1]);
    expect(good.counts).toEqual({ sampled: 4, labelled: 4, dropped: 0 });
    const failing: Classifier = { ...slow, classify: () => Promise.reject(new Error('no')) };
    const bad = await annotated(['a', 'b', 'c'], { classifier: () => failing });
    expect(bad.out).toMatchObject(Array(3).fill({ labels: null, sampleRate: null, classifier: null }));
    expect(bad.counts.dropped).toBe(3);
    const hanging: Classifier = { ...slow, classify: () => sleep(60_000, [], { ref: false }) };
    const late = await annotated(['a', 'b', 'c'], { classifier: () => hanging, mostMs: 10 });
    expect(late.counts).toEqual({ sampled: 3, labelled: 0, dropped: 3 });
  });

  it('asks once for a prompt that goes alone to a slow classifier, and bears it when that fails', async () => {
    let asked = 0;
    const one: Classifier = {
      id: 'one@1',
      batch: 1,
      async classify() {
        const number = ++asked;
        await sleep(1);
        if (number === 2) throw new Error('no');
        return [[{ path: '/A', confidence: 1 }]];
      },
    };
    const { counts } = await annotated(['a', 'b', 'c'], { classifier: () => one });
    expect(asked).toBe(3);
    expect(counts).toEqual({ sampled: 3, labelled: 2, dropped: 1 });
  });

  it('keeps nothing back when another classifier takes smaller batches than the one before', async () => {
    const of = (batch: number): Classifier => ({ ...code, batch });
    let now = of(20);
    const s = sampler({ classifier: () => now });
    const out: Generation[] = [];
    for (let i = 0; i < 11; i++) s.annotate(record(`g${i}`), prompt('some code'), true, (r) => out.push(r));
    await sleep(50);
    now = of(4);
    await sleep(1500);
    expect(out).toHaveLength(11);
  });

  it('lets go what still waits when its time to end is over, and hears nothing of it later', async () => {
    const answer = Promise.withResolvers<[]>();
    const hanging: Classifier = { ...code, batch: 2, classify: () => answer.promise };
    const s = sampler({ classifier: () => hanging });
    const out: Generation[] = [];
    for (const id of ['a', 'b', 'c'])
      s.annotate(record(id), prompt('Please write some code for me'), true, (r) => out.push(r));
    await s.flush(20);
    expect(out.map((r) => [r.id, r.labels, r.language]).sort()).toEqual(
      ['a', 'b', 'c'].map((id) => [id, null, 'en']),
    );
    answer.resolve([]);
    await sleep(1);
    expect(out).toHaveLength(3);
    expect(s.counts).toEqual({ sampled: 3, labelled: 0, dropped: 3 });
  });

  it('has nothing to be sure of without text', async () => {
    const s = sampler();
    const out: Generation[] = [];
    s.annotate(record('g'), null, true, (r) => out.push(r));
    await s.flush();
    expect(out).toMatchObject([{ language: null, labels: [], sampleRate: 1 }]);
  });
});

describe('in the gateway', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function open(sampling: boolean): Promise<TestGateway> {
    const upstream = await fakeUpstream((response) => json(response, chatBody()));
    const accounts = {
      ...openToAll,
      authenticate: async () => {
        const caller = await openToAll.authenticate(null);
        return { ...caller, account: { ...caller.account, sampling } };
      },
    };
    const provider = { slug: 'up', url: upstream.url, lists: false, models: [{ slug: 'acme/m', id: 'm' }] };
    const gateway = await testGateway({ providers: [provider] }, accounts, sampler().annotate);
    closing.push(gateway.close, upstream.close);
    return gateway;
  }
  const ask = (gateway: TestGateway) =>
    fetch(`${gateway.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'acme/m',
        messages: [{ role: 'user', content: 'Please explain this code to me' }],
      }),
    }).then((r) => r.text());

  it('each record gets its language, sampled ones their labels', async () => {
    const gateway = await open(true);
    await ask(gateway);
    expect(await gateway.record()).toMatchObject({
      language: 'en',
      labels: [{ path: '/Code', confidence: 0.9 }],
      classifier: 'test@1',
      sampleRate: 1,
    });
  });

  it('an account that opted out is not sampled', async () => {
    const gateway = await open(false);
    await ask(gateway);
    expect(await gateway.record()).toMatchObject({ language: 'en', labels: null, sampleRate: null });
  });
});
