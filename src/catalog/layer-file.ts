/** Reads a layer of facts from a file: what `catalog refresh` wrote, or the workspace's own `catalog.yaml`. */
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { explain, StateaiError } from '../generation/errors.ts';
import type { Layer } from './facts.ts';

type Check = { fits: (value: unknown) => boolean; expected: string };
type Entry = Record<string, unknown>;

const text: Check = { fits: (v) => typeof v === 'string' && v !== '', expected: 'a text' };
const yesNo: Check = { fits: (v) => v === null || typeof v === 'boolean', expected: 'true, false or null' };
const amount: Check = {
  fits: (v) => v === null || (typeof v === 'number' && Number.isFinite(v) && v >= 0),
  expected: 'a number of 0 or more, or null',
};
const color: Check = {
  fits: (v) => typeof v === 'string' && /^#[0-9a-f]{6}$/i.test(v),
  expected: 'a colour such as "#1f6feb" (in quotes)',
};

const MODEL: Record<string, Check> = {
  name: text,
  author: text,
  open: yesNo,
  params: { ...amount, expected: 'billions of parameters, such as 70, or null' },
  reasoning: yesNo,
  released: {
    fits: (v) => v === null || (typeof v === 'string' && isDay(v)),
    expected: 'a day such as 2025-08-05, or null',
  },
  promptPrice: amount,
  completionPrice: amount,
  cachedPrice: amount,
  contextTokens: amount,
  aliases: {
    fits: (v) => Array.isArray(v) && v.every((a) => typeof a === 'string' && a !== ''),
    expected: 'a list of slugs',
  },
  notable: {
    fits: (v) => typeof v === 'boolean' || typeof v === 'string',
    expected: 'true, false or a label',
  },
  source: text,
};
const AUTHOR: Record<string, Check> = {
  name: text,
  country: {
    fits: (v) => v === null || (typeof v === 'string' && /^[A-Z]{2}$/.test(v)),
    expected: 'a country code such as FR, or null',
  },
  origin: { fits: (v) => v === 'chinese' || v === 'row', expected: 'chinese or row' },
  light: color,
  dark: color,
  source: text,
};
/** What else may stand at the top of the file. */
const NOTES = new Set(['source', 'date']);

/** @throws `bad_catalog` naming file, line and key */
export function readLayer(path: string, name: string, kind: NonNullable<Layer['kind']>): Layer {
  const content = readText(path);
  const fail = (message: string, keys: readonly string[] = []): never => {
    throw new StateaiError(
      'bad_catalog',
      `${path}${lineOf(content, keys)}: ${message}`,
      kind === 'refreshed'
        ? 'Run `stateai catalog refresh` again, or delete the file: it can be made anew.'
        : 'Correct the file; docs/guides/catalog.md says what may stand in it.',
    );
  };
  const raw = parse(content, fail);
  const layer: Layer = { name, kind, models: new Map(), authors: new Map() };
  const read = (part: 'models' | 'authors', checks: Record<string, Check>) => {
    const given = raw[part] ?? {};
    if (!isEntry(given)) return fail(`"${part}" must be a mapping by name`, [part]);
    for (const [key, facts] of Object.entries(given)) {
      if (!isEntry(facts)) return fail(`${key}: expected facts, such as open: true`, [part, key]);
      for (const [fact, value] of Object.entries(facts)) {
        const check = Object.hasOwn(checks, fact) ? checks[fact] : undefined;
        const where = [part, key, fact];
        if (!check)
          return fail(`${key}: "${fact}" is no fact; facts are ${Object.keys(checks).join(', ')}`, where);
        if (!check.fits(value)) return fail(`${key}: "${fact}" must be ${check.expected}`, where);
      }
      layer[part].set(key.toLowerCase(), { source: name, ...facts });
    }
  };
  for (const key of Object.keys(raw))
    if (key !== 'models' && key !== 'authors' && !NOTES.has(key))
      fail(`"${key}" is not known here; the file has "models" and "authors"`, [key]);
  read('models', MODEL);
  read('authors', AUTHOR);
  return layer;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw explain(error, `Reading ${path}`);
  }
}

/** JSON first, for it is read a hundred times faster, then YAML. */
function parse(content: string, fail: (message: string) => never): Entry {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    const counter = new LineCounter();
    const document = parseDocument(content, { lineCounter: counter });
    const [problem] = document.errors;
    if (problem) fail(problem.message.split('\n')[0]?.replace(/:$/, '') ?? 'this is no YAML');
    try {
      value = document.toJS() ?? {};
    } catch (error) {
      fail((error as Error).message);
    }
  }
  return isEntry(value) ? value : fail('expected "models:" and "authors:"');
}

/** `:12` for the value under these keys; empty where it cannot be found. */
function lineOf(content: string, keys: readonly string[]): string {
  if (keys.length === 0) return '';
  const counter = new LineCounter();
  const node = parseDocument(content, { lineCounter: counter }).getIn(keys, true) as
    | { range?: [number, number, number] }
    | undefined;
  return node?.range ? `:${counter.linePos(node.range[0]).line}` : '';
}

function isDay(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
