/** `stateai classify`: labels of prompts in a file, for logs of one's own. The text is read and not told again. */
import { once } from 'node:events';
import type { Classifier } from '../classify/contract.ts';
import { embeddedClassifier, THRESHOLD } from '../classify/embedded.ts';
import { languageOf } from '../classify/language.ts';
import { classifierOf } from '../classify/open.ts';
import { type FilePrompt, readPrompts } from '../classify/prompt-file.ts';
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
  const unread: number[] = [];
  const lines = classifyLines(readPrompts(file), classifier, loadRollup(options.data), (n) => unread.push(n));
  // Only once the first is known is there something to print: a file that cannot be read leaves no empty table.
  let next = await lines.next();
  if (format !== 'json') await print(rowOf(COLUMNS, format));
  for (; !next.done; next = await lines.next()) {
    const line = next.value;
    const cells = () => COLUMNS.map((c) => line[c]);
    await print(format === 'json' ? `${JSON.stringify(line)}\n` : rowOf(cells(), format));
  }
  if (unread.length === 0) return;
  process.stderr.write(
    `${unread.length.toLocaleString('en-GB')} ${unread.length === 1 ? 'line' : 'lines'} of JSON without a prompt passed over: ${unread.slice(0, SHOWN).join(', ')}${unread.length > SHOWN ? ' …' : ''}\n  Each line is a prompt, or JSON with "text", "messages", "input" or "prompt".\n`,
  );
  process.exitCode = 1;
}

/** Waits while the reader of standard output is behind: what it has not taken would pile up in memory. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Numbers of lines that an error lists. */
const SHOWN = 20;
/** @param onUnread is told the number of a line of JSON without a prompt */
export async function* classifyLines(
  prompts: AsyncIterable<FilePrompt>,
  classifier: Classifier,
  rollup: Rollup,
  onUnread: (line: number) => void,
): AsyncGenerator<ClassifiedLine, void> {
  const size = Math.max(64, classifier.batch);
  let batch: { line: number; text: string }[] = [];
  for await (const { line, text } of prompts) {
    if (text === null) onUnread(line);
    else batch.push({ line, text });
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
