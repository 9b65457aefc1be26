/** Numbers, ids and prose that are the same for the same seed. */
import { randomOf } from '../../generation/random.ts';

export interface Random {
  /** From `from` to `to`, both included. */
  whole(from: number, to: number): number;
  chance(p: number): boolean;
  pick<T>(items: readonly T[]): T;
  letters(length: number): string;
  uuid(): string;
  /** Text with the newlines, quotes and foreign letters of code and tool output. */
  prose(length: number): string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PIECES = [
  'export function total(rows: readonly Row[]): number {\n  return rows.reduce((sum, row) => sum + row.value, 0);\n}\n',
  '    12→import { readFile } from "node:fs/promises";\n    13→const path = join(root, "data", `${name}.json`);\n',
  'The test fails because "usage" is read before the file is closed; let me look at where it is opened.\n',
  '- [x] parse the header\n- [ ] name the column that is missing\n',
  'Error: expected 3 rows, got 2\n    at Object.<anonymous> (/home/ada/project/src/table.test.ts:41:18)\n',
  'Die Prüfung läuft über alle Zeilen – auch über leere.\n',
  '请检查这个函数的返回值是否正确。\n',
  '\t{ "name": "total", "type": "integer", "nullable": false },\n',
  '✓ 128 tests passed in 4.2 s\n',
  'git diff --stat\n src/table.ts | 14 +++++++-------\n 1 file changed, 7 insertions(+), 7 deletions(-)\n',
];

export function random(seed: number): Random {
  const next = randomOf(seed);
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(items: readonly T[]) => items[whole(0, items.length - 1)] as T;
  const hex = (digits: number) => Array.from({ length: digits }, () => whole(0, 15).toString(16)).join('');
  return {
    whole,
    pick,
    chance: (p) => next() < p,
    letters: (length) => Array.from({ length }, () => LETTERS[whole(0, LETTERS.length - 1)]).join(''),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    prose(length) {
      let text = '';
      while (text.length < length) text += pick(PIECES);
      return text.slice(0, length).toWellFormed();
    },
  };
}
