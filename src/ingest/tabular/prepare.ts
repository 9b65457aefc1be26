/** Makes of a file what the engine can read, whatever it is: told apart by content, unpacked, in UTF-8, with rows that end. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { StateaiError } from '../../generation/errors.ts';
import { uniqueName } from '../../warehouse/files.ts';
import type { Reject } from '../door.ts';
import {
  compressionOf,
  compressionOfHead,
  contentOf,
  explainContent,
  inspect,
  isUtf16,
  spool,
} from '../inputs.ts';
import { writeRows } from './documents.ts';
import { jsonTexts, type TextAt } from './json-texts.ts';
import { lineTexts } from './line-texts.ts';
import type { Mapping, TableFormat } from './mapping.ts';
import { headOf, headOfInput, type Kind, kindOf } from './sniff.ts';
import { LONGEST_ROW } from './table.ts';

export interface Prepared {
  format: TableFormat;
  /** A plain file for the engine. */
  file: string;
  sha256: string;
  size: number;
  mtimeMs: number;
  /** The line of the user's file at which each row stands (from 0), where the rows were rewritten. */
  lines: number[] | null;
  /** It held bytes that are no UTF-8, of a CSV, which were replaced. */
  mended: boolean;
  /** Deletes what was written. */
  remove(): Promise<void>;
}

/**
 * Plain files are read where they lie; what is compressed, piped, of another encoding or has endless lines is copied.
 * @param copy the file's content, where it is not to be read under its own name
 */
export async function prepare(
  path: string,
  mapping: Mapping,
  staging: string,
  onReject: (reject: Reject) => void,
  copy: string = path,
): Promise<Prepared> {
  const written: string[] = [];
  const remove = async () => {
    for (const file of written) await rm(file, { force: true });
  };
  const temporary = (ending: string) => {
    const file = join(staging, `input-${uniqueName()}.${ending}`);
    written.push(file);
    return file;
  };
  const reject = (r: Omit<Reject, 'file'>) => onReject({ ...r, file: path });
  try {
    let source = copy;
    if (path === '-') {
      const piped = await fromInput(mapping, temporary, reject);
      if (piped.lines) return { ...piped, remove };
      source = piped.file;
    }
    const looked = await inspect(source);
    if (looked.size === 0)
      throw new StateaiError('empty_file', `${path}: the file is empty`, 'Check the export.');
    const compressed = (await compressionOf(source, path)) !== 'none';
    if (looked.utf16 && mapping.format !== 'csv') {
      const decoded = temporary('txt');
      await spool(source, decoded, { mostLine: Number.POSITIVE_INFINITY, utf16: true, onReject });
      source = decoded;
    }
    const kind = kindOf(await headOf(source, path), mapping);
    const known = {
      format: kind.format,
      sha256: looked.sha256,
      size: looked.size,
      mtimeMs: path === '-' ? 0 : looked.mtimeMs,
      mended: false,
      remove,
    };
    const longLines = looked.longestLine > LONGEST_ROW;
    // What must be copied is copied without the columns that nobody mapped: they may hold prompts. Rows that are known by
    // their content stay as they are.
    const copied = (compressed || source !== path) && mapping.fields.id !== undefined;
    const illegible = !looked.utf8 && !compressed && !(looked.utf16 && source === path);
    const told = illegible && mapping.fields.id !== undefined;
    if (kind.format === 'ndjson' && (kind.rewrite || longLines || copied || told)) {
      const file = temporary('ndjson');
      const lines = await writeRows(textsOf(source, path, kind), file, mapping, reject);
      return { ...known, file, lines };
    }
    const inPlace =
      !compressed &&
      (kind.format !== 'csv' || !illegible) &&
      (kind.format === 'parquet' || !(longLines || (looked.utf16 && source === path)));
    if (inPlace) return { ...known, file: source, lines: null };
    const file = temporary(kind.format);
    const mostLine = kind.format === 'parquet' ? Number.POSITIVE_INFINITY : LONGEST_ROW;
    const utf16 = looked.utf16 && mapping.format === 'csv';
    const mend = kind.format === 'csv';
    const { mended } = await spool(source, file, { mostLine, utf16, mend, onReject: (r) => reject(r) });
    return { ...known, file, lines: null, mended };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Standard input: JSON is rewritten as it comes, anything else is copied to be looked at. */
async function fromInput(
  mapping: Mapping,
  temporary: (ending: string) => string,
  reject: (r: Omit<Reject, 'file'>) => void,
): Promise<Omit<Prepared, 'remove'>> {
  const head = await headOfInput(process.stdin);
  const packed = head.length === 0 || compressionOfHead(head) !== 'none' || isUtf16(head);
  const kind = kindOf(head, packed || !mapping.fields.id ? { ...mapping, format: 'csv' } : mapping);
  const known = { format: kind.format, mtimeMs: 0, mended: false };
  if (kind.format !== 'ndjson') {
    const file = temporary('piped');
    const mostLine = Number.POSITIVE_INFINITY;
    return {
      ...known,
      file,
      lines: null,
      ...(await spool('-', file, { mostLine, onReject: () => undefined })),
    };
  }
  const hash = createHash('sha256');
  const counted = { size: 0 };
  const input = process.stdin.pipe(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        counted.size += chunk.length;
        done(null, chunk);
      },
    }),
  );
  const file = temporary('ndjson');
  const lines = await writeRows(textsIn(input, kind), file, mapping, reject);
  return { ...known, file, lines, size: counted.size, sha256: hash.digest('hex') };
}

async function* textsOf(source: string, name: string, kind: Kind): AsyncGenerator<TextAt> {
  const compression = await compressionOf(source);
  try {
    yield* textsIn(contentOf(source, compression), kind);
  } catch (error) {
    throw explainContent(error, name, compression);
  }
}

const textsIn = (content: AsyncIterable<Buffer>, kind: Kind): AsyncGenerator<TextAt> =>
  kind.documents ? jsonTexts(content) : lineTexts(content);
