/** Text for people at a terminal: what names from outside may hold is made harmless, and columns stand straight. */

/** Control characters could recolour the screen or type for the user, and marks of direction turn a line around. */
const HARMFUL = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text with � for every character that a terminal would obey instead of showing. Colours go on afterwards. */
export const printable = (text: string): string => text.replaceAll(HARMFUL, '\uFFFD');

/** East Asian wide characters and pictures take two cells. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/gu;
const NO_WIDTH = /\p{Mn}|\p{Me}|[\u200b-\u200f]/gu;

/** Cells of a terminal that a text takes. */
export const cellsOf = (text: string): number =>
  [...text.replaceAll(NO_WIDTH, '')].length + (text.match(WIDE)?.length ?? 0);

/** Like `padEnd` and `padStart`, in cells. */
export const fillEnd = (text: string, cells: number): string =>
  text + ' '.repeat(Math.max(0, cells - cellsOf(text)));
export const fillStart = (text: string, cells: number): string =>
  ' '.repeat(Math.max(0, cells - cellsOf(text))) + text;
