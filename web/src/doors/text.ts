/** The words of the page of doors. They come with its own chunk, so that the report does not carry them. */
import { useContext, useMemo } from 'react';
import en from '../../../src/messages/en.json?doors';
import { spaced } from '../../../src/messages/spacing.ts';
import zh from '../../../src/messages/zh.json?doors';
import { type DoorsMessages, LangContext, type Leaves, speaker, type Values } from '../lib/text.ts';

export type DoorsKey = Leaves<DoorsMessages>;

export const doorsText = speaker<DoorsKey>({ en, zh });

export function useDoorsText() {
  const lang = useContext(LangContext);
  return useMemo(() => {
    const t = (path: DoorsKey, values?: Values) => spaced(doorsText(lang, path, values), lang);
    /** A door's words; one that the messages do not know goes by its own name. */
    const nameOf = (door: string) => {
      const path = `doors.${door}.name` as DoorsKey;
      const found = doorsText(lang, path);
      return found === path ? door : found;
    };
    const aboutOf = (door: string, summary: string | null) => {
      const path = `doors.${door}.text` as DoorsKey;
      const found = doorsText(lang, path);
      return found === path ? (summary ?? '') : found;
    };
    const fieldOf = (field: string) => {
      const path = `fields.${field}` as DoorsKey;
      const found = doorsText(lang, path);
      return found === path ? field : found;
    };
    return { lang, t, nameOf, aboutOf, fieldOf };
  }, [lang]);
}
