/** Makes of a file what the engine can read, whatever it is: told apart by content, unpacked, in UTF-8, with rows that end. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StateaiError } from '../../generation/errors.ts';
import { uniqueName } from '../../warehouse/files.ts';
import type { Reject } from '../door.ts';
import { compressionOf, contentOf, explainContent, inspect, spool } from '../inputs.ts';
import { openLines } from '../lines.ts';
import { writeRows } from './documents.ts';
import { jsonTexts, type TextAt } from './json-texts.ts';
import type { Mapping, TableFormat } from './mapping.ts';
import { type Kind, kindOf } from './sniff.ts';
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
      source = temporary('piped');
      await spool(path, source, { mostLine: Number.POSITIVE_INFINITY, onReject });
    }
    const looked = await inspect(source);
    if (looked.size === 0)
      throw new StateaiError('empty_file', `${path}: the file is empty`, 'Check the export.');
    const compressed = (await compressionOf(source)) !== 'none';
    if (looked.utf16 && mapping.format !== 'csv') {
      const decoded = temporary('txt');
      await spool(source, decoded, { mostLine: Number.POSITIVE_INFINITY, utf16: true, onReject });
      source = decoded;
    }
    const kind = await kindOf(source, path, mapping);
    const known = {
      format: kind.format,
      sha256: looked.sha256,
      size: looked.size,
      mtimeMs: path === '-' ? 0 : looked.mtimeMs,
      remove,
    };
    const longLines = looked.longestLine > LONGEST_ROW;
    if (kind.format === 'ndjson' && (kind.rewrite || (longLines && !compressed))) {
      const file = temporary('ndjson');
      const lines = await writeRows(textsOf(source, path, kind), file, mapping, reject);
      return { ...known, file, lines };
    }
    const inPlace =
      !compressed && (kind.format === 'parquet' || !(longLines || (looked.utf16 && source === path)));
    if (inPlace) return { ...known, file: source, lines: null };
    const file = temporary(kind.format);
    const mostLine = kind.format === 'parquet' ? Number.POSITIVE_INFINITY : LONGEST_ROW;
    const utf16 = looked.utf16 && mapping.format === 'csv';
    await spool(source, file, { mostLine, utf16, onReject: (r) => reject(r) });
    return { ...known, file, lines: null };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function* textsOf(source: string, name: string, kind: Kind): AsyncGenerator<TextAt> {
  const compression = await compressionOf(source);
  try {
    if (kind.documents) yield* jsonTexts(contentOf(source, compression) as AsyncIterable<Buffer>);
    else
      for await (const { text, line, tooLong } of (await openLines(source)).lines) {
        const bare = line === 1 ? text.replace(/^\ufeff/, '') : text;
        if (tooLong) yield { text: '', line, problem: 'the line is too long' };
        else if (bare.trim() !== '') yield { text: bare, line };
      }
  } catch (error) {
    throw explainContent(error, name, compression);
  }
}
