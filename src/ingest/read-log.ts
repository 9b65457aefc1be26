/** One log file through its door, with all of its records as the warehouse reads them. */

import { FIELDS, type Generation } from '../generation/generation.ts';
import { dropImpossibleParts } from '../generation/validate.ts';
import type { DoorContext, LogDoor, Reject } from './door.ts';
import { latest } from './door-counts.ts';
import { type Line, LONGEST_LINE, readLines } from './lines.ts';

export interface ReadLog {
  /** A JSON line each. */
  records: string;
  count: number;
  rejects: Reject[];
  /** `createdAt` of the newest record; null = none. */
  newest: number | null;
  /** The door did not open it by itself. */
  hasLines: boolean;
}

export async function readLog(door: LogDoor, path: string, context: DoorContext): Promise<ReadLog> {
  const rejects: Reject[] = [];
  const records: string[] = [];
  let newest: number | null = null;
  const hashing = { ...context, hashSession: rememberLast(context.hashSession) };
  const opened = door.open?.(path, hashing) ?? null;
  const lines = () => shortOf(readLines(path, door.markers), path, rejects);
  for await (const item of opened ?? door.read(path, lines(), hashing)) {
    if ('reject' in item) rejects.push(item.reject);
    else {
      dropImpossibleParts(item.generation);
      newest = latest(newest, item.generation.createdAt);
      records.push(`${lineOf(item.generation)}\n`);
    }
  }
  return { records: records.join(''), count: records.length, rejects, newest, hasLines: opened === null };
}

const NAMES = FIELDS.map((field) => field.name);

/** What is unknown need not be written: a reader of these lines takes an absent field for null. */
function lineOf(generation: Generation): string {
  const known: Record<string, unknown> = {};
  for (const field of NAMES) if (generation[field] !== null) known[field] = generation[field];
  return JSON.stringify(known);
}

/** A log names one session over and over. */
function rememberLast(hash: (name: string) => string): (name: string) => string {
  let last: { name: string; hash: string } | null = null;
  return (name) => {
    if (last?.name !== name) last = { name, hash: hash(name) };
    return last.hash;
  };
}

async function* shortOf(lines: AsyncIterable<Line>, path: string, rejects: Reject[]): AsyncGenerator<Line> {
  for await (const line of lines) {
    if (!line.tooLong) yield line;
    else
      rejects.push({
        file: path,
        line: line.line,
        reason: `the line is longer than ${LONGEST_LINE >> 20} MiB`,
      });
  }
}
