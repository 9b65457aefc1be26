/** Providers with a dialect of their own (Gemini, Bedrock's Converse, Vertex), answered in chat through the AI SDK. */
import { randomUUID } from 'node:crypto';
import type { JsonObject, LocalCall, LocalUpstream } from '../contract.ts';
import { completionOf } from './ai-sdk-answer.ts';
import { chunksOfParts } from './ai-sdk-chunks.ts';
import { explainSdkError } from './ai-sdk-errors.ts';
import { callOptions } from './ai-sdk-options.ts';
import { loadProvider, type SdkProvider, type SdkProviderSettings } from './ai-sdk-providers.ts';

export type { SdkProvider, SdkProviderSettings } from './ai-sdk-providers.ts';

/** An upstream of one of the built-in kinds. Its package is loaded with the first call. */
export function aiSdkUpstream(settings: SdkProviderSettings): LocalUpstream {
  let loading: Promise<SdkProvider> | null = null;
  return sdkUpstream(() => {
    loading ??= loadProvider(settings);
    return loading;
  });
}

/**
 * An upstream made from any provider of the AI SDK.
 * Errors are `bad_request` where a field has no counterpart, else `LocalUpstreamError`s.
 */
function sdkUpstream(load: () => Promise<SdkProvider>): LocalUpstream {
  async function prepare(body: JsonObject, call: LocalCall) {
    const provider = await load();
    const model = provider.model(call.model, call.apiKey);
    const reasoning = provider.reasoning(call.model);
    const supported = await model.supportedUrls;
    const takesUrl = (url: string, mediaType: string) => fits(supported, url, mediaType);
    const options = callOptions(body, { reasoning, takesUrl }, provider.own);
    const context = { model: call.model, id: `gen-${randomUUID()}`, reasoning };
    return { model, context, options: { ...options, abortSignal: call.signal } };
  }

  return {
    async generate(body, call) {
      try {
        const { model, options, context } = await prepare(body, call);
        return completionOf(await model.doGenerate(options), context);
      } catch (error) {
        throw explainSdkError(error, call.signal);
      }
    },
    async *stream(body, call) {
      try {
        const { model, options, context } = await prepare(body, call);
        const chunksOf = chunksOfParts(context);
        const { stream } = await model.doStream(options);
        for await (const part of stream) {
          if (part.type === 'error') throw part.error;
          yield* chunksOf(part);
        }
      } catch (error) {
        throw explainSdkError(error, call.signal);
      }
    },
  };
}

function fits(supported: Record<string, RegExp[]>, url: string, mediaType: string): boolean {
  return Object.entries(supported).some(([type, patterns]) => {
    const [kind] = type.split('/');
    const matches =
      type === '*' || type === '*/*' || type === mediaType || type === `${mediaType.split('/')[0]}/*`;
    return kind !== undefined && matches && patterns.some((pattern) => pattern.test(url));
  });
}
