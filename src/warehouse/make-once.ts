/** What is made when it is first asked for, and kept; where making it fails, the next one who asks tries again. */
export interface Once<T> {
  get(): Promise<T>;
  /** What was made, or is being made; null: nothing. */
  made(): Promise<T> | null;
}

export function makeOnce<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | null = null;
  return {
    get() {
      if (made) return made;
      const making = make();
      made = making;
      making.catch(() => {
        made = null;
      });
      return making;
    },
    made: () => made,
  };
}
