/** Join files: which country, class and team an account belongs to. CSV or YAML, checked line by line. */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type CsvError, parse } from 'csv-parse/sync';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { CONTINENT_OF } from '../catalog/regions.ts';
import { explain, StateaiError } from '../generation/errors.ts';
import { isUtf16 } from './inputs.ts';

/** One account as its file states it; null = not stated. */
export interface AccountEntry {
  /** A name as it stands in the source, or a pseudonym. */
  account: string;
  country: string | null;
  class: string | null;
  team: string | null;
  line: number;
}

const COLUMNS = ['account', 'country', 'team', 'class'] as const;
type Column = (typeof COLUMNS)[number];
/** What a line states, unchecked; a column that is not there is undefined. */
type RawEntry = Partial<Record<Column, string>> & { line: number };

const LONGEST = 200;
/** So many problems are told at once. */
const MOST_TOLD = 10;
/** The class that is worked out from tokens. */
const BY_TOKENS = 'auto';

/** @throws `bad_accounts_file`, with the lines that are wrong; nothing of what they say is repeated */
export async function readAccountFile(path: string): Promise<AccountEntry[]> {
  const text = textOf(
    await readFile(path).catch((error) => {
      throw explain(error, `Reading ${path}`);
    }),
    path,
  );
  const isYaml = ['.yaml', '.yml'].includes(extname(path).toLowerCase());
  return checkEntries(isYaml ? fromYaml(text, path) : fromCsv(text, path), path);
}

/** Of names in another encoding no account would be found. */
function textOf(bytes: Buffer, path: string): string {
  if (isUtf16(bytes)) return new TextDecoder(bytes[0] === 0xfe ? 'utf-16be' : 'utf-16le').decode(bytes);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new StateaiError(
    'bad_accounts_file',
    `${path} is not UTF-8`,
    'Save it as UTF-8, or turn it into that: iconv -f latin1 -t utf8 (of Chinese text -f gb18030).',
  );
}

/** Checks every line. @throws `bad_accounts_file` */
function checkEntries(raw: readonly RawEntry[], path: string): AccountEntry[] {
  const problems: { line: number; problem: string }[] = [];
  const entries: AccountEntry[] = [];
  const first = new Map<string, AccountEntry>();
  for (const each of raw) {
    const { line } = each;
    const tell = (problem: string) => problems.push({ line, problem });
    const entry = {
      account: each.account?.trim() ?? '',
      country: countryOf(each.country, tell),
      class: classOf(each.class, tell),
      team: each.team?.trim() || null,
      line,
    };
    if (entry.account === '') tell('account is empty');
    for (const column of COLUMNS)
      if ((each[column]?.length ?? 0) > LONGEST) tell(`${column} is longer than ${LONGEST} characters`);
    const before = first.get(entry.account);
    if (before && entry.account !== '') tell(repeated(before, entry));
    else first.set(entry.account, entry);
    entries.push(entry);
  }
  if (problems.length > 0) throw refusal(path, problems);
  if (entries.length === 0) throw new StateaiError('bad_accounts_file', `${path} names no account`, NEXT);
  return entries;
}

const NEXT =
  'A join file has the columns account, country, team and class, of which all but account may be left out.';

function refusal(path: string, problems: readonly { line: number; problem: string }[]): StateaiError {
  const told = problems.slice(0, MOST_TOLD).map((p) => `${path}:${p.line}: ${p.problem}`);
  const more = problems.length - told.length;
  return new StateaiError(
    'bad_accounts_file',
    `${told.join('\n')}${more > 0 ? `\nand ${more} more` : ''}`,
    'Nothing was changed. Mend these lines and join the file again.',
  );
}

function countryOf(text: string | undefined, tell: (problem: string) => void): string | null {
  const code = text?.trim().toUpperCase() ?? '';
  if (code === '') return null;
  if (CONTINENT_OF.has(code)) return code;
  tell(
    code === 'UK'
      ? 'country is UK: the code of the United Kingdom is GB'
      : 'country is no code of ISO 3166-1 (two letters, such as DE)',
  );
  return null;
}

