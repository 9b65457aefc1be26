/**
 * Memory for bodies, used again: the system takes longer to find a new megabyte than a body takes to be copied into it.
 * What goes back is emptied first.
 */

/** Smaller bodies come in a piece or two. */
const LEAST_BYTES = 64 << 10;
/** Somebody may announce a body and never send it. */
const MOST_BYTES = 4 << 20;

export interface BodyBuffers {
  /** At least so many bytes of whatever; null where a body of this size is better held as it comes. */
  take(bytes: number): Buffer | null;
  /** Nobody may look into it any more. */
  give(buffer: Buffer): void;
}

/** @param mostFree bytes that are kept for bodies to come */
export function createBodyBuffers(mostFree = 16 << 20): BodyBuffers {
  const free: Buffer[] = [];
  let freeBytes = 0;
  return {
    take(bytes) {
      if (!(bytes >= LEAST_BYTES && bytes <= MOST_BYTES)) return null;
      const at = free.findIndex((buffer) => buffer.length >= bytes);
      const [found] = at < 0 ? [] : free.splice(at, 1);
      if (!found) return Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)));
      freeBytes -= found.length;
      return found;
    },
    give(buffer) {
      if (freeBytes + buffer.length > mostFree) return;
      free.push(buffer.fill(0));
      freeBytes += buffer.length;
    },
  };
}
