/** How wide a text will be, without a DOM: good enough to keep labels apart. */
const NARROW = /[ijltfrI.,:;'|!()[\]-]/;
const WIDE = /[mwMW%@]/;

export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x2e80) ems += 1;
    else if (NARROW.test(character)) ems += 0.32;
    else if (WIDE.test(character)) ems += 0.88;
    else if (/[A-Z0-9]/.test(character)) ems += 0.62;
    else ems += 0.55;
  }
  return ems * fontSize;
}

/** The text, cut with an ellipsis where it is wider than the room. */
export function fitText(text: string, fontSize: number, room: number): string {
  if (textWidth(text, fontSize) <= room) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, fontSize) > room) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

/** Breaks a text into lines no wider than the room; words are kept whole where they fit. */
export function wrapText(text: string, fontSize: number, room: number, maxLines = 3): string[] {
  const lines: string[] = [];
  let line = '';
  const pieces = text.match(/[\u2e80-\u{3ffff}]|[^\s\u2e80-\u{3ffff}]+\s*|\s+/gu) ?? [];
  for (const piece of pieces) {
    if (line !== '' && textWidth((line + piece).trimEnd(), fontSize) > room) {
      lines.push(line.trim());
      line = '';
    }
    line += piece;
  }
  if (line.trim() !== '') lines.push(line.trim());
  const kept = lines.slice(0, maxLines);
  if (lines.length > maxLines) kept[maxLines - 1] = `${kept[maxLines - 1]} …`;
  return kept.map((each) => fitText(each, fontSize, room));
}
