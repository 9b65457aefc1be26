/** The body of an answer, in one piece. */
import { type UpstreamAnswer, UpstreamError } from './http.ts';

/** @throws `UpstreamError` where it breaks off or is larger than `most` bytes */
export function readWhole(answer: UpstreamAnswer, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.consume({
      data(chunk) {
        bytes += chunk.length;
        if (bytes > most) reject(new UpstreamError('too_large', 'The provider’s answer is too large'));
        else chunks.push(chunk);
      },
      end: () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
      error: reject,
    });
  });
}
