import { expect, test } from 'vitest';
import { needsBrowser, summary } from './tests.mjs';

test('the closing line adds up tests, and counts a file that broke before its first test as a failure', () => {
  const results = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  const failed = { status: 'failed', assertionResults: [{ status: 'failed' }] };
  const broken = { status: 'failed', assertionResults: [] };
  expect(summary(results)).toBe('5 passed, 1 failed, 3 skipped');
  expect(summary({ ...results, testResults: [failed, broken] })).toBe('5 passed, 2 failed, 3 skipped');
});

test('a browser is needed when the file filters let a browser test through', () => {
  const tests = ['e2e/report.test.ts'];
  expect(needsBrowser([], tests)).toBe(true);
  expect(needsBrowser(['src/catalog'], tests)).toBe(false);
  expect(needsBrowser(['report'], tests)).toBe(true);
  expect(needsBrowser(['./e2e'], tests)).toBe(true);
  expect(needsBrowser(['-t', 'some name'], tests)).toBe(true);
  expect(needsBrowser([], [])).toBe(false);
});
