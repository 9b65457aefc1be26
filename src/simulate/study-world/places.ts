/** Where accounts are billed and what they speak: countries by continent, and how the continents' weights shift. */
import type { World } from '../world.ts';

export const PLACES: World['places'] = {
  'north-america': {
    weight: [
      ['2024-11-03', 0.585],
      ['2025-02-01', 0.49],
      ['2025-11-30', 0.42],
    ],
    countries: { US: 0.87, CA: 0.1, MX: 0.03 },
  },
  europe: {
    weight: [
      ['2024-11-03', 0.215],
      ['2025-02-01', 0.22],
      ['2025-11-30', 0.19],
    ],
    countries: {
      DE: 0.2,
      GB: 0.2,
      FR: 0.11,
      RU: 0.13,
      NL: 0.07,
      ES: 0.06,
      IT: 0.05,
      PL: 0.05,
      SE: 0.04,
      CH: 0.04,
      UA: 0.05,
    },
  },
  asia: {
    weight: [
      ['2024-11-03', 0.125],
      ['2025-02-01', 0.2],
      ['2025-08-01', 0.29],
      ['2025-11-15', 0.315],
    ],
    countries: {
      SG: 0.27,
      CN: 0.2,
      IN: 0.13,
      JP: 0.09,
      HK: 0.08,
      KR: 0.08,
      TH: 0.055,
      TW: 0.03,
      VN: 0.03,
      ID: 0.025,
      KZ: 0.01,
    },
  },
  'south-america': {
    weight: [
      ['2024-11-03', 0.035],
      ['2025-11-30', 0.035],
    ],
    countries: { BR: 0.55, AR: 0.2, CL: 0.13, CO: 0.12 },
  },
  oceania: { weight: 0.025, countries: { AU: 0.8, NZ: 0.2 } },
  africa: {
    weight: [
      ['2024-11-03', 0.015],
      ['2025-11-30', 0.018],
    ],
    countries: { ZA: 0.5, NG: 0.25, EG: 0.25 },
  },
};

export const LANGUAGES: World['languages'] = {
  'zh-Hans': { share: 0.0495, countries: ['CN', 'SG', 'HK'] },
  ru: { share: 0.0247, countries: ['RU', 'KZ', 'UA'] },
  es: { share: 0.0143, countries: ['ES', 'MX', 'AR', 'CL', 'CO'] },
  th: { share: 0.0103, countries: ['TH'] },
  'zh-Hant': { share: 0.0065, countries: ['TW', 'HK'] },
  ja: { share: 0.0098, countries: ['JP'] },
  ko: { share: 0.0096, countries: ['KR'] },
  de: { share: 0.0105, countries: ['DE', 'CH'] },
  fr: { share: 0.009, countries: ['FR', 'CH', 'CA'] },
  pt: { share: 0.0094, countries: ['BR'] },
  vi: { share: 0.0045, countries: ['VN'] },
  pl: { share: 0.0045, countries: ['PL'] },
  it: { share: 0.0044, countries: ['IT'] },
  id: { share: 0.0034, countries: ['ID'] },
};
