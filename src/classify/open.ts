/** The classifier that the configuration asks for, made when it is first needed and again when the configuration changes. */
import type { ClassifierConfig } from '../gateway/config/config.ts';
import type { Classifier } from './contract.ts';
import { embeddedClassifier } from './embedded.ts';
import { googleClassifier } from './google.ts';
import { llmClassifier } from './llm.ts';

/** @param config of now */
export function openClassifier(config: () => ClassifierConfig): () => Classifier | null {
  let made: Classifier | null = null;
  let madeFor: ClassifierConfig | null = null;
  return () => {
    const now = config();
    if (now !== madeFor) {
      made = classifierOf(now);
      madeFor = now;
    }
    return made;
  };
}

/** null: labels are switched off. */
export function classifierOf(config: ClassifierConfig): Classifier | null {
  if (config.kind === 'google') return googleClassifier(config);
  if (config.kind === 'llm') return llmClassifier(config);
  return config.kind === 'embedded' ? embeddedClassifier() : null;
}
