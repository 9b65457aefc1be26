import { numberFormat } from './formats.ts';

/** A share as a percentage, always with one digit, so that shares stand in columns. */
export const percent = (share: number, lang: 'en' | 'zh'): string =>
  numberFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
