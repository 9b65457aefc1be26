/**
 * Prompts of a file that people bring: a prompt a line, JSON lines, or a CSV table; UTF-8 or UTF-16, gzip too.
 *
 * Of JSON the user's words are `text`, else what a request to a model holds (`messages`, `input`, `prompt`), also below
 * `body`, as in batch files. Of a table they are the column `text`, else `prompt`.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StateaiError } from '../generation/errors.ts';
import { own, promptOf } from './input.ts';

export interface FilePrompt {
  /** From 1; of a table the line on which its row begins. */
  line: number;
  /** null where the line has JSON without a prompt. */
  text: string | null;
}

const COLUMNS = ['text', 'prompt'];
/** Bytes at the beginning that tell what the file is. */
const LOOKED_AT = 64 << 10;
const NAME_A_FILE = 'Name a file, or - for standard input.';
const SHAPE = 'It must be a prompt a line, JSON lines with "text", or CSV with a column "text".';

/**
 * Empty lines are left out.
 * @param path - for standard input
 * @throws `not_found`, `bad_file` where it is no file, none of text, or not of a shape that is read
 */
export async function* readPrompts(path: string): AsyncGenerator<FilePrompt> {
  const name = path === '-' ? 'standard input' : path;
  try {
    const input = path === '-' ? process.stdin : await fileAt(path);
    const text = await textOf(input, name);
    yield* /\.(csv|tsv)(\.gz)?$/i.test(path) ? rowsOf(text, path) : linesOf(text, name);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_STRING_TOO_LONG') throw bad(`${name} has a line that is too long`);
    if (code.startsWith('Z_')) throw bad(`${name} is no whole gzip file`, 'Unpack it yourself to see why.');
    throw error;
  }
}

/** The prompts of text in lines. @throws `bad_file` where it is one JSON value over several lines, or a list */
export async function* linesOf(input: Readable, name: string): AsyncGenerator<FilePrompt> {
  let line = 0;
  let isFirst = true;
  for await (const read of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const content = ++line === 1 ? read.replace(/^\uFEFF/, '') : read;
    if (content.trim() === '') continue;
    if (isFirst && isWholeJson(content))
      throw bad(`${name} is one JSON value, not one a line`, 'Make lines of its list: jq -c ".[]".');
    isFirst = false;
    const text = promptOfLine(content);
    if (text !== '') yield { line, text };
  }
}

async function* rowsOf(input: Readable, path: string): AsyncGenerator<FilePrompt> {
  const { CsvError, parse } = await import('csv-parse');
  let column = '';
  const rows = input.pipe(
    parse({
      bom: true,
      delimiter: /\.tsv/i.test(path) ? '\t' : [',', ';'],
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      columns: (names: string[]) => {
        const plain = names.map((n) => n.trim().toLowerCase());
        column = COLUMNS.find((c) => plain.includes(c)) ?? '';
        if (column === '')
          throw bad(`${path} has no column ${COLUMNS.map((c) => `"${c}"`).join(' or ')}`, 'Name one so.');
        return plain;
      },
    }),
  );
  input.on('error', (error) => rows.destroy(error));
  let line = 2;
  try {
    for await (const { record, info } of rows) {
      const text = own(record[column] ?? null);
      if (text !== null) yield { line, text };
      line = info.lines + 1;
    }
  } catch (error) {
    // Its message would quote the row.
    if (error instanceof CsvError)
      throw bad(`${path} is no CSV up to line ${error.lines}`, 'Check its quotes.');
    throw error;
  }
}

/** @throws `not_found`, `bad_file` */
async function fileAt(path: string): Promise<Readable> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new StateaiError('not_found', `${path} does not exist`, NAME_A_FILE);
  if (!found.isFile() && !found.isFIFO() && !found.isCharacterDevice())
    throw bad(`${path} is no file`, NAME_A_FILE);
  return createReadStream(path);
}

/** Unpacked, and as text. @throws `bad_file` where the beginning is no text */
async function textOf(input: Readable, name: string): Promise<Readable> {
  let [head, whole] = await peek(input);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const packed = whole;
    const unpacked = packed.pipe(createGunzip());
    packed.on('error', (error) => unpacked.destroy(error));
    [head, whole] = await peek(unpacked);
  }
  if (head[0] === 0xff && head[1] === 0xfe) return whole.setEncoding('utf16le');
  if (head.includes(0)) throw bad(`${name} holds no text`);
  if (!isUtf8(withoutCutCharacter(head)))
    throw bad(
      `${name} is not UTF-8`,
      'Save it as UTF-8, or turn it into that: iconv -f latin1 -t utf8 (of Chinese text -f gb18030).',
    );
  return whole;
}

/** The beginning of a stream, and the stream with that in front again. */
async function peek(input: Readable): Promise<[Buffer, Readable]> {
  const chunks = input[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first: Buffer[] = [];
  for (let length = 0; length < LOOKED_AT; ) {
    const { done, value } = await chunks.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  const head = Buffer.concat(first);
  async function* all(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  return [head.subarray(0, LOOKED_AT), Readable.from(all(), { objectMode: false })];
}

/** A character may have begun at the end of what was looked at. */
function withoutCutCharacter(head: Buffer): Buffer {
  for (let end = head.length; end > head.length - 4 && end > 0; end--)
    if (((head[end - 1] ?? 0) & 0xc0) === 0xc0) return head.subarray(0, end - 1);
  return head;
}

const bad = (message: string, next = SHAPE): StateaiError => new StateaiError('bad_file', message, next);

/** A list, or an object that goes on below: no file of lines begins so. */
function isWholeJson(line: string): boolean {
  if (/^\s*(\[|\{|\[\s*\{)\s*$/.test(line)) return true;
  if (!/^\s*\[\s*[{"]/.test(line)) return false;
  return Array.isArray(jsonOf(line));
}

/** The prompt of a line, '' where it has none of a user's own words; null where it is JSON without a prompt. */
function promptOfLine(line: string): string | null {
  const row = /^\s*[{"]/.test(line) ? jsonOf(line) : undefined;
  // A prompt may begin with a brace or a quote.
  if (row === undefined) return own(line) ?? '';
  if (typeof row === 'string') return own(row) ?? '';
  return promptOfRow(row as Record<string, unknown>);
}

function promptOfRow(row: Record<string, unknown>): string | null {
  const { body } = row;
  const request = (typeof body === 'object' && body !== null ? body : row) as Record<string, unknown>;
  const { text = request.text } = row;
  if (typeof text === 'string') return own(text) ?? '';
  const bytes = bytesOf(request);
  return bytes && (promptOf('chat', bytes) ?? promptOf('responses', bytes) ?? promptOf('completions', bytes));
}

/** null where it is nested too deeply to be written. */
function bytesOf(value: unknown): Buffer | null {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch {
    return null;
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
