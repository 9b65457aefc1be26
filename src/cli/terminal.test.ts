import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { cli, temporaryDirectory } from '../testing/workspace.ts';
import { cellsOf, fillEnd, fillStart, printable } from './terminal.ts';

it('shows what a terminal would obey', () => {
  expect(printable('a\u001b[31mb\u0007\u009b1m\r\u202ec\n\td')).toBe('a�[31mb��1m��c\n\td');
  expect(printable('数据 é 🚀 عربي')).toBe('数据 é 🚀 عربي');
});

it.each([
  ['abc', 3],
  ['简体中文', 8],
  ['e\u0301', 1],
  ['🚀x', 3],
  ['한국어', 6],
])('%s takes %i cells', (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
  expect(cellsOf(fillEnd(text, 10))).toBe(10);
  expect(fillStart(text, 1)).toBe(text);
});

it('names of models from outside do not reach the terminal as they are', async () => {
  await using directory = await temporaryDirectory();
  const { path } = directory;
  const row = {
    id: '1',
    createdAt: '2025-10-05',
    model: 'evil/\u001b[2jx',
    promptTokens: 1,
    completionTokens: 1,
  };
  const mapping = `${path}/mapping.yaml`;
  await writeFile(`${path}/rows.ndjson`, `${JSON.stringify(row)}\n`);
  await writeFile(
    mapping,
    'fields:\n  id: id\n  createdAt: createdAt\n  model: model\n  promptTokens: promptTokens\n  completionTokens: completionTokens\n',
  );
  const data = ['--data', `${path}/data`];
  const done = await cli(['import', 'ndjson', `${path}/rows.ndjson`, '--mapping', mapping, ...data]);
  expect(done.code, done.stderr).toBe(0);
  const { stdout } = await cli(['doctor', ...data]);
  expect(stdout).toContain('evil/�[2jx');
  expect(stdout).not.toContain('\u001b');
});
