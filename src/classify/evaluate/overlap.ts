/** Whether prompts that a model is trained on repeat prompts that it is measured on. */

/** As many words in a row, or characters of a script without spaces, are no chance. */
const WORDS = 8;
const CHARACTERS = 12;
/** A whole prompt of so many words or more; shorter ones ("hi", "go on") are everybody's. */
const WHOLE = 6;

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

/** @returns those of `seeds` that are one of `prompts`, or share a longer run of words or characters with one */
export function repeatedSeeds(seeds: readonly string[], prompts: readonly string[]): string[] {
  const runs = new Set<string>();
  const whole = new Set<string>();
  for (const prompt of prompts) {
    for (const run of runsOf(prompt)) runs.add(run);
    whole.add(wordsOf(prompt).join(' '));
  }
  return seeds.filter((seed) => {
    const words = wordsOf(seed);
    return (words.length >= WHOLE && whole.has(words.join(' '))) || runsOf(seed).some((run) => runs.has(run));
  });
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

function runsOf(text: string): string[] {
  const words = wordsOf(text);
  const out: string[] = [];
  for (let i = 0; i + WORDS <= words.length; i++) out.push(words.slice(i, i + WORDS).join(' '));
  for (const [run] of text.matchAll(UNSPACED))
    for (let i = 0; i + CHARACTERS <= run.length; i++) out.push(run.slice(i, i + CHARACTERS));
  return out;
}
