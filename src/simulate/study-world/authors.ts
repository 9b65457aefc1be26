/** Who carries how much of each group's traffic in the study's year, and what it is about. */
import type { Mix, WorldAuthor } from '../world.ts';

/** The small categories that come with everything. */
const rest = (scale: number): Mix => ({
  translation: 0.09 * scale,
  trivia: 0.15 * scale,
  legal: 0.09 * scale,
  finance: 0.09 * scale,
  health: 0.1 * scale,
  academia: 0.09 * scale,
  marketing: 0.08 * scale,
  seo: 0.05 * scale,
  productivity: 0.08 * scale,
  education: 0.08 * scale,
  literature: 0.06 * scale,
  other: 0.12 * scale,
});

const ROLEPLAYERS: Mix = { ...rest(0.1), roleplay: 0.88, programming: 0.01, technology: 0.01, science: 0.01 };
const ALL_ROUND: Mix = { ...rest(0.5), roleplay: 0.3, programming: 0.08, technology: 0.09, science: 0.05 };

/** Keys are `group author`: an author's open models live another life than its closed ones. */
export const AUTHORS: Readonly<Record<string, WorldAuthor>> = {
  'closed anthropic': {
    weight: [
      ['2023-11-01', 0.3],
      ['2024-08-01', 0.45],
      ['2024-11-03', 0.44],
      ['2025-03-15', 0.4],
      ['2025-06-15', 0.43],
      ['2025-08-25', 0.4],
      ['2025-10-01', 0.285],
      ['2025-11-15', 0.26],
      ['2025-11-20', 0.22],
      ['2025-11-24', 0.25],
    ],
    mix: {
      ...rest(0.09),
      programming: [
        ['2025-05-01', 0.17],
        ['2025-06-15', 0.4],
        ['2025-08-15', 0.64],
        ['2025-11-30', 0.79],
      ],
      technology: [
        ['2025-05-01', 0.64],
        ['2025-06-15', 0.42],
        ['2025-08-15', 0.2],
        ['2025-11-30', 0.08],
      ],
      roleplay: 0.08,
      science: 0.03,
    },
  },
  'closed google': {
    weight: [
      ['2023-11-01', 0.12],
      ['2024-11-03', 0.24],
      ['2025-05-01', 0.33],
      ['2025-08-25', 0.28],
      ['2025-10-01', 0.23],
      ['2025-11-30', 0.27],
    ],
    mix: {
      programming: [
        ['2025-05-01', 0.07],
        ['2025-07-15', 0.1],
        ['2025-11-30', 0.13],
      ],
      roleplay: [
        ['2025-05-01', 0.72],
        ['2025-08-01', 0.42],
        ['2025-11-30', 0.36],
      ],
      translation: 0.11,
      science: 0.1,
      technology: 0.08,
      legal: 0.05,
      trivia: 0.07,
      health: 0.05,
      finance: 0.05,
      academia: 0.05,
      marketing: 0.03,
      seo: 0.03,
      productivity: 0.04,
      education: 0.04,
      literature: 0.03,
      other: 0.09,
    },
  },
  'closed openai': {
    weight: [
      ['2023-11-01', 0.5],
      ['2024-11-03', 0.3],
      ['2025-05-01', 0.22],
      ['2025-07-20', 0.14],
      ['2025-08-25', 0.15],
      ['2025-11-30', 0.12],
    ],
    mix: {
      ...rest(0.19),
      science: [
        ['2025-05-01', 0.56],
        ['2025-06-01', 0.5],
        ['2025-09-01', 0.18],
        ['2025-11-30', 0.09],
      ],
      programming: [
        ['2025-05-01', 0.05],
        ['2025-07-20', 0.08],
        ['2025-09-01', 0.11],
        ['2025-11-30', 0.12],
      ],
      technology: [
        ['2025-05-01', 0.07],
        ['2025-09-01', 0.2],
        ['2025-11-15', 0.46],
      ],
      roleplay: [
        ['2025-05-01', 0.2],
        ['2025-09-01', 0.16],
        ['2025-11-30', 0.12],
      ],
    },
  },
  'closed x-ai': {
    weight: [
      ['2023-11-01', 0.001],
      ['2024-11-03', 0.008],
      ['2025-05-01', 0.009],
      ['2025-07-10', 0.03],
      ['2025-08-24', 0.05],
      ['2025-09-20', 0.32],
      ['2025-11-05', 0.43],
    ],
    mix: {
      ...rest(0.07),
      programming: [
        ['2025-05-01', 0.84],
        ['2025-11-20', 0.9],
        ['2025-11-27', 0.7],
      ],
      technology: [
        ['2025-05-01', 0.05],
        ['2025-11-17', 0.04],
        ['2025-11-26', 0.16],
      ],
      roleplay: [
        ['2025-11-17', 0.03],
        ['2025-11-26', 0.12],
      ],
      science: 0.01,
    },
  },
  'closed mistralai': {
    weight: [
      ['2023-11-01', 0.03],
      ['2025-05-01', 0.012],
    ],
    mix: ALL_ROUND,
  },
  'closed amazon': {
    weight: [
      ['2024-12-05', 0.001],
      ['2025-03-01', 0.012],
    ],
    mix: ALL_ROUND,
  },
  'closed perplexity': { weight: 0.01, mix: { ...rest(0.9), technology: 0.05, science: 0.05 } },
  'closed inception': { weight: 0.001, mix: { ...rest(0.2), programming: 0.8 } },
  'closed inflection': { weight: 0.002, mix: ALL_ROUND },

  'open-chinese deepseek': {
    weight: [
      ['2023-11-01', 0.3],
      ['2024-11-03', 0.3],
      ['2024-12-27', 0.85],
      ['2025-01-15', 0.95],
      ['2025-04-01', 0.93],
      ['2025-07-10', 0.78],
      ['2025-08-25', 0.66],
      ['2025-10-20', 0.6],
      ['2025-11-10', 0.44],
      ['2025-11-30', 0.4],
    ],
    mix: {
      ...rest(0.11),
      trivia: [
        ['2025-05-01', 0.19],
        ['2025-10-01', 0.18],
        ['2025-11-10', 0.37],
      ],
      roleplay: [
        ['2025-05-01', 0.5],
        ['2025-10-01', 0.52],
        ['2025-11-10', 0.33],
      ],
      programming: 0.12,
      technology: 0.13,
      science: 0.02,
    },
  },
  'open-chinese qwen': {
    weight: [
      ['2023-11-01', 0.5],
      ['2024-11-03', 0.68],
      ['2025-01-15', 0.05],
      ['2025-05-01', 0.14],
      ['2025-07-10', 0.13],
      ['2025-08-05', 0.3],
      ['2025-11-30', 0.28],
    ],
    mix: {
      ...rest(0.2),
      programming: [
        ['2025-05-01', 0.42],
        ['2025-08-01', 0.6],
        ['2025-10-20', 0.55],
        ['2025-11-15', 0.36],
      ],
      technology: 0.14,
      roleplay: 0.07,
      science: 0.07,
      translation: 0.06,
    },
  },
  'open-chinese z-ai': {
    weight: [
      ['2025-07-28', 0.05],
      ['2025-10-10', 0.08],
      ['2025-11-30', 0.08],
    ],
    mix: {
      ...rest(0.25),
      programming: [
        ['2025-10-20', 0.38],
        ['2025-11-15', 0.28],
      ],
      technology: 0.18,
      roleplay: 0.16,
      science: 0.03,
    },
  },
  'open-chinese moonshotai': {
    weight: [
      ['2025-07-11', 0.1],
      ['2025-08-15', 0.05],
      ['2025-11-30', 0.06],
    ],
    mix: {
      ...rest(0.25),
      programming: [
        ['2025-10-20', 0.42],
        ['2025-11-15', 0.3],
      ],
      technology: 0.2,
      roleplay: 0.12,
      science: 0.03,
    },
  },
  'open-chinese minimax': {
    weight: [
      ['2025-01-15', 0.01],
      ['2025-10-26', 0.01],
      ['2025-11-05', 0.22],
      ['2025-11-30', 0.22],
    ],
    mix: { ...rest(0.2), programming: 0.36, technology: 0.38, roleplay: 0.03, science: 0.03 },
  },
  'open-chinese 01-ai': {
    weight: [
      ['2023-11-23', 0.2],
      ['2024-11-03', 0.01],
      ['2025-02-01', 0.0005],
    ],
    mix: ALL_ROUND,
  },

  'open-row meta-llama': {
    weight: [
      ['2023-11-01', 0.3],
      ['2024-05-01', 0.4],
      ['2024-11-03', 0.46],
      ['2025-05-01', 0.36],
      ['2025-08-01', 0.24],
      ['2025-11-30', 0.14],
    ],
    mix: {
      ...rest(0.35),
      roleplay: [
        ['2025-05-01', 0.3],
        ['2025-08-01', 0.95],
        ['2025-11-30', 0.8],
      ],
      programming: 0.05,
      technology: 0.05,
      science: 0.03,
    },
  },
  'open-row mistralai': {
    weight: [
      ['2023-11-01', 0.3],
      ['2024-11-03', 0.24],
      ['2025-05-01', 0.26],
      ['2025-08-01', 0.22],
      ['2025-11-30', 0.17],
    ],
    mix: {
      ...rest(0.2),
      roleplay: [
        ['2025-05-01', 0.3],
        ['2025-08-01', 1.1],
        ['2025-11-30', 0.95],
      ],
      programming: 0.03,
      technology: 0.03,
      science: 0.01,
    },
  },
  'open-row openai': {
    weight: [
      ['2025-08-05', 0.05],
      ['2025-09-10', 0.16],
      ['2025-10-20', 0.22],
      ['2025-11-20', 0.36],
    ],
    mix: {
      ...rest(0.14),
      programming: [
        ['2025-08-05', 0.45],
        ['2025-11-01', 0.78],
        ['2025-11-30', 0.8],
      ],
      technology: 0.05,
      science: 0.05,
      roleplay: [
        ['2025-08-05', 0.4],
        ['2025-11-01', 0.06],
      ],
    },
  },
  'open-row tngtech': {
    weight: [
      ['2025-04-27', 0.02],
      ['2025-07-02', 0.06],
      ['2025-08-15', 0.12],
      ['2025-11-30', 0.12],
    ],
    mix: ROLEPLAYERS,
  },
  'open-row google': {
    weight: [
      ['2023-11-01', 0.02],
      ['2024-11-03', 0.05],
      ['2025-05-01', 0.09],
      ['2025-08-01', 0.06],
      ['2025-11-30', 0.035],
    ],
    mix: {
      ...rest(0.4),
      translation: 0.16,
      roleplay: [
        ['2025-05-01', 0.3],
        ['2025-08-01', 0.6],
      ],
      programming: 0.02,
      technology: 0.04,
      science: 0.02,
    },
  },
  'open-row gryphe': {
    weight: [
      ['2023-11-01', 0.3],
      ['2024-11-03', 0.04],
      ['2025-05-01', 0.01],
    ],
    mix: ROLEPLAYERS,
  },
  'open-row microsoft': {
    weight: [
      ['2024-04-15', 0.1],
      ['2024-11-03', 0.06],
      ['2025-05-01', 0.02],
      ['2025-11-30', 0.006],
    ],
    mix: ROLEPLAYERS,
  },
  'open-row nousresearch': {
    weight: [
      ['2023-11-01', 0.05],
      ['2024-11-03', 0.05],
      ['2025-08-01', 0.08],
      ['2025-11-30', 0.08],
    ],
    mix: ROLEPLAYERS,
  },
  'open-row sao10k': {
    weight: [
      ['2024-08-13', 0.01],
      ['2024-11-03', 0.04],
      ['2025-08-01', 0.08],
      ['2025-11-30', 0.08],
    ],
    mix: ROLEPLAYERS,
  },
  'open-row cohere': {
    weight: [
      ['2024-03-11', 0.03],
      ['2024-11-03', 0.015],
      ['2025-11-30', 0.002],
    ],
    mix: ALL_ROUND,
  },
  'open-row ai21': { weight: 0.0006, mix: ALL_ROUND },
  'open-row nvidia': {
    weight: [
      ['2024-10-15', 0.02],
      ['2025-05-01', 0.008],
    ],
    mix: ALL_ROUND,
  },
  'open-row ibm-granite': { weight: 0.0004, mix: ALL_ROUND },
};
