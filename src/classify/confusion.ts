/**
 * What a classifier takes for what: its confusion matrix. That of the embedded model comes with it; a workspace adds those
 * of other classifiers in `<data directory>/confusion.json`, one object or a list of them, in the same shape.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateaiError } from '../generation/errors.ts';

/** counts[i][j]: how many prompts of the true category i were given category j. */
export interface Confusion {
  /** `name@version` of the classifier. */
  classifier: string;
  /** What the counts were made from, in words. */
  from: string;
  categories: readonly string[];
  counts: readonly (readonly number[])[];
}

const OWN = new URL('./model/confusion.json', import.meta.url);

/** null where nobody has measured this classifier. @throws `bad_confusion` */
export function confusionOfClassifier(classifier: string, dataDir: string): Confusion | null {
  const own = JSON.parse(readFileSync(OWN, 'utf8')) as Confusion;
  return (
    [...workspaceOnes(join(dataDir, 'confusion.json')), own].find((c) => c.classifier === classifier) ?? null
  );
}

function workspaceOnes(path: string): Confusion[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad(path, 'it is not JSON');
  }
  return [value].flat().map((each, i) => checked(each, `${path}, entry ${i + 1}`));
}

function checked(value: unknown, where: string): Confusion {
  const { classifier, from = '', categories, counts } = (value ?? {}) as Record<string, unknown>;
  if (typeof classifier !== 'string' || !classifier.includes('@'))
    throw bad(where, '"classifier" must be name@version, as the records state it');
  if (!Array.isArray(categories) || categories.some((c) => typeof c !== 'string'))
    throw bad(where, '"categories" must be a list of names');
  const isRow = (row: unknown) =>
    Array.isArray(row) && row.length === categories.length && row.every((n) => Number.isFinite(n) && n >= 0);
  if (!Array.isArray(counts) || counts.length !== categories.length || !counts.every(isRow))
    throw bad(where, `"counts" must be ${categories.length} lists of ${categories.length} counts`);
  return { classifier, from: String(from), categories, counts };
}

const bad = (where: string, what: string): StateaiError =>
  new StateaiError(
    'bad_confusion',
    `${where}: ${what}`,
    'Expected { classifier, from, categories, counts }: counts[i][j] prompts of the true category i were given category j.',
  );
