/**
 * Simplified and Traditional Chinese apart, by the characters that only one of them has: those of the national standard
 * GB 2312 that Big5 lacks, and the other way round. Both tables come with the runtime.
 */
const [SIMPLIFIED, TRADITIONAL] = [1, 2];

const table = new Uint8Array(0x10000);
mark('gbk', 0xb0, 0xf7, 0xa1, 0xfe, SIMPLIFIED);
mark('big5', 0xa4, 0xf9, 0x40, 0xfe, TRADITIONAL);

function mark(
  encoding: string,
  firstRow: number,
  lastRow: number,
  first: number,
  last: number,
  bit: number,
): void {
  const decoder = new TextDecoder(encoding);
  for (let row = firstRow; row <= lastRow; row++)
    for (let cell = first; cell <= last; cell++) {
      const char = decoder.decode(Uint8Array.of(row, cell));
      const code = char.charCodeAt(0);
      if (char.length === 1 && code >= 0x4e00 && code <= 0x9fff) table[code] = (table[code] ?? 0) | bit;
    }
}

/** Where no character tells, Simplified, in which most is written. */
export function chineseScript(text: string): 'Hans' | 'Hant' {
  let balance = 0;
  for (let i = 0; i < text.length; i++) {
    const bits = table[text.charCodeAt(i)];
    if (bits === SIMPLIFIED) balance++;
    else if (bits === TRADITIONAL) balance--;
  }
  return balance < 0 ? 'Hant' : 'Hans';
}
