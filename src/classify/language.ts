/**
 * The language of a prompt, as BCP 47. The script decides first: most scripts belong to one language, and those of
 * several (Latin, Cyrillic, Arabic, Devanagari) only compare the languages that use them. Short or unclear text has none.
 */
import { eld } from 'eld/small';
import { chineseScript } from './chinese-script.ts';

type Script = (typeof SCRIPTS)[number]['script'];

/** Ranges of UTF-16 units. What one character is worth beside Latin letters: where a character is a syllable, more. */
const SCRIPTS = [
  {
    script: 'latin',
    worth: 1,
    ranges: [
      [0x41, 0x5a],
      [0x61, 0x7a],
      [0xc0, 0x24f],
      [0x1e00, 0x1eff],
    ],
  },
  {
    script: 'greek',
    worth: 1.2,
    ranges: [
      [0x370, 0x3ff],
      [0x1f00, 0x1fff],
    ],
  },
  { script: 'cyrillic', worth: 1.2, ranges: [[0x400, 0x52f]] },
  { script: 'armenian', worth: 1.2, ranges: [[0x530, 0x58f]] },
  { script: 'hebrew', worth: 1.5, ranges: [[0x590, 0x5ff]] },
  {
    script: 'arabic',
    worth: 1.5,
    ranges: [
      [0x600, 0x6ff],
      [0x750, 0x77f],
      [0xfb50, 0xfdff],
      [0xfe70, 0xfeff],
    ],
  },
  { script: 'devanagari', worth: 1.2, ranges: [[0x900, 0x97f]] },
  { script: 'bengali', worth: 1.2, ranges: [[0x980, 0x9ff]] },
  { script: 'gurmukhi', worth: 1.2, ranges: [[0xa00, 0xa7f]] },
  { script: 'gujarati', worth: 1.2, ranges: [[0xa80, 0xaff]] },
  { script: 'odia', worth: 1.2, ranges: [[0xb00, 0xb7f]] },
  { script: 'tamil', worth: 1.2, ranges: [[0xb80, 0xbff]] },
  { script: 'telugu', worth: 1.2, ranges: [[0xc00, 0xc7f]] },
  { script: 'kannada', worth: 1.2, ranges: [[0xc80, 0xcff]] },
  { script: 'malayalam', worth: 1.2, ranges: [[0xd00, 0xd7f]] },
  { script: 'sinhala', worth: 1.2, ranges: [[0xd80, 0xdff]] },
  { script: 'thai', worth: 1.2, ranges: [[0xe00, 0xe7f]] },
  { script: 'lao', worth: 1.2, ranges: [[0xe80, 0xeff]] },
  { script: 'burmese', worth: 1.2, ranges: [[0x1000, 0x109f]] },
  { script: 'georgian', worth: 1.2, ranges: [[0x10a0, 0x10ff]] },
  { script: 'ethiopic', worth: 2, ranges: [[0x1200, 0x137f]] },
  { script: 'khmer', worth: 1.2, ranges: [[0x1780, 0x17ff]] },
  {
    script: 'hangul',
    worth: 2.5,
    ranges: [
      [0x1100, 0x11ff],
      [0x3130, 0x318f],
      [0xac00, 0xd7af],
    ],
  },
  {
    script: 'kana',
    worth: 2.5,
    ranges: [
      [0x3041, 0x3096],
      [0x30a1, 0x30fa],
      [0xff66, 0xff9d],
    ],
  },
  {
    script: 'han',
    worth: 3,
    ranges: [
      [0x3400, 0x4dbf],
      [0x4e00, 0x9fff],
      [0xf900, 0xfaff],
    ],
  },
] as const;

/** Languages of the scripts that have one, as far as prompts go. */
const ONE: Partial<Record<Script, string>> = {
  greek: 'el',
  armenian: 'hy',
  hebrew: 'he',
  bengali: 'bn',
  gurmukhi: 'pa',
  gujarati: 'gu',
  odia: 'or',
  tamil: 'ta',
  telugu: 'te',
  kannada: 'kn',
  malayalam: 'ml',
  sinhala: 'si',
  thai: 'th',
  lao: 'lo',
  burmese: 'my',
  georgian: 'ka',
  ethiopic: 'am',
  khmer: 'km',
  hangul: 'ko',
  kana: 'ja',
};

