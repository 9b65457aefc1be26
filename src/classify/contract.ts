/** What classifiers have in common. */
import type { Label } from '../generation/generation.ts';

export interface Classifier {
  /** `name@version`, as it stands on every label. */
  id: string;
  /** Prompts that it wants at a time. */
  batch: number;
  /**
   * Labels of each text, the most confident first; empty = nothing it is sure of; null = it could not look at that text
   * (an unsupported language, too short). The text is not kept.
   * @throws when it fails as a whole
   */
  classify(texts: readonly string[]): (Label[] | null)[] | Promise<(Label[] | null)[]>;
}
