import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { findChromium } from './scripts/lib/chromium.mjs';

// Servers bring their datasets up to date at this priority: what waits for that must not keep the processor from it.
setPriority(10);

const chromium = findChromium();

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/**/*.test.{ts,tsx}', 'scripts/**/*.test.{ts,mjs}', 'e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // DuckDB, servers and browsers take their time on a small machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv: ['--import', fileURLToPath(new URL('./src/cli/quick-modules.ts', import.meta.url))],
    env: chromium ? { STATEAI_CHROMIUM: chromium } : {},
  },
});