const of = (languages: string) => {
  const detector = eld.newInstance();
  detector.setLanguageSubset(languages.split(' '));
  return detector;
};
/** Languages of the scripts that have several. */
const SEVERAL: Partial<Record<Script, ReturnType<typeof of>>> = {
  latin: of('en es pt fr de it nl pl cs sk ro hu sv da no fi tr vi ms tl hr sl et lv lt ca az sq eu is yo'),
  cyrillic: of('ru uk be bg sr'),
  arabic: of('ar fa ur ku'),
  devanagari: of('hi mr'),
};

const SCRIPT_OF = new Uint8Array(0x10000);
for (const [i, { ranges }] of SCRIPTS.entries())
  for (const [from, to] of ranges) SCRIPT_OF.fill(i + 1, from, to + 1);
const WORTH = Float64Array.from([0, ...SCRIPTS.map((s) => s.worth)]);
const INDEX = Object.fromEntries(SCRIPTS.map((s, i) => [s.script, i + 1])) as Record<Script, number>;

/** Counts of one text; used again by the next, nothing waits in between. */
const counts = new Float64Array(SCRIPTS.length + 1);

/** Letters (or their worth) below which nothing can be said. */
const LEAST = 4;
/** The part of a mixed text that one script other than Latin must have: code and names are Latin in every language. */
const SHARE = 0.25;
const LEAST_LATIN_LETTERS = 12;

/** Code and addresses are in no language. */
const NOT_LANGUAGE = /```[\s\S]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+|\S+@\S+\.\S+/g;

/** @returns BCP 47 (`zh-Hans` and `zh-Hant` apart), null where the text is too short or unclear */
export function languageOf(text: string): string | null {
  const cut = text.length > 1000 ? text.slice(0, 1000) : text;
  const plain =
    cut.includes('`') || cut.includes('://') || cut.includes('@') ? cut.replace(NOT_LANGUAGE, ' ') : cut;
  return languageOfPlain(plain) ?? (plain === cut ? null : languageOfPlain(cut));
}

function languageOfPlain(text: string): string | null {
  countScripts(text);
  let total = 0;
  let best = INDEX.latin;
  let bestWorth = 0;
  for (let i = 1; i < counts.length; i++) {
    const worth = (counts[i] ?? 0) * (WORTH[i] ?? 0);
    total += worth;
    if (i !== INDEX.latin && worth > bestWorth) {
      best = i;
      bestWorth = worth;
    }
  }
  const kana = counts[INDEX.kana] ?? 0;
  const han = counts[INDEX.han] ?? 0;
  // Japanese is written in both.
  const east = kana * 2.5 + han * 3;
  if (kana > 0 && kana * 8 >= han && east >= total * SHARE && east >= LEAST) return 'ja';
  if (total < LEAST) return null;
  // An English request about a few words of another script is English.
  if (bestWorth < total * SHARE || (bestWorth < total / 2 && isPlainlyEnglish(text)))
    return several('latin', text, counts[INDEX.latin] ?? 0);
  const script = SCRIPTS[best - 1]?.script ?? 'latin';
  if (script === 'han') return `zh-${chineseScript(text)}`;
  return ONE[script] ?? several(script, text, counts[best] ?? 0);
}

/** Fills `counts`. Most text is ASCII, of which only Latin letters count. */
function countScripts(text: string): void {
  counts.fill(0);
  let latin = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      const letter = code | 0x20;
      if (letter >= 0x61 && letter <= 0x7a) latin++;
      continue;
    }
    const script = SCRIPT_OF[code] ?? 0;
    counts[script] = (counts[script] ?? 0) + 1;
  }
  counts[INDEX.latin] = (counts[INDEX.latin] ?? 0) + latin;
}

/** English words that a short request may consist of. */
const COMMON_ENGLISH =
  /\b(the|is|are|what|how|why|you|please|and|of|to|into|in|my|this|that|with|for|write|explain|translate|fix|make)\b/gi;

const isPlainlyEnglish = (text: string): boolean => (text.match(COMMON_ENGLISH)?.length ?? 0) >= 2;

function several(script: Script, text: string, letters: number): string | null {
  const detector = SEVERAL[script];
  if (!detector || letters < (script === 'latin' ? LEAST_LATIN_LETTERS : LEAST)) return null;
  if (script === 'latin' && beginsInEnglish(text)) return 'en';
  const found = detector.detect(heard(text, script));
  if (found.language === '') return null;
  if (script === 'cyrillic') return cyrillic(text, found.language, letters);
  if (script !== 'latin') return found.language;
  if (found.isReliable()) return found.language === 'ms' ? malayOrIndonesian(text) : found.language;
  // Requests full of names and terms look like no language; small words tell English apart.
  return found.language === 'en' && isPlainlyEnglish(text) ? 'en' : null;
}

