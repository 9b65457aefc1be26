/** Looks where agents keep their logs, so that a user need not know. */
import { stat } from 'node:fs/promises';
import { findFiles } from './find-files.ts';
import { FORMATS } from './registry.ts';

export interface HomeLogs {
  format: string;
  path: string;
  files: number;
  bytes: number;
}

/** Directories that hold at least one log. What is missing or must not be read counts as empty. */
export async function findHomeLogs(env: NodeJS.ProcessEnv, home: string): Promise<HomeLogs[]> {
  const found: HomeLogs[] = [];
  for (const format of FORMATS) {
    if (format.kind !== 'log') continue;
    for (const path of format.door.homes(env, home)) {
      const { files } = await findFiles([path], format.endings, format.door.isLog).catch(() => ({
        files: [],
      }));
      const sizes = await Promise.all(files.map((file) => stat(file).catch(() => null)));
      const bytes = sizes.reduce((sum, info) => sum + (info?.size ?? 0), 0);
      if (files.length > 0) found.push({ format: format.format, path, files: files.length, bytes });
    }
  }
  return found;
}
