/** What the model says of `held-out.txt`: prompts of our own in the manner of chats, that it is never trained on. */
import { readFileSync } from 'node:fs';
import { CATEGORIES } from '../categories.ts';
import { openModel } from '../embedded.ts';
import type { Model } from '../model-file.ts';

interface HeldOutPrompt {
  text: string;
  /** Index in CATEGORIES. */
  category: number;
  language: string;
}

function readHeldOut(): HeldOutPrompt[] {
  const out: HeldOutPrompt[] = [];
  let category = -1;
  let language = '';
  for (const line of readFileSync(new URL('held-out.txt', import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('@ ')) {
      const [name = '', of = ''] = line.slice(2).split(' | ');
      category = (CATEGORIES as readonly string[]).indexOf(name);
      language = of;
    } else if (line.trim() !== '' && !line.startsWith('# '))
      out.push({ text: line.replaceAll('\\n', '\n').trim(), category, language });
  }
  return out;
}

export interface HeldOutMeasures {
  accuracy: number;
  english: number;
  others: number;
  programming: { precision: number; recall: number };
  /** Largest distance between a category's share in the answers and in truth. */
  shareError: number;
  /** Mean negative log-likelihood of the truth. */
  loss: number;
}

export function measureHeldOut(model: Model): HeldOutMeasures {
  const prompts = readHeldOut();
  const { predict } = openModel(model);
  const programming = CATEGORIES.indexOf('programming');
  const balance = new Float64Array(CATEGORIES.length);
  const right = { all: 0, english: 0, programming: 0 };
  let english = 0;
  let called = 0;
  let loss = 0;
  for (const { text, category, language } of prompts) {
    const { probabilities } = predict(text);
    const answer = probabilities.indexOf(Math.max(...probabilities));
    balance[answer] = (balance[answer] ?? 0) + 1;
    balance[category] = (balance[category] ?? 0) - 1;
    loss -= Math.log((probabilities[category] ?? 0) + 1e-9);
    if (language === 'en') english++;
    if (answer === programming) called++;
    if (answer === category) {
      right.all++;
      if (language === 'en') right.english++;
      if (answer === programming) right.programming++;
    }
  }
  const truly = prompts.filter((p) => p.category === programming).length;
  return {
    accuracy: right.all / prompts.length,
    english: right.english / english,
    others: (right.all - right.english) / (prompts.length - english),
    programming: { precision: right.programming / called, recall: right.programming / truly },
    shareError: Math.max(...balance.map(Math.abs)) / prompts.length,
    loss: loss / prompts.length,
  };
}
