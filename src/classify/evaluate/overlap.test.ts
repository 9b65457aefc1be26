import { expect, it } from 'vitest';
import { repeatedSeeds } from './overlap.ts';

const PROMPTS = [
  'Write a short letter to my landlord about the broken heating in our flat.',
  'hi',
  'what is the capital of Peru?',
  '请帮我写一封关于暖气坏了的投诉信给房东，语气要礼貌',
];

it.each([
  ['Please write a SHORT letter, to my landlord about the noise', true],
  ['Write a short letter to my aunt about the broken boiler', false],
  ['What is the capital of Peru', true],
  ['what is the capital of Chile?', false],
  ['hi', false],
  ['写一封关于暖气坏了的投诉信给房东吧', true],
  ['写一封投诉信给房东', false],
])('%s', (seed, isRepeated) => {
  expect(repeatedSeeds([seed], PROMPTS)).toEqual(isRepeated ? [seed] : []);
});
