/** A share as a percentage, always with one digit, so that shares stand in columns. */
export const percent = (share: number, lang: 'en' | 'zh'): string =>
  new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
