/** A file's lines, one at a time, bounded in memory. */
import { createHash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { compressionOf, contentOf, explainContent } from './inputs.ts';

/** Longer lines are handed on empty, marked as too long. */
export const LONGEST_LINE = 64 << 20;

export interface Line {
  text: string;
  line: number;
  tooLong?: boolean;
}

export interface LineFile {
  lines: AsyncIterable<Line>;
  /** SHA-256 of the content, known when all lines are read. */
  sha256(): string;
}

/** Opens a log file (plain, gzip or zstd). Errors while reading say what is wrong with the file. */
export async function openLines(path: string): Promise<LineFile> {
  const compression = path === '-' ? 'none' : await compressionOf(path);
  const hash = createHash('sha256');
  async function* read(): AsyncGenerator<Line> {
    const decoder = new StringDecoder('utf8');
    let held = '';
    let line = 0;
    let skipping = false;
    try {
      for await (const chunk of contentOf(path, compression) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        const text = decoder.write(chunk);
        let from = 0;
        for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
          line++;
          const tail = text.slice(from, at);
          if (skipping) yield { text: '', line, tooLong: true };
          else yield { text: trimReturn(held ? held + tail : tail), line };
          held = '';
          skipping = false;
          from = at + 1;
        }
        if (!skipping) held += text.slice(from);
        if (held.length > LONGEST_LINE) {
          skipping = true;
          held = '';
        }
      }
    } catch (error) {
      throw explainContent(error, path, compression);
    }
    held += decoder.end();
    if (skipping) yield { text: '', line: line + 1, tooLong: true };
    else if (held) yield { text: trimReturn(held), line: line + 1 };
  }
  let digest: string | null = null;
  return {
    lines: read(),
    sha256() {
      digest ??= hash.digest('hex');
      return digest;
    },
  };
}

const trimReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text);
