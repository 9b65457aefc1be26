import { expect, it } from 'vitest';
import { stepsFor } from './connect.ts';
import type { DoorStatus } from './queries.ts';

const PLACE = { commandLine: 'npx stateai', server: 'http://localhost:4141', dataset: 'mine' };
const stepsOf = (door: string, kind: string) =>
  stepsFor({ door, kind, source: null } as unknown as DoorStatus, PLACE).map((step) => step.copy);

it('a copied command works in shells that take a question mark for a pattern', () => {
  const [command = ''] = stepsOf('http', 'live');
  expect(command).toContain('?dataset=mine');
  expect(command.replaceAll(/'[^']*'/g, '')).not.toMatch(/[?*[\]{}&]/);
});

it('commands name the dataset that is looked at', () => {
  for (const command of stepsOf('claude-code', 'log')) expect(command).toContain('--dataset mine');
});
