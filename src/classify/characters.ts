/** What each UTF-16 unit is to the classifier, and what it is read as: one table lookup a character. */

/** Parts of words in scripts that write spaces; scripts that do not, with syllables or with letters; digits. */
export const [OTHER, LETTER, SYLLABLE, UNSPACED, DIGIT] = [0, 1, 2, 3, 4];

export const CLASS = new Uint8Array(0x10000);
/** Lower case, without accents on Latin letters; full-width forms as the usual ones. */
export const FOLD = new Uint16Array(0x10000);

const isLetter = /[\p{L}\p{M}]/u;
const isDigit = /\p{Nd}/u;
const SYLLABLES: [number, number][] = [
  [0x1100, 0x11ff],
  [0x3041, 0x30ff],
  [0x3130, 0x318f],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7af],
  [0xf900, 0xfaff],
];
const UNSPACED_LETTERS: [number, number][] = [
  [0xe00, 0xeff],
  [0x1000, 0x109f],
  [0x1780, 0x17ff],
];
const within = (ranges: readonly [number, number][], code: number) =>
  ranges.some(([from, to]) => code >= from && code <= to);

for (let code = 0; code < 0x10000; code++) {
  FOLD[code] = code;
  if (code >= 0xd800 && code < 0xe000) continue;
  const char = String.fromCharCode(code);
  if (isDigit.test(char)) CLASS[code] = DIGIT;
  else if (isLetter.test(char))
    CLASS[code] = within(SYLLABLES, code) ? SYLLABLE : within(UNSPACED_LETTERS, code) ? UNSPACED : LETTER;
  if (CLASS[code] === DIGIT) FOLD[code] = 0x30;
  else if (CLASS[code] === LETTER || (code >= 0xff01 && code <= 0xff5e)) FOLD[code] = folded(char);
}
// Full-width letters are letters by what they are read as.
for (let code = 0xff21; code <= 0xff5a; code++) CLASS[code] = CLASS[FOLD[code] ?? 0] ?? OTHER;

function folded(char: string): number {
  const plain = char.normalize('NFKD').toLowerCase();
  const first = plain.charCodeAt(0);
  const isLatin = first < 0x250;
  const lower = isLatin ? plain : char.toLowerCase();
  return lower.length === 1 || isLatin ? lower.charCodeAt(0) : char.charCodeAt(0);
}
