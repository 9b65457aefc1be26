import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { findChromium } from './scripts/lib/chromium.mjs';

const chromium = findChromium();

/** What needs nothing but the processor: these files share processes, since beginning one takes longer than most of them. */
const TOGETHER = [
  'src/{catalog,charts,classify,generation,json,messages,readings}/**/*.test.ts',
  'src/gateway/{accounting,config,request,routing,taps,translate}/**/*.test.ts',
  'src/ingest/{claude-code,codex,gemini-cli}/**/*.test.ts',
  'src/ingest/otlp/{conventions/,}*.test.ts',
  'web/**/*.test.{ts,tsx}',
  'scripts/**/*.test.{ts,mjs}',
];

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', 'dist/**'],
    // DuckDB, servers and browsers take their time on a small machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    maxWorkers: 2,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv: ['--import', fileURLToPath(new URL('./src/cli/quick-modules.ts', import.meta.url))],
    // What waits for a dataset to be settled must not keep the processor from it. Two files run at once, each with an
    // engine of its own: on as many threads as there are cores they would mostly wait for one another.
    env: { STATEAI_NICENESS: '0', STATEAI_THREADS: '1', ...(chromium ? { STATEAI_CHROMIUM: chromium } : {}) },
    projects: [
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
      { extends: true, test: { name: 'apart', include: ['src/**/*.test.ts'], exclude: TOGETHER } },
      { extends: true, test: { name: 'browser', include: ['e2e/**/*.test.ts'] } },
    ],
  },
});
