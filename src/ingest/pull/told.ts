/** What a run tells of the rows that it read: in the source's own words, and only what no earlier run has told. */
import { objectOf } from '../../json/read.ts';
import type { FileOutcome } from '../outcome.ts';
import type { Mapping } from '../tabular/mapping.ts';
import type { StagedRows } from './staged-rows.ts';

interface Telling {
  /** Of the source. */
  name: string;
  mapping: Mapping;
  isAgain(line: string): boolean;
  /** Rows that came before. */
  again: number;
}

/** Rejects name the source and the row by its own id; those of rows that came before were told then. */
export async function newsOf(
  outcome: FileOutcome,
  staged: StagedRows,
  { name, mapping, isAgain, again }: Telling,
): Promise<FileOutcome> {
  const lines = await staged.linesAt(new Set(outcome.rejects.map((r) => r.line)));
  const rejects = outcome.rejects.filter((r) => !isAgain(lines.get(r.line) ?? ''));
  return {
    ...outcome,
    path: name,
    rejected: outcome.rejected - (outcome.rejects.length - rejects.length),
    rejects: rejects.map((r) => {
      const row = rowName(lines.get(r.line) ?? '', mapping);
      return { ...r, file: name, ...(row === null ? {} : { row }) };
    }),
    readAgain: again,
  };
}

/** `request_id abc`, where the row has an id of its own that names nobody; else its time. */
function rowName(line: string, { fields }: Mapping): string | null {
  const { id, createdAt } = fields;
  const ids = id?.hashed || id?.parts || id?.join ? [] : (id?.columns ?? []);
  const row = objectOf(JSON.parse(line === '' ? '{}' : line));
  const named = (paths: readonly string[], shape: RegExp) =>
    paths.find((path) => {
      const value = row[path];
      return typeof value === 'number' || (typeof value === 'string' && shape.test(value));
    });
  const path = named(ids, IS_NAME) ?? named(createdAt?.columns ?? [], IS_TIME);
  return path === undefined ? null : `${path} ${row[path]}`;
}

const IS_NAME = /^[\w.:@/-]{1,100}$/;
/** A wrong time may be a text that somebody wrote. */
const IS_TIME = /^\d[\dTZ:.+/ -]{0,40}$/;