/** Short Russian texts are taken for each of these: letters that they do not have, and what tells that it is one of them. */
const CYRILLIC: Readonly<Record<string, { never: RegExp; mark: RegExp }>> = {
  uk: { never: /[ыэёъ]/i, mark: /[іїєґ]/i },
  be: { never: /[ищъ]/i, mark: /[іў]/i },
  sr: { never: /[ыэёъьйщюя]/i, mark: /[јљњђћџ]/i },
  bg: { never: /[ыэё]/i, mark: /ъ|(?<!\p{L})(?:е|са|да|че|ще|ли|това|какво|кои|моля)(?!\p{L})/iu },
};
/** Letters among which a mark is to be expected in Ukrainian, or a letter that Serbian never has in Russian. */
const ENOUGH = 40;

function cyrillic(text: string, found: string, letters: number): string {
  const told = CYRILLIC[found];
  if (!told || told.never.test(text)) return 'ru';
  if (told.mark.test(text)) return found;
  return (found === 'uk' && letters < ENOUGH) || (found === 'sr' && letters >= ENOUGH) ? found : 'ru';
}

/**
 * The detector does not tell these two apart, and ten times as many people write Indonesian: only words that are Malay
 * alone make a text Malay.
 */
const MALAY =
  /\b(?:kerana|awak|tak|nak|macam|ialah|boleh|kereta|wang|pejabat|universiti|syarikat|percuma|inggeris|kualiti|aktiviti|berbeza|perbezaan|hospital|ubat|terangkan|sahaja|filem|televisyen|ringgit|peperiksaan|cikgu|pensyarah|resipi|korang|mahu|bagaimanakah)\b/gi;
const INDONESIAN =
  /\b(?:karena|bisa|kamu|gak|nggak|gimana|banget|mobil|uang|kantor|universitas|perusahaan|gratis|siswa|inggris|kualitas|aktivitas|berbeda|perbedaan|obat|jelaskan|buatkan|skripsi|dosen|mahasiswa|resep|rupiah|saja)\b/gi;
const malayOrIndonesian = (text: string): string =>
  (text.match(MALAY)?.length ?? 0) > (text.match(INDONESIAN)?.length ?? 0) ? 'ms' : 'id';

/** Frequent words that English has alone among the languages of the Latin script, and that no query language has. */
const ONLY_ENGLISH = numbersOf(
  'the and that this with what how you your which would should about they their there these could why write does',
);
const WORDS_HEARD = 24;
const ENGLISH_WORDS = 2;
const ENGLISH_PART = 0.15;

/** A word of up to six letters is a number of 30 bits. */
function packed(code: number, letter: number): number {
  return (code << 5) | (letter & 31);
}

function numbersOf(words: string): ReadonlySet<number> {
  return new Set(
    words.split(' ').map((word) => [...word].reduce((code, letter) => packed(code, letter.charCodeAt(0)), 0)),
  );
}

/** Most prompts are English, and their small words say so many times sooner than the detector. */
function beginsInEnglish(text: string): boolean {
  let [words, english, code, size] = [0, 0, 0, 0];
  for (let i = 0; i <= text.length && words < WORDS_HEARD; i++) {
    const unit = text.charCodeAt(i);
    // Words of another language stand before or behind the English ones.
    if (unit > 0x7f && SCRIPT_OF[unit] !== 0) return false;
    const letter = unit | 0x20;
    if (letter >= 0x61 && letter <= 0x7a) {
      code = packed(code, letter);
      size++;
    } else if (size > 0) {
      words++;
      if (size <= 6 && ONLY_ENGLISH.has(code)) english++;
      code = 0;
      size = 0;
    }
  }
  return english >= ENGLISH_WORDS && english >= words * ENGLISH_PART;
}

/** The detector scores no more than this, after blanks, digits and signs are taken out. */
const SCORED_BYTES = 381;
const CHARACTERS_HEARD = 640;

/** The beginning of a long text, if it has all the letters that the detector scores: the rest would be cleaned for nothing. */
function heard(text: string, script: Script): string {
  if (text.length <= CHARACTERS_HEARD) return text;
  const head = text.slice(0, CHARACTERS_HEARD);
  countScripts(head);
  return (counts[INDEX[script]] ?? 0) > SCORED_BYTES ? head : text;
}
