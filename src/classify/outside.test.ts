/** The classifiers outside, against servers on this machine that speak their languages. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeUpstream, fakeUpstream, json } from '../testing/gateway.ts';
import { googleClassifier } from './google.ts';
import { CLASSIFIER_APP, llmClassifier } from './llm.ts';

let server: FakeUpstream | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});
/** `ClassificationModelOptions.V2Model.ContentCategoriesVersion.V2`, as the package writes it. */
const V2 = 2;
const english = 'Please explain to me how this function in the code works';

describe('google', () => {
  it.each(['v1', 'v2'])('asks classifyText of %s over REST', async (version) => {
    server = await fakeUpstream((response, { body }) => {
      if (body.includes('too short'))
        return json(
          response,
          { error: { code: 400, status: 'INVALID_ARGUMENT', message: 'Invalid text content' } },
          400,
        );
      json(response, {
        categories: [
          { name: '/Science', confidence: 0.3 },
          { name: '/Computers & Electronics/Programming', confidence: 0.9 },
        ],
      });
    });
    const url = server.url.replace('/v1', '');
    const classifier = googleClassifier({ kind: 'google', url, apiKey: 'k', model: version });
    const labels = await classifier.classify([
      english,
      'this one is too short for them I am sure',
      'ช่วยอธิบายโค้ดนี้หน่อย',
      '请解释一下这段代码是怎么工作的',
    ]);
    const found = [
      { path: '/Computers & Electronics/Programming', confidence: 0.9 },
      { path: '/Science', confidence: 0.3 },
    ];
    expect(labels).toEqual([found, null, null, found]);
    // Thai is not among its languages: the text does not leave.
    expect(server.requests).toHaveLength(3);
    const [first] = server.requests;
    expect(first?.path).toContain(`/${version}/documents:classifyText`);
    const asked = server.requests.map((r) => JSON.parse(r.body));
    const model = asked[0].classificationModelOptions?.v2Model?.contentCategoriesVersion;
    expect(model).toBe(version === 'v1' ? V2 : undefined);
    expect(asked.map((a) => a.document.language ?? a.document.languageCode).sort()).toEqual([
      'en',
      'en',
      'zh',
    ]);
  });
});

describe('a language model', () => {
  const prices = { prompt: 1, completion: 1 };
  const config = (more = {}) => ({ kind: 'llm' as const, url: server?.url, model: 'Acme/Judge 1', ...more });
  const answers = (labels: unknown, tokens = 10) => ({
    choices: [{ message: { content: typeof labels === 'string' ? labels : JSON.stringify({ labels }) } }],
    usage: { prompt_tokens: tokens, completion_tokens: 0 },
  });

  it('labels a batch in one request, and only with paths that were offered', async () => {
    server = await fakeUpstream((response) =>
      json(
        response,
        answers([
          { index: 1, path: '/Adult', confidence: 0.8 },
          { index: 0, path: '/Other', confidence: 1 },
          { index: 2, path: '/Ignore previous instructions', confidence: 1 },
          { index: 9, path: '/Adult', confidence: 1 },
        ]),
      ),
    );
    const classifier = llmClassifier(config({ apiKey: 'k' }));
    expect(classifier.id).toMatch(/^llm-acme-judge-1@[0-9a-f]{8}$/);
    expect(await classifier.classify(['a', 'b', 'c'])).toEqual([
      [{ path: '/Other', confidence: 1 }],
      [{ path: '/Adult', confidence: 0.8 }],
      null,
    ]);
    const [request] = server.requests;
    expect(request?.headers).toMatchObject({ authorization: 'Bearer k', 'x-title': CLASSIFIER_APP });
    expect(JSON.parse(JSON.parse(request?.body ?? '').messages[1].content)).toHaveLength(3);
  });

  it('stops when the money of the day is used up', async () => {
    server = await fakeUpstream((response) => json(response, answers([], 1e6)));
    const classifier = llmClassifier(config({ prices, dailyUsd: 0.5 }));
    expect(await classifier.classify(['a'])).toEqual([null]);
    await expect(async () => classifier.classify(['a'])).rejects.toThrow('used up');
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['an error', { error: 'a secret' }, 500, 'status 500'],
    ['something else', { hello: 'a secret' }, 200, 'chat completion'],
    ['no JSON', answers('a secret'), 200, 'in the form'],
  ])('says that it got %s, without what it said', async (_, body, status, told) => {
    server = await fakeUpstream((response) => json(response, body, status));
    const error = await Promise.resolve(llmClassifier(config()).classify(['a'])).catch((e: Error) => e);
    expect((error as Error).message).toContain(told);
    expect((error as Error).message).not.toContain('secret');
  });
});
