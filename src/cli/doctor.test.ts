/** What the doctor tells of doors: what came, what was refused and why, also where nothing was right. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli, temporaryDirectory } from '../testing/workspace.ts';

const HEADER = 'date,model_permaslug,total_tokens';

it('tells per door what came and what was refused, without a word of it', async () => {
  await using directory = await temporaryDirectory();
  const data = join(directory.path, 'data');
  const file = join(directory.path, 'rankings.csv');
  const bring = async (...rows: string[]) => {
    await writeFile(file, `${[HEADER, ...rows].join('\n')}\n`);
    const { stdout } = await cli(['import', 'openrouter-rankings', file, '--data', data]).then(() =>
      cli(['doctor', '--data', data]),
    );
    return stdout;
  };
  const refused = await bring('2026-03-03,openai/gpt-5,my-secret');
  expect(refused).toMatch(/through openrouter-rankings: 0 records, last seen 20.* UTC, 1 refused/);
  const told = await bring('2026-03-02,openai/gpt-5,500', '2026-03-03,openai/gpt-5,my-secret');
  expect(told).toMatch(/through openrouter-rankings: 1 record, the newest of 2026-03-02 .* 1 refused/);
  expect(told).toMatch(/refused 1: totalTokens: /);
  expect(told).not.toContain('secret');
});
