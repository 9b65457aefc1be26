/**
 * How many bytes of a request tell of its tokens. Pictures, sound and files stand in it as base64, whose length says
 * nothing of tokens: each counts as much as a picture usually does, whatever its size.
 */

const [QUOTE, COMMA] = [0x22, 0x2c];
/** Base64 that is shorter than this may count as text. */
const SHORTEST_MEDIA = 8 << 10;
/** 1,500 tokens. */
const BYTES_OF_MEDIA = 6000;
/** Where none of these stands there is no media. */
const SIGNS = ['base64', '"input_audio"', '"file_data"'];
/** `data:application/pdf;base64,` and what else may stand there. */
const LONGEST_PREFIX = 200;
const PROBE = 64;

/** @param json a member of a request, as JSON */
export function promptBytesOf(json: Buffer): number {
  if (json.length < SHORTEST_MEDIA || !SIGNS.some((sign) => json.includes(sign))) return json.length;
  let bytes = json.length;
  let from = json.indexOf(QUOTE);
  // What stands between two quotation marks need not be a string, but base64 that long always is one.
  while (from >= 0) {
    const end = json.indexOf(QUOTE, from + 1);
    if (end < 0) break;
    const length = end - from - 1;
    if (length >= SHORTEST_MEDIA && isBase64(json.subarray(from + 1, end))) bytes += BYTES_OF_MEDIA - length;
    from = end;
  }
  return bytes;
}

/** Looked at in three places: text of that length has blanks, line breaks or punctuation in one of them. */
function isBase64(text: Buffer): boolean {
  const comma = text.subarray(0, LONGEST_PREFIX).indexOf(COMMA);
  const starts = [comma + 1, text.length >> 1, text.length - PROBE];
  return starts.every((at) => text.subarray(at, at + PROBE).every(isBase64Byte));
}

const ALPHABET = new Uint8Array(256);
for (const letter of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_'))
  ALPHABET[letter] = 1;
const isBase64Byte = (byte: number): boolean => ALPHABET[byte] === 1;
