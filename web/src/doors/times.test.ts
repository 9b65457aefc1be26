import { expect, it } from 'vitest';
import { ago, lasting } from './times.ts';

it.each([
  [4_000, 'just now', '刚刚'],
  [59_000, '59 seconds ago', '59 秒钟前'],
  [3_600_000, '1 hour ago', '1 小时前'],
  [50 * 3_600_000, '2 days ago', '2 天前'],
  [800 * 86_400_000, '2 years ago', '2 年前'],
])('%i ms ago', (ms, en, zh) => {
  expect(ago(ms, 'en', 'just now')).toBe(en);
  expect(ago(ms, 'zh', '刚刚')).toBe(zh);
});

it('says how long', () => {
  expect(lasting(10, 'en')).toBe('10 seconds');
  expect(lasting(300, 'zh')).toBe('5 分钟');
});
