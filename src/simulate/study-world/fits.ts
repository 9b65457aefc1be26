/**
 * How workloads took to models: whose first users stayed (the study's "glass slipper"), whose came back after a pause
 * ("boomerang"), and who kept nobody in particular.
 */
import type { Fit, World } from '../world.ts';

const usual: Fit = { fits: 0.1, lingers: 0.5 };
const stays = (fits: number): Fit => ({ fits, lingers: 0.45 });
const nobody: Fit = { fits: 0.07, lingers: 0.5 };

export const FITS: World['fits'] = {
  default: { '*': usual },
  'anthropic/claude-sonnet-4': { '2025-05': stays(0.42), '*': { fits: 0.12, lingers: 0.5 } },
  'google/gemini-2.5-pro': { '2025-06': stays(0.42), '*': { fits: 0.12, lingers: 0.5 } },
  'google/gemini-2.5-flash': { '2025-06': stays(0.25), '*': usual },
  'openai/gpt-4o-mini': { '2024-07': stays(0.38), '*': { fits: 0.05, lingers: 0.4 } },
  'google/gemini-2.0-flash': { '*': nobody },
  'meta-llama/llama-4-maverick': { '*': nobody },
  'deepseek/deepseek-r1': {
    '2025-04': { fits: 0.08, returns: 0.22, away: 3, lingers: 0.4 },
    '*': { fits: 0.1, lingers: 0.5 },
  },
  'deepseek/deepseek-chat-v3-0324': {
    '2025-07': { fits: 0.12, returns: 0.25, away: 2, lingers: 0.4 },
    '*': { fits: 0.12, lingers: 0.5 },
  },
};
