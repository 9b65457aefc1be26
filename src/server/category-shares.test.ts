/** Shares adjusted for a classifier's errors, from records whose true categories are known, as CLI and HTTP give them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../generation/random.ts';
import { validateGeneration } from '../generation/validate.ts';
import { cli, temporaryDirectory } from '../testing/workspace.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';

const CATEGORIES = ['programming', 'roleplay', 'health'];
const PATHS = ['/Computers & Electronics/Programming', '/Games/Roleplaying Games', '/Health'];
const TRUTH = [0.5, 0.4, 0.1];
/** Of a hundred prompts of each category, so many are given each. */
const COUNTS = [
  [70, 25, 5],
  [10, 85, 5],
  [5, 15, 80],
];
const matrix = (change: object = {}) => ({
  classifier: 'rules@1',
  from: 'prompts of a test',
  categories: CATEGORIES,
  counts: COUNTS.map((row) => row.map((n) => n * 50)),
  ...change,
});

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let data: string;
beforeAll(async () => {
  directory = await temporaryDirectory();
  data = join(directory.path, 'data');
  const random = randomOf(3);
  const draw = (shares: readonly number[]) => {
    let at = random() * shares.reduce((a, b) => a + b, 0);
    for (const [i, share] of shares.entries()) {
      at -= share;
      if (at < 0) return i;
    }
    return shares.length - 1;
  };
  const warehouse = await openWarehouse(data);
  const dataset = warehouse.dataset('live');
  const records = Array.from({ length: 4000 }, (_, i) => {
    const given = draw(COUNTS[draw(TRUTH)] ?? []);
    const { generation } = validateGeneration({
      id: `g${i}`,
      createdAt: '2026-03-02T10:00:00Z',
      model: 'openai/gpt-5',
      promptTokens: 100,
      completionTokens: 10,
      labels: [{ path: PATHS[given], confidence: 0.9 }],
      classifier: 'rules@1',
      sampleRate: 0.5,
      source: 'http',
    });
    return generation ? [generation] : [];
  });
  const journal = await dataset.journal();
  await journal.append(records.flat());
  await dataset.settle();
  await warehouse.close();
});
afterAll(() => directory[Symbol.asyncDispose]());

const readings = async (...args: string[]) => {
  const result = await cli(['readings', '--data', data, '--format', 'json', ...args]);
  if (result.code !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout).readings[0];
};

describe('stateai readings', () => {
  it('shows the shares as labelled, and says that nobody measured the classifier', async () => {
    const reading = await readings();
    expect(reading).toMatchObject({ labelled: 4000, unadjusted: 'unknown_classifier' });
    expect(reading.method).toContain('rules@1');
    expect(reading.tokens[0]).toMatchObject({ category: 'roleplay', adjusted: null });
  });

  it('finds the true shares with the matrix that a workspace gives', async () => {
    await writeFile(join(data, 'confusion.json'), JSON.stringify([matrix()]));
    const reading = await readings();
    expect(reading.unadjusted).toBeNull();
    for (const unit of ['tokens', 'generations'])
      for (const [i, category] of CATEGORIES.entries()) {
        const share = reading[unit].find((s: { category: string }) => s.category === category);
        expect(share.adjusted).toBeCloseTo(TRUTH[i] ?? 0, 1);
        // Six intervals of 95 % at once: one may miss, but not by far.
        const far = (share.high - share.low) / 2;
        expect(share.low - far).toBeLessThan(TRUTH[i] ?? 0);
        expect(share.high + far).toBeGreaterThan(TRUTH[i] ?? 0);
      }
    // As labelled, roleplay came first.
    expect(reading.tokens[0].category).toBe('programming');
    expect(reading.statement).toMatch(/^Programming is 3\d\.\d% of the labelled tokens/);
  });

  it('says what is wrong with a matrix, and refuses to narrow all categories to some', async () => {
    await writeFile(join(data, 'confusion.json'), JSON.stringify(matrix({ counts: [[1, 2]] })));
    await expect(readings()).rejects.toThrow(
      /confusion\.json, entry 1: "counts" must be 3 lists of 3 counts/,
    );
    await writeFile(join(data, 'confusion.json'), '{');
    await expect(readings()).rejects.toThrow(/it is not JSON/);
    await expect(readings('--where', 'category=health')).rejects.toThrow(/cannot be narrowed/);
  });
});
