/** Features of a prompt's structure: what it looks like, whatever its words are. */

/** In the order of their rows. */
export const STRUCTURE = [
  'length < 20',
  'length < 40',
  'length < 80',
  'length < 160',
  'length < 320',
  'length < 640',
  'length ≥ 640',
  'one line',
  'lines 2–3',
  'lines 4–9',
  'lines ≥ 10',
  'code fence',
  'backtick',
  'brace',
  'braces',
  'semicolons at line ends',
  'call',
  'calls',
  'equals',
  'comparison or arrow',
  'closing tag',
  'LaTeX',
  'caret',
  'few digits',
  'some digits',
  'many digits',
  'ends with a question mark',
  'question mark inside',
  'exclamation mark',
  'asterisk actions',
  'bold',
  'quoted once',
  'quoted often',
  'speaker lines',
  'pipe table',
  'comma lines',
  'currency',
  'per cent',
  'URL',
  'mail address',
  'path or file name',
  'snake case',
  'camel case',
  'capital words',
  'bullets',
  'numbered lines',
  'begins lower case',
  'begins with a bracket',
  'emoji',
  'ellipsis',
  'stack trace',
  'placeholder',
  'indented lines',
  'ends with a colon',
] as const;

type Name = (typeof STRUCTURE)[number];
const ROW = Object.fromEntries(STRUCTURE.map((name, i) => [name, i])) as Record<Name, number>;

