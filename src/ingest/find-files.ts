/** The files behind the paths that a user gives: files, directories with what is linked there, patterns, standard input. */
import { constants } from 'node:fs';
import { access, glob, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { explain, StateaiError } from '../generation/errors.ts';

export interface FoundFiles {
  files: string[];
  /** Paths that could not be read, with the reason. The others are read all the same. */
  failures: StateaiError[];
}

/**
 * `-` is standard input and is passed through.
 * @param endings file endings that count inside a directory
 * @param isWanted what else must hold for a file inside a directory, by the name it has unpacked
 */
export async function findFiles(
  paths: readonly string[],
  endings: readonly string[],
  isWanted: (path: string) => boolean = () => true,
): Promise<FoundFiles> {
  const counts = (path: string) =>
    endings.some((e) => path.replace(ROTATED, '').toLowerCase().endsWith(e)) &&
    isWanted(path.replace(/\.(gz|zst)$/i, ''));
  const found: FoundFiles = { files: [], failures: [] };
  for (const path of paths) {
    if (path === '-') {
      found.files.push(path);
      continue;
    }
    try {
      const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' && /[*?[{]/.test(path)) return null;
        throw error;
      });
      if (info?.isDirectory()) {
        const all: Walk = { counts, found, links: [] };
        await walk(path, all);
        await followLinks(path, all);
      } else if (info) found.files.push(path);
      else for await (const match of glob(path)) if ((await stat(match)).isFile()) found.files.push(match);
    } catch (error) {
      found.failures.push(explain(error, `Reading ${path}`));
    }
  }
  found.files = [...new Set(found.files)].sort();
  if (found.files.length === 0 && found.failures.length === 0)
    throw new StateaiError(
      'no_files',
      `No file matches ${paths.join(' ')}`,
      `Give files, directories or patterns; in directories, files ending in ${endings.join(', ')} count.`,
    );
  return found;
}

/** What rotation puts behind a name, or between it and how it is packed: `.1`, `-20261130`, `.2026-11-30-12`. */
const ROTATED = /[.-](\d{1,3}|20\d{6}|20\d\d-\d\d-\d\d)(-\d{1,10})?(?=(\.gz|\.zst)?$)/i;

interface Walk {
  counts(path: string): boolean;
  found: FoundFiles;
  /** Symbolic links met on the way, which are followed last: what also lies there by itself goes by its own name. */
  links: string[];
}

async function walk(directory: string, all: Walk): Promise<void> {
  try {
    await access(directory, constants.R_OK | constants.X_OK);
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) await walk(path, all);
      else if (entry.isSymbolicLink()) all.links.push(path);
      else if (entry.isFile() && all.counts(path)) all.found.files.push(path);
    }
  } catch (error) {
    all.found.failures.push(explain(error, `Reading ${directory}`));
  }
}

/** Each directory and file behind a link is read once. Links that lead nowhere, or back to where they lie, are left. */
async function followLinks(root: string, all: Walk): Promise<void> {
  const followed = [await realpath(root)];
  const files: { link: string; target: string }[] = [];
  const isNew = (target: string) => !followed.some((done) => isWithin(target, done));
  for (let link = all.links.shift(); link !== undefined; link = all.links.shift()) {
    try {
      const target = await realpath(link);
      const leadsBack = isWithin(await realpath(dirname(link)), target);
      if (leadsBack || !isNew(target)) continue;
      const info = await stat(target);
      if (info.isDirectory()) {
        followed.push(target);
        await walk(link, all);
      } else if (info.isFile() && all.counts(link)) files.push({ link, target });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ELOOP') all.found.failures.push(explain(error, `Reading ${link}`));
    }
  }
  for (const { link, target } of files) {
    if (!isNew(target)) continue;
    followed.push(target);
    all.found.files.push(link);
  }
}

const isWithin = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
