/** Errors that a person reads: a code for machines, a sentence, and the next step. Recognised by `code`, not by class. */
export class StateaiError extends Error {
  readonly code: string;
  /** What to do about it, as a sentence. */
  readonly next: string;
  constructor(code: string, message: string, next = '', cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.next = next;
  }
}

export function isStateaiError(error: unknown): error is StateaiError {
  return error instanceof Error && 'code' in error && 'next' in error;
}

/** Turns what the operating system or the engine throws into something with a next step. */
export function explain(error: unknown, doing: string): StateaiError {
  if (isStateaiError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const { code, syscall } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk.*full|ENOSPC|errno 28/i.test(message))
    return new StateaiError(
      'disk_full',
      `${doing}: the disk is full`,
      'Free some space and run the command again; nothing of the dataset was changed.',
      error,
    );
  if (code === 'EACCES' || code === 'EPERM' || /permission denied/i.test(message))
    return new StateaiError(
      'no_permission',
      `${doing}: no permission (${firstLine(message)})`,
      'Check who may read and write that path.',
      error,
    );
  // With `recursive` Node says so of any parent that takes no directory, one on a disk that can only be read among them.
  if (code === 'ENOENT' && syscall === 'mkdir')
    return new StateaiError(
      'no_permission',
      `${doing}: a directory can't be made (${firstLine(message)})`,
      'Check that the directory above it is there and can be written to.',
      error,
    );
  if (code === 'EROFS' || /read-only file system/i.test(message))
    return new StateaiError(
      'no_permission',
      `${doing}: the disk can only be read (${firstLine(message)})`,
      'Choose a directory that can be written to with --data or STATEAI_DATA.',
      error,
    );
  if (code === 'EMFILE' || code === 'ENFILE')
    return new StateaiError(
      'too_many_files',
      `${doing}: too many files and connections are open (${firstLine(message)})`,
      'Raise the limit of open files (ulimit -n).',
      error,
    );
  if (code === 'ENOENT')
    return new StateaiError(
      'not_found',
      missing(error as NodeJS.ErrnoException, doing),
      'Check the path.',
      error,
    );
  if (code === 'ENOTDIR')
    return new StateaiError(
      'not_a_directory',
      `${doing}: a part of that path is a file`,
      'Give a directory.',
      error,
    );
  if (code === 'EISDIR')
    return new StateaiError('not_a_file', `${doing}: this is a directory`, 'Give a file.', error);
  if (code === 'ESPIPE')
    return new StateaiError(
      'not_a_file',
      `${doing}: this is a pipe`,
      'Give a file, or - for standard input.',
      error,
    );
  if (/out of memory/i.test(message))
    return new StateaiError(
      'out_of_memory',
      `${doing}: not enough memory (${firstLine(message)})`,
      'Raise STATEAI_MEMORY (for example 4GB) or split the input.',
      error,
    );
  return new StateaiError('failed', `${doing}: ${firstLine(message)}`, '', error);
}

const missing = ({ path, message }: NodeJS.ErrnoException, doing: string): string => {
  if (path === undefined) return `${doing}: ${firstLine(message)}`;
  return `${doing}: there is no such file or directory${doing.endsWith(path) ? '' : ` (${path})`}`;
};

const firstLine = (text: string): string => text.split('\n')[0]?.slice(0, 400) ?? '';
