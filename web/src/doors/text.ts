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
    /** Words that the messages need not have: then something else stands for them. */
    const or = (path: string, otherwise: string) => {
      const found = doorsText(lang, path as DoorsKey);
      return found === path ? otherwise : found;
    };
    const nameOf = (door: string) => or(`doors.${door}.name`, door);
    const aboutOf = (door: string, summary: string | null) => or(`doors.${door}.text`, summary ?? '');
    const fieldOf = (field: string) => or(`fields.${field}`, field);
    return { lang, t, nameOf, aboutOf, fieldOf };
  }, [lang]);
}