const ascii = new Uint16Array(128);
const STACK_TRACE =
  /Traceback|Exception|Error:|\bat \S+\(\S+:\d+|\b(?:TypeError|ReferenceError|segfault|undefined reference|npm ERR)/;
const FILE_NAME =
  /[\w-]\.(?:py|js|ts|tsx|jsx|java|cpp|cs|go|rs|rb|php|html|css|json|ya?ml|toml|sh|sql|md|ipynb|xml|env|lock|kt|swift|vue)\b/;
const LONGEST_PREFIX = 30;

/** Writes the rows of what holds behind `count`, counted from `first`. @returns the new count */
export function structureOf(
  text: string,
  length: number,
  rows: Uint32Array,
  count: number,
  first: number,
): number {
  let n = count;
  const on = (name: Name) => {
    rows[n++] = first + ROW[name];
  };
  ascii.fill(0);
  let lines = 1;
  let lineStart = 0;
  let lineCommas = 0;
  let calls = 0;
  let comparisons = 0;
  let semicolonEnds = 0;
  let commaLines = 0;
  let speakers = 0;
  let bullets = 0;
  let numbered = 0;
  let indented = 0;
  let snakes = 0;
  let camels = 0;
  let capitals = 0;
  let capitalRun = 0;
  let curlyQuotes = 0;
  let emoji = 0;
  let questions = 0;
  let previous = 0x0a;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 128) ascii[code] = (ascii[code] ?? 0) + 1;
    else if (code >= 0xd800 && code < 0xdc00) emoji++;
    else if (code === 0x201c || code === 0x300c || code === 0xab) curlyQuotes++;
    else if (code === 0xff1f) questions++;
    const wasWord = isWord(previous);
    if (code === 0x0a) {
      lines++;
      if (previous === 0x3b || previous === 0x7b || previous === 0x7d) semicolonEnds++;
      if (lineCommas >= 3) commaLines++;
      lineCommas = 0;
      lineStart = i + 1;
    } else if (code === 0x2c) lineCommas++;
    else if (code === 0x28 && wasWord) calls++;
    else if (
      (code === 0x3d || code === 0x3e) &&
      (previous === 0x3d || previous === 0x2d || previous === 0x21)
    )
      comparisons++;
    else if (code === 0x26 && previous === 0x26) comparisons++;
    else if (code === 0x3a && previous === 0x3a) comparisons++;
    else if (code === 0x3a && wasWord && i - lineStart < LONGEST_PREFIX && i - lineStart > 1) speakers++;
    else if (code === 0x5f && wasWord) snakes++;
    else if (code === 0x20 && previous === 0x0a) indented++;
    if (previous === 0x0a) {
      if (code === 0x2d || code === 0x2a || code === 0x2022) bullets++;
      else if (code >= 0x30 && code <= 0x39) numbered++;
    }
    if (code >= 0x41 && code <= 0x5a) {
      if (previous >= 0x61 && previous <= 0x7a) camels++;
      capitalRun++;
      if (capitalRun === 4) capitals++;
    } else capitalRun = 0;
    previous = code;
  }
  const of = (char: string) => ascii[char.charCodeAt(0)] ?? 0;
  let digits = 0;
  for (let c = 0x30; c < 0x3a; c++) digits += ascii[c] ?? 0;

  if (length < 20) on('length < 20');
  else if (length < 40) on('length < 40');
  else if (length < 80) on('length < 80');
  else if (length < 160) on('length < 160');
  else if (length < 320) on('length < 320');
  else if (length < 640) on('length < 640');
  else on('length ≥ 640');
  if (lines === 1) on('one line');
  else if (lines < 4) on('lines 2–3');
  else if (lines < 10) on('lines 4–9');
  else on('lines ≥ 10');
  if (of('`') >= 3 && text.includes('```')) on('code fence');
  if (of('`') > 0) on('backtick');
  if (of('{') > 0) on('brace');
  if (of('{') > 2) on('braces');
  if (semicolonEnds > 0) on('semicolons at line ends');
  if (calls > 0) on('call');
  if (calls > 2) on('calls');
  if (of('=') > 1) on('equals');
  if (comparisons > 0) on('comparison or arrow');
  if (of('<') > 0 && text.includes('</')) on('closing tag');
  if (of('\\') > 0 || of('$') > 3) on('LaTeX');
  if (of('^') > 0) on('caret');
  if (digits > 0 && digits * 20 < length) on('few digits');
  else if (digits > 0 && digits * 6 < length) on('some digits');
  else if (digits > 0) on('many digits');
  if (previous === 0x3f || previous === 0xff1f) on('ends with a question mark');
  else if (of('?') + questions > 0) on('question mark inside');
  if (of('!') > 0) on('exclamation mark');
  const stars = of('*');
  if (stars >= 2 && text.includes('**')) on('bold');
  else if (stars >= 2) on('asterisk actions');
  const quotes = of('"') / 2 + curlyQuotes;
  if (quotes > 2) on('quoted often');
  else if (quotes >= 1) on('quoted once');
  if (speakers > 1) on('speaker lines');
  if (of('|') > 3) on('pipe table');
  if (commaLines > 1) on('comma lines');
  if (of('$') > 0 || text.includes('€') || text.includes('£')) on('currency');
  if (of('%') > 0) on('per cent');
  if (of('/') > 1 && text.includes('://')) on('URL');
  if (of('@') > 0) on('mail address');
  if (of('.') > 0 && FILE_NAME.test(text)) on('path or file name');
  if (snakes > 0) on('snake case');
  if (camels > 1) on('camel case');
  if (capitals > 2) on('capital words');
  if (bullets > 1) on('bullets');
  if (numbered > 1) on('numbered lines');
  const begin = text.charCodeAt(0);
  if (begin >= 0x61 && begin <= 0x7a) on('begins lower case');
  if (begin === 0x5b || begin === 0x7b || begin === 0x3c || begin === 0x28) on('begins with a bracket');
  if (emoji > 0) on('emoji');
  if (text.includes('…') || text.includes('...')) on('ellipsis');
  if (of(':') + of('(') + lines > 2 && STACK_TRACE.test(text)) on('stack trace');
  if ((of('[') > 0 && of(']') > 0) || text.includes('{{') || text.includes('【')) on('placeholder');
  if (indented > 1) on('indented lines');
  if (previous === 0x3a || previous === 0xff1a) on('ends with a colon');
  return n;
}

const isWord = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code > 0x7f;
