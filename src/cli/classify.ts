/** `stateai classify`: labels of prompts in a file, for logs of one's own. The text is read and not told again. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Classifier } from '../classify/contract.ts';
import { embeddedClassifier, THRESHOLD } from '../classify/embedded.ts';
import { own } from '../classify/input.ts';
import { languageOf } from '../classify/language.ts';
import { classifierOf } from '../classify/open.ts';
import { loadRollup, type Rollup } from '../classify/rollup.ts';
import { readConfig } from '../gateway/config/config.ts';
import { StateaiError } from '../generation/errors.ts';
import type { Label } from '../generation/generation.ts';

export interface ClassifiedLine {
  /** From 1. */
  line: number;
  path: string | null;
  category: string;
  tag: string;
  confidence: number | null;
  language: string | null;
  classifier: string;
}

const COLUMNS = ['line', 'path', 'category', 'tag', 'confidence', 'language', 'classifier'] as const;
type Format = 'table' | 'json' | 'csv';

export async function classifyCommand(
  file: string,
  options: { format: Format; data: string; config?: string },
): Promise<void> {
  const input = file === '-' ? process.stdin : await textFile(file);
  const classifier = options.config
    ? classifierOf(readConfig(options.config).classifier)
    : embeddedClassifier();
  if (!classifier)
    throw new StateaiError(
      'bad_config',
      'The classifier is off',
      'Set `classifier.kind` in the configuration.',
    );
  const { format } = options;
  if (format !== 'json') process.stdout.write(rowOf(COLUMNS, format));
  const unread: number[] = [];
  for await (const line of classifyLines(input, classifier, loadRollup(options.data), (n) => unread.push(n)))
    process.stdout.write(
      format === 'json'
        ? `${JSON.stringify(line)}\n`
        : rowOf(
            COLUMNS.map((c) => line[c]),
            format,
          ),
    );
  if (unread.length === 0) return;
  process.stderr.write(
    `${unread.length.toLocaleString('en-GB')} lines of JSON have no "text" and were passed over: ${unread.slice(0, SHOWN).join(', ')}${unread.length > SHOWN ? ' …' : ''}\n  Each line is a prompt, or JSON with "text".\n`,
  );
  process.exitCode = 1;
}

/** Numbers of lines that an error lists. */
const SHOWN = 20;
/** Text has no zero bytes; what has one within so many is no text. */
const LOOKED_AT = 64 << 10;

/** @throws `not_found`, `bad_file` where it is no file, or none of text */
async function textFile(path: string): Promise<Readable> {
  const found = await stat(path).catch(() => null);
  if (!found)
    throw new StateaiError('not_found', `${path} does not exist`, 'Name a file, or - for standard input.');
  if (!found.isFile() && !found.isFIFO())
    throw new StateaiError('bad_file', `${path} is no file`, 'Name a file, or - for standard input.');
  if (found.isFile()) {
    const handle = await open(path);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0);
    await handle.close();
    if (buffer.subarray(0, bytesRead).includes(0))
      throw new StateaiError('bad_file', `${path} holds no text`, 'It must be UTF-8, a prompt a line.');
  }
  return createReadStream(path);
}

/**
 * Empty lines are passed over.
 * @param onUnread is told the number of a line of JSON without text
 */
export async function* classifyLines(
  input: Readable,
  classifier: Classifier,
  rollup: Rollup,
  onUnread: (line: number) => void,
): AsyncGenerator<ClassifiedLine> {
  const size = Math.max(64, classifier.batch);
  let batch: { line: number; text: string }[] = [];
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const text = textOf(line);
    if (text === undefined) onUnread(number);
    else if (text !== null) batch.push({ line: number, text });
    if (batch.length < size) continue;
    yield* await labelled(batch, classifier, rollup);
    batch = [];
  }
  yield* await labelled(batch, classifier, rollup);
}

async function labelled(
  batch: readonly { line: number; text: string }[],
  classifier: Classifier,
  rollup: Rollup,
): Promise<ClassifiedLine[]> {
  const labels: (Label[] | null)[] = [];
  for (let i = 0; i < batch.length; i += classifier.batch)
    labels.push(...(await classifier.classify(batch.slice(i, i + classifier.batch).map((b) => b.text))));
  return batch.map(({ line, text }, i) => {
    const [first, second] = (labels[i] ?? []).filter((l) => l.confidence >= THRESHOLD);
    return {
      line,
      path: first?.path ?? null,
      ...rollup.resolve(first?.path ?? null, second?.path ?? null),
      confidence: first?.confidence ?? null,
      language: languageOf(text),
      classifier: classifier.id,
    };
  });
}

/** The prompt of a line; null where it is empty, undefined where it is JSON without `text`. */
function textOf(line: string): string | null | undefined {
  if (!line.trimStart().startsWith('{')) return own(line);
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    // A prompt may begin with a brace.
    return own(line);
  }
  const { text } = row as { text?: unknown };
  return typeof text === 'string' ? own(text) : undefined;
}

const WIDTHS = [6, 64, 13, 28, 10, 8, 0];

function rowOf(cells: readonly (string | number | null)[], format: Format): string {
  const texts = cells.map((c) => String(c ?? ''));
  if (format === 'csv')
    return `${texts.map((t) => (/[",]/.test(t) ? `"${t.replaceAll('"', '""')}"` : t)).join(',')}\n`;
  return `${texts
    .map((t, i) => (t || '–').padEnd(WIDTHS[i] ?? 0))
    .join(' ')
    .trimEnd()}\n`;
}
