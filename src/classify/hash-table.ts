/** Numbers by the hashes of what they belong to, in two typed arrays: what is looked up is never kept as a string. */

/** From keys, which are hashes and never 0, to numbers, which are never 0 either. */
export class HashTable {
  readonly #mask: number;
  readonly #keys: Uint32Array;
  readonly #values: Uint32Array;

  /** @param bits of the number of places; at most half of them may be taken */
  constructor(bits: number) {
    this.#mask = (1 << bits) - 1;
    this.#keys = new Uint32Array(1 << bits);
    this.#values = new Uint32Array(1 << bits);
  }

  /** 0 = the key has none. */
  get(key: number): number {
    return this.#values[this.#place(key)] ?? 0;
  }

  set(key: number, value: number): void {
    const at = this.#place(key);
    this.#keys[at] = key;
    this.#values[at] = value;
  }

  /** Where the key stands, or would. */
  #place(key: number): number {
    const keys = this.#keys;
    let at = key & this.#mask;
    for (let there = keys[at]; there !== key && there !== 0; there = keys[at]) at = (at + 1) & this.#mask;
    return at;
  }
}
