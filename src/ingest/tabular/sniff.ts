/** Tells by the first bytes what a file is: a CSV, JSON (lines, a list, documents) or Parquet. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { isObject } from '../../json/read.ts';
import { compressionOf, contentOf, explainContent } from '../inputs.ts';
import type { Mapping, TableFormat } from './mapping.ts';

export interface Kind {
  format: TableFormat;
  /** JSON that the engine cannot read as lines. */
  rewrite: boolean;
  /** A list or documents over several lines; otherwise a document is a line. */
  documents: boolean;
}

const ENOUGH = 1 << 16;

/** @param head the first bytes of the content, unpacked */
export function kindOf(head: Buffer, mapping: Mapping): Kind {
  const { format } = mapping;
  if (format === 'csv' || format === 'parquet') return { format, rewrite: false, documents: false };
  const text = new StringDecoder('utf8').write(head);
  if (format === 'any' && text.startsWith('PAR1'))
    return { format: 'parquet', rewrite: false, documents: false };
  const bare = text.replace(/^\ufeff/, '').trimStart();
  if (format === 'any' && !/^[[{]/.test(bare)) return { format: 'csv', rewrite: false, documents: false };
  const [first = '', ...others] = bare.split('\n');
  const second = others.map((line) => line.trim()).find((line) => line !== '') ?? '';
  const value = parsed(first);
  // Over several lines, an object goes on with a key or ends.
  const documents = bare.startsWith('[') || (value === undefined && /^["}]/.test(second));
  const wrapped = isObject(value) && (mapping.rows ?? []).some((key) => Object.hasOwn(value, key));
  // Of a first line that is longer than what was read nobody knows what it holds.
  const unseen = mapping.rows !== undefined && others.length === 0 && value === undefined;
  return {
    format: 'ndjson',
    documents,
    rewrite: documents || wrapped || unseen || text.startsWith('\ufeff'),
  };
}

/** @param name for messages */
export async function headOf(file: string, name: string): Promise<Buffer> {
  const compression = await compressionOf(file);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of contentOf(file, compression) as AsyncIterable<Buffer>) {
      parts.push(chunk);
      size += chunk.length;
      if (size >= ENOUGH) break;
    }
  } catch (error) {
    throw explainContent(error, name, compression);
  }
  return Buffer.concat(parts).subarray(0, ENOUGH);
}

/** The first bytes of standard input, which can be read again. */
export async function headOfInput(input: Readable): Promise<Buffer> {
  if (input.readableLength === 0 && !input.readableEnded) await once(input, 'readable');
  const head: Buffer | null = input.read();
  if (head) input.unshift(head);
  return head ?? Buffer.alloc(0);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
