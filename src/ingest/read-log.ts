/** One log file through its door, with all of its records as the warehouse reads them. */
import { dropImpossibleParts } from '../generation/validate.ts';
import type { DoorContext, LogDoor, Reject } from './door.ts';
import { type Line, LONGEST_LINE, readLines } from './lines.ts';

export interface ReadLog {
  /** A JSON line each. */
  records: string;
  count: number;
  rejects: Reject[];
}

export async function readLog(door: LogDoor, path: string, context: DoorContext): Promise<ReadLog> {
  const rejects: Reject[] = [];
  const records: string[] = [];
  const lines = () => shortOf(readLines(path, door.markers), path, rejects);
  for await (const item of door.open?.(path, context) ?? door.read(path, lines(), context)) {
    if ('reject' in item) rejects.push(item.reject);
    else {
      dropImpossibleParts(item.generation);
      records.push(`${JSON.stringify(item.generation)}\n`);
    }
  }
  return { records: records.join(''), count: records.length, rejects };
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
