/** `stateai classify`: labels of prompts in a file, for logs of one's own. The text is read and not told again. */
import { createReadStream, existsSync } from 'node:fs';
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
  if (file !== '-' && !existsSync(file))
    throw new StateaiError('not_found', `${file} does not exist`, 'Name a file, or - for standard input.');
  const classifier = options.config
    ? classifierOf(readConfig(options.config).classifier)
    : embeddedClassifier();
  if (!classifier)
    throw new StateaiError(
      'bad_config',
      'The classifier is off',
      'Set `classifier.kind` in the configuration.',
    );
  const input = file === '-' ? process.stdin : createReadStream(file);
  const { format } = options;
  if (format !== 'json') process.stdout.write(rowOf(COLUMNS, format));
  for await (const line of classifyLines(input, classifier, loadRollup(options.data)))
    process.stdout.write(
      format === 'json'
        ? `${JSON.stringify(line)}\n`
        : rowOf(
            COLUMNS.map((c) => line[c]),
            format,
          ),
    );
}

/** Empty lines are passed over. @throws `bad_row` for a line of JSON without text, naming its number alone */
export async function* classifyLines(
  input: Readable,
  classifier: Classifier,
  rollup: Rollup,
): AsyncGenerator<ClassifiedLine> {
  const size = Math.max(64, classifier.batch);
  let batch: { line: number; text: string }[] = [];
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const text = textOf(line, number);
    if (text !== null) batch.push({ line: number, text });
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

function textOf(line: string, number: number): string | null {
  if (!line.trimStart().startsWith('{')) return own(line);
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    // A prompt may begin with a brace.
    return own(line);
  }
  const text = (row as { text?: unknown }).text;
  if (typeof text === 'string') return own(text);
  throw new StateaiError(
    'bad_row',
    `Line ${number} has no "text"`,
    'Each line is a prompt, or JSON with "text".',
  );
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
