import { expect, test } from 'vitest';
import { noticeSilence } from './silence.ts';

test('who is not heard of is noticed once, whoever is heard of or gone is not', () => {
  const silence = noticeSilence<string>(3);
  for (const one of ['quiet', 'talking', 'gone']) silence.heard(one);
  const noticed = Array.from({ length: 8 }, () => {
    silence.heard('talking');
    silence.forget('gone');
    return silence.look();
  });
  expect(noticed).toEqual([[], [], ['quiet'], [], [], [], [], []]);
});
