/**
 * WebAssembly without V8's optimising compiler. V8 compiles what a program runs first quickly, and what it runs often
 * again, optimised. One function of PGlite takes the second compiler three seconds of a core and 600 MB, at every start,
 * and questions are answered no faster for it.
 */
import { setFlagsFromString } from 'node:v8';

let under = 0;

/** Functions that run for the first time during this work are compiled once; all others as usual. */
export async function compileOnce<T>(work: () => Promise<T>): Promise<T> {
  if (under++ === 0) {
    // Without dynamic tiering V8 would optimise all functions at once, unless told not to.
    setFlagsFromString('--no-wasm-tier-up');
    setFlagsFromString('--no-wasm-dynamic-tiering');
  }
  try {
    return await work();
  } finally {
    if (--under === 0) setFlagsFromString('--wasm-dynamic-tiering');
  }
}
