/**
 * Google Cloud's Natural Language API as a classifier: `classifyText` of version 1 with the V2 model (1,091 categories),
 * or of version 2. The sampled prompts are sent to Google; the package is loaded when the first of them is.
 */
import type { ClassifierConfig } from '../gateway/config/config.ts';
import type { Label } from '../generation/generation.ts';
import type { Classifier } from './contract.ts';
import { languageOf } from './language.ts';
import { createSpendLimit } from './spend-limit.ts';

/** Languages of `classifyText` with the V2 model, by our tags; other text is not sent. */
const LANGUAGES: Readonly<Record<string, string>> = {
  en: 'en',
  'zh-Hans': 'zh',
  'zh-Hant': 'zh-Hant',
  nl: 'nl',
  fr: 'fr',
  de: 'de',
  it: 'it',
  ja: 'ja',
  ko: 'ko',
  pt: 'pt',
  ru: 'ru',
  es: 'es',
};
/** USD for a text of up to 1,000 characters, as listed without the monthly free part. */
const USD_A_TEXT = 0.002;
/** Requests at a time. */
const BATCH = 8;
/**
 * A text that cannot be classified, being too short or in a language that it does not know: gRPC's INVALID_ARGUMENT, or
 * its HTTP status where the package passes that on.
 */
const INVALID_ARGUMENT = new Set<unknown>([3, 400, '400']);

interface Category {
  name?: string | null;
  confidence?: number | null;
}
type Classify = (content: string, language: string | undefined) => Promise<Category[]>;

export function googleClassifier(config: ClassifierConfig): Classifier {
  const version = config.model ?? 'v1';
  const limit = createSpendLimit(config.dailyUsd);
  let client: Promise<Classify> | null = null;
  const labelsOf = async (text: string, classify: Classify): Promise<Label[] | null> => {
    const language = languageOf(text);
    if (language !== null && !(language in LANGUAGES)) return null;
    limit.add(USD_A_TEXT);
    try {
      const categories = await classify(text, language === null ? undefined : LANGUAGES[language]);
      return categories
        .flatMap(({ name, confidence }) => (name ? [{ path: name, confidence: confidence ?? 0 }] : []))
        .sort((a, b) => b.confidence - a.confidence);
    } catch (error) {
      const { code, status } = error as { code?: unknown; status?: unknown };
      if (INVALID_ARGUMENT.has(code) || INVALID_ARGUMENT.has(status)) return null;
      throw error;
    }
  };
  return {
    id: `google@${version === 'v1' ? 'v1-V2' : 'v2'}`,
    batch: BATCH,
    async classify(texts) {
      limit.check();
      client ??= connect(config);
      const classify = await client.catch((error) => {
        client = null;
        throw error;
      });
      return Promise.all(texts.map((text) => labelsOf(text, classify)));
    },
  };
}

async function connect(config: ClassifierConfig): Promise<Classify> {
  const { v1, v2 } = await import('@google-cloud/language');
  const address = config.url ? new URL(config.url) : null;
  const options = {
    // REST, which passes proxies that gRPC does not.
    fallback: true as const,
    ...(config.apiKey ? { apiKey: config.apiKey } : {}),
    ...(address
      ? {
          protocol: address.protocol.replace(':', ''),
          apiEndpoint: address.hostname,
          port: Number(address.port) || (address.protocol === 'https:' ? 443 : 80),
        }
      : {}),
  };
  const call = { timeout: config.timeoutMs ?? 30_000 };
  if (config.model === 'v2') {
    const client = new v2.LanguageServiceClient(options);
    return async (content, languageCode) => {
      const document = { content, type: 'PLAIN_TEXT' as const, ...(languageCode ? { languageCode } : {}) };
      const [answer] = await client.classifyText({ document }, call);
      return answer.categories ?? [];
    };
  }
  const client = new v1.LanguageServiceClient(options);
  const classificationModelOptions = { v2Model: { contentCategoriesVersion: 'V2' as const } };
  return async (content, language) => {
    const document = { content, type: 'PLAIN_TEXT' as const, ...(language ? { language } : {}) };
    const [answer] = await client.classifyText({ document, classificationModelOptions }, call);
    return answer.categories ?? [];
  };
}
