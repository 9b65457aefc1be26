/** A log read line by line, so that a file which has grown can be read on from where the last reading stopped. */
import type { DoorContext, DoorItem, LogDoor, LogLine, ReadLines } from './door.ts';
import type { Position } from './lines.ts';

export interface LogReader {
  take(line: LogLine): void;
  /**
   * Where to go on when more lines have followed those taken so far, and what must be known there: plain data that may
   * be stored, so names only as hashes. What is given again for lines read twice is the same as before, or fuller.
   * @param here behind the last line taken
   */
  place(here: Position): { from: Position; state: unknown };
  /** No line follows. */
  end(): void;
}

/** @param state of the reading that stopped where the lines begin, null at the beginning of the file */
export type BeginReading = (
  file: string,
  context: DoorContext,
  give: (item: DoorItem) => void,
  state: unknown,
) => LogReader;

/** How a door reads all lines of a file from its beginning. */
export const readerOf = (door: LogDoor): ReadLines => door.read ?? reading(door.begin);

const reading = (begin: BeginReading): ReadLines =>
  async function* (file, lines, context) {
    const items: DoorItem[] = [];
    const reader = begin(file, context, (item) => void items.push(item), null);
    for await (const line of lines) {
      reader.take(line);
      yield* items.splice(0);
    }
    reader.end();
    yield* items;
  };

/** Before a line; the beginning of the file where it is not known where the line lies. */
export const before = ({ line, at }: LogLine): Position =>
  at === undefined ? { bytes: 0, lines: 0 } : { bytes: at, lines: line - 1 };

export const earlier = (a: Position, b: Position): Position => (b.bytes < a.bytes ? b : a);
