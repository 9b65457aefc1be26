/** The words of the admin page. They come with its own chunk, so that the report does not carry them. */
import { useContext, useMemo } from 'react';
import en from '../../../src/messages/en.json?admin';
import zh from '../../../src/messages/zh.json?admin';
import { type AdminMessages, LangContext, type Leaves, speaker, type Values } from '../lib/text.ts';

export type AdminKey = Leaves<AdminMessages>;

export const adminText = speaker<AdminKey>({ en, zh });

export function useAdminText() {
  const lang = useContext(LangContext);
  return useMemo(
    () => ({ lang, t: (path: AdminKey, values?: Values) => adminText(lang, path, values) }),
    [lang],
  );
}
