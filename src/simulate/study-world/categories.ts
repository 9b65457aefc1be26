/** What the traffic of the study's year is about: how long requests of each category are, what they cost, their tags. */
import type { WorldCategory } from '../world.ts';

const plain = { promptTokens: null, completionFactor: 1, cached: 0.25, costFactor: 1, toolFactor: 0.6 };

export const CATEGORIES: Readonly<Record<string, WorldCategory>> = {
  programming: {
    promptTokens: [
      ['2023-11-01', 3600],
      ['2024-11-03', 5200],
      ['2025-05-01', 17_200],
      ['2025-07-15', 20_300],
      ['2025-11-30', 23_600],
    ],
    completionFactor: 1.5,
    cached: 0.6,
    costFactor: 0.62,
    toolFactor: 2.6,
    paths: {
      '/Computers & Electronics/Programming/Other': 0.355,
      '/Computers & Electronics/Programming/Development Tools': 0.264,
      '/Computers & Electronics/Programming/Scripting Languages': 0.13,
      '/Computers & Electronics/Programming/Java (Programming Language)': 0.072,
      '/Computers & Electronics/Programming/C & C++': 0.059,
      '/Science/Computer Science/Distributed & Parallel Computing': 0.02,
      '/Science/Computer Science/Other': 0.1,
    },
  },
  roleplay: {
    ...plain,
    completionFactor: 0.8,
    costFactor: 0.66,
    toolFactor: 0.05,
    paths: {
      '/Games/Roleplaying Games': 0.585,
      '/Games/Roleplaying Games + /Books & Literature/Writers Resources': 0.156,
      '/Games/Roleplaying Games + /Adult': 0.154,
      '/Arts & Entertainment/Comics & Animation/Anime & Manga': 0.065,
      '/Arts & Entertainment/Online Media/Other': 0.04,
    },
  },
  technology: {
    ...plain,
    cached: 0.05,
    costFactor: 2.1,
    toolFactor: 1.2,
    paths: {
      '/Computers & Electronics/Software/Intelligent Personal Assistants': 0.37,
      '/Computers & Electronics/Software/Other + /Computers & Electronics/Software/Business & Productivity Software': 0.28,
      '/Computers & Electronics/Software/Operating Systems': 0.12,
      '/Computers & Electronics/Consumer Electronics/Other': 0.09,
      '/Internet & Telecom/Web Services/Other': 0.14,
    },
  },
  science: {
    ...plain,
    costFactor: 0.85,
    paths: {
      '/Science/Computer Science/Machine Learning & Artificial Intelligence': 0.804,
      '/Science/Mathematics/Other': 0.06,
      '/Science/Physics': 0.05,
      '/Science/Biological Sciences/Other': 0.05,
      '/Science/Chemistry': 0.036,
    },
  },
  translation: {
    ...plain,
    costFactor: 0.5,
    toolFactor: 0.1,
    paths: {
      '/Reference/Language Resources/Foreign Language Resources': 0.511,
      '/Reference/Language Resources/Translation Tools & Resources': 0.28,
      '/Reference/Language Resources/Dictionaries & Encyclopedias': 0.119,
      '/Reference/Language Resources/Other': 0.09,
    },
  },
  trivia: {
    ...plain,
    costFactor: 0.62,
    paths: {
      '/Reference/General Reference/Other': 0.33,
      '/Reference/General Reference/Biographies & Quotations': 0.18,
      '/News/Other': 0.21,
      '/News/Politics': 0.15,
      '/News/World News': 0.13,
    },
  },
  legal: {
    ...plain,
    costFactor: 0.62,
    paths: {
      '/Law & Government/Government/Other': 0.43,
      '/Law & Government/Legal/Other': 0.178,
      '/Law & Government/Government/Public Policy': 0.13,
      '/Law & Government/Public Safety/Crime & Justice': 0.12,
      '/Law & Government/Legal/Legal Services': 0.08,
      '/Law & Government/Legal/Business & Corporate Law': 0.062,
    },
  },
  finance: {
    ...plain,
    costFactor: 1.35,
    paths: {
      '/Finance/Investing/Other': 0.19,
      '/Finance/Accounting & Auditing/Other': 0.18,
      '/Finance/Banking/Other': 0.16,
      '/Finance/Grants, Scholarships & Financial Aid/Other': 0.15,
      '/Finance/Insurance/Other': 0.12,
      '/Finance/Financial Planning & Management/Other': 0.11,
      '/Finance/Credit & Lending/Other': 0.09,
    },
  },
  health: {
    ...plain,
    costFactor: 1.3,
    paths: {
      '/Health/Health Conditions/Other': 0.24,
      '/Health/Mental Health/Other': 0.2,
      '/Health/Nutrition/Other': 0.17,
      '/Health/Medical Facilities & Services/Other': 0.15,
      '/Health/Pharmacy/Drugs & Medications': 0.13,
      "/Health/Women's Health": 0.11,
    },
  },
  academia: {
    ...plain,
    costFactor: 1.4,
    paths: {
      '/Jobs & Education/Education/Colleges & Universities': 0.3,
      '/People & Society/Social Sciences/Other': 0.25,
      '/People & Society/Social Sciences/Psychology': 0.2,
      '/Reference/Humanities/History': 0.15,
      '/Reference/Humanities/Philosophy': 0.1,
    },
  },
  marketing: {
    ...plain,
    costFactor: 1.2,
    paths: {
      '/Business & Industrial/Advertising & Marketing/Marketing': 0.4,
      '/Business & Industrial/Advertising & Marketing/Sales': 0.2,
      '/Business & Industrial/Advertising & Marketing/Brand Management': 0.18,
      '/Business & Industrial/Advertising & Marketing/Public Relations': 0.12,
      '/Business & Industrial/Advertising & Marketing/Other': 0.1,
    },
  },
  seo: {
    ...plain,
    costFactor: 0.6,
    paths: {
      '/Internet & Telecom/Web Services/Search Engine Optimization & Marketing': 0.72,
      '/Internet & Telecom/Web Services/Web Design & Development': 0.28,
    },
  },
  productivity: {
    ...plain,
    costFactor: 0.7,
    paths: {
      '/Business & Industrial/Business Services/Writing & Editing Services': 0.7,
      '/Business & Industrial/Business Services/Other': 0.3,
    },
  },
  education: {
    ...plain,
    costFactor: 0.63,
    paths: {
      '/Jobs & Education/Education/Primary & Secondary Schooling (K-12)': 0.45,
      '/Jobs & Education/Education/Homeschooling': 0.2,
      '/Jobs & Education/Education/Standardized & Admissions Tests': 0.35,
    },
  },
  literature: {
    ...plain,
    completionFactor: 1.2,
    paths: {
      '/Books & Literature/Literary Classics': 0.3,
      '/Books & Literature/Fan Fiction': 0.4,
      '/Books & Literature/Poetry': 0.3,
    },
  },
  other: {
    ...plain,
    paths: {
      '/Hobbies & Leisure/Other': 0.3,
      '/Food & Drink/Cooking & Recipes/Other': 0.3,
      '/Travel & Transportation/Other': 0.2,
      '/Sports/Other': 0.2,
    },
  },
};
