/** Whether a stream of bytes is UTF-8, and the stream with what is not replaced: the engine does not survive such bytes. */
import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';

/** Stands for bytes that are no character. */
export const REPLACEMENT = '\ufffd';

/** Cuts chunks at the ends of characters. `end` gives what is left over, which is no character. */
function characterCutter() {
  let held = Buffer.alloc(0);
  return {
    take(chunk: Buffer): Buffer {
      const all = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      const whole = all.length - bytesOfCutCharacter(all);
      held = Buffer.from(all.subarray(whole));
      return all.subarray(0, whole);
    },
    end: () => held,
  };
}

/** How many bytes at the end begin a character that goes on behind them. */
function bytesOfCutCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** Looks at chunks, which may be overwritten afterwards. */
export function utf8Check() {
  const cutter = characterCutter();
  let isGood = true;
  return {
    add(chunk: Buffer): void {
      if (isGood) isGood = isUtf8(cutter.take(chunk));
    },
    /** Whether all of it was UTF-8. */
    end: (): boolean => isGood && cutter.end().length === 0,
  };
}

/** @param onReplaced called when something had to be replaced */
export function toUtf8(onReplaced: () => void): Transform {
  const cutter = characterCutter();
  const mended = (bytes: Buffer): Buffer => {
    if (isUtf8(bytes)) return bytes;
    onReplaced();
    return Buffer.from(bytes.toString('utf8'));
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, mended(cutter.take(chunk)));
    },
    flush(done) {
      done(null, mended(cutter.end()));
    },
  });
}