function classOf(text: string | undefined, tell: (problem: string) => void): string | null {
  if (text === undefined) return null;
  const name = text.trim().toLowerCase();
  if (name === BY_TOKENS) return null;
  if (name === '')
    tell(`class is empty: name one, write ${BY_TOKENS} to have it worked out, or leave out the column`);
  if (name === 'unknown') tell('class cannot be "unknown": that is what accounts without a name have');
  return name || null;
}

function repeated(before: AccountEntry, entry: AccountEntry): string {
  const differing = (['country', 'team', 'class'] as const).filter((c) => before[c] !== entry[c]);
  return differing.length === 0
    ? `the same account stands in line ${before.line}`
    : `the same account stands in line ${before.line} with another ${differing.join(' and ')}`;
}

function fromCsv(text: string, path: string): RawEntry[] {
  const [head, ...rows] = csvRows(text, path);
  const names = head?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  checkColumns(names, path);
  return rows.map(({ cells, line }) => {
    if (cells.length !== names.length)
      throw refusal(path, [{ line, problem: `${cells.length} values for ${names.length} columns` }]);
    return { line, ...Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])) };
  });
}

/** Rows with the line in which each begins. */
function csvRows(text: string, path: string): { cells: string[]; line: number }[] {
  const rows: { cells: string[]; line: number }[] = [];
  try {
    parse(text.replaceAll(/\r\n?/g, '\n'), {
      bom: true,
      delimiter: delimiterOf(text),
      record_delimiter: '\n',
      skip_empty_lines: true,
      relax_quotes: true,
      relax_column_count: true,
      on_record(cells: string[], { lines }) {
        // The parser tells where a row ends.
        rows.push({ cells, line: lines - cells.join('').split('\n').length + 1 });
        return cells;
      },
    });
  } catch (error) {
    const line = Number((error as CsvError).lines ?? 1);
    throw refusal(path, [{ line, problem: 'the file ends within quotation marks' }]);
  }
  return rows;
}

/** Spreadsheets write semicolons or tabs where the comma is the decimal sign. */
const delimiterOf = (text: string): string => /[,;\t]/.exec(text.split('\n', 1)[0] ?? '')?.[0] ?? ',';

function checkColumns(names: readonly string[], path: string): void {
  const strange = names.filter((name) => !(COLUMNS as readonly string[]).includes(name)).length;
  const twice = new Set(names).size < names.length;
  if (!names.includes('account')) throw refusal(path, [{ line: 1, problem: 'there is no column account' }]);
  if (names.length === 1) throw refusal(path, [{ line: 1, problem: 'nothing is stated beside the account' }]);
  if (strange > 0 || twice)
    throw refusal(path, [
      { line: 1, problem: twice ? 'a column stands twice' : `${strange} columns of other names` },
    ]);
}

/** A list of `{ account, country, team, class }`, or a map of account to the rest. */
function fromYaml(text: string, path: string): RawEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineOf = (node: unknown): number =>
    lines.linePos((node as { range?: [number] } | null)?.range?.[0] ?? 0).line;
  const [broken] = document.errors;
  if (broken) throw refusal(path, [{ line: broken.linePos?.[0].line ?? 1, problem: 'this is no YAML' }]);
  const wrong = (node: unknown, problem: string) => refusal(path, [{ line: lineOf(node), problem }]);
  const factsOf = (node: unknown): Partial<Record<Column, string>> => {
    if (!isMap(node)) throw wrong(node, 'expected account, country, team and class by name');
    const pairs = node.items.map(({ key, value }): [string, string] => {
      const name = isScalar(key) ? String(key.value) : '';
      if (!(COLUMNS as readonly string[]).includes(name)) throw wrong(key, 'a key of another name');
      if (value !== null && !isScalar(value)) throw wrong(value, `${name} is no text`);
      // YAML reads NO as false and 1e5 as a number: the text counts, as it stands.
      return [name, value?.source ?? ''];
    });
    return Object.fromEntries(pairs);
  };
  const { contents } = document;
  if (isSeq(contents)) return contents.items.map((item) => ({ ...factsOf(item), line: lineOf(item) }));
  if (isMap(contents))
    return contents.items.map(({ key, value }) => ({
      ...factsOf(value),
      account: isScalar(key) ? (key.source ?? String(key.value)) : '',
      line: lineOf(key),
    }));
  throw refusal(path, [{ line: 1, problem: 'expected a list of accounts' }]);
}
