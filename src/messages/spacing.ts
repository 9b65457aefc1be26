/** How Chinese text is set around what is put into it. */
import type { Lang } from './messages.ts';

const HAN = '\\p{Script=Han}';
const BEFORE_LATIN = new RegExp(`(${HAN})([A-Za-z$])`, 'gu');
const AFTER_LATIN = new RegExp(`([A-Za-z%])(${HAN})`, 'gu');
const BEFORE_PERCENT = new RegExp(`(${HAN})(\\d[\\d.,]*%)`, 'gu');
const BESIDE_SIGN = / (?=[（），。；：、“”])|(?<=[（），。；：、“”]) /gu;
const BETWEEN_HAN = new RegExp(`(?<=${HAN}) (?=${HAN})`, 'gu');

/** One space between Chinese and Latin words, none between Chinese words: names and units are put in without knowing. */
export const spaced = (text: string, lang: Lang): string =>
  lang === 'zh'
    ? text
        .replace(BEFORE_LATIN, '$1 $2')
        .replace(BEFORE_PERCENT, '$1 $2')
        .replace(AFTER_LATIN, '$1 $2')
        .replace(BETWEEN_HAN, '')
        .replace(BESIDE_SIGN, '')
    : text;
