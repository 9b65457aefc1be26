/** What the operating system says, with a next step. */
import { expect, test } from 'vitest';
import { explain, StateaiError } from './errors.ts';

const failed = (code: string, message: string, syscall?: string) =>
  Object.assign(new Error(message), { code, syscall });

test.each([
  [failed('ENOSPC', 'ENOSPC: no space left on device, write'), 'disk_full', 'the disk is full'],
  [failed('EDQUOT', 'EDQUOT: quota exceeded, write'), 'disk_full', 'the disk is full'],
  [new Error('IO Error: Could not write file "x": No space left on device'), 'disk_full', 'the disk is full'],
  [failed('EACCES', 'EACCES: permission denied, open x'), 'no_permission', 'no permission'],
  [failed('EROFS', 'EROFS: read-only file system, open x'), 'no_permission', 'can only be read'],
  [
    failed('ENOENT', "ENOENT: no such file or directory, mkdir 'x'", 'mkdir'),
    'no_permission',
    "can't be made",
  ],
  [failed('ENOENT', "ENOENT: no such file or directory, open 'x'", 'open'), 'not_found', "open 'x'"],
  [
    Object.assign(failed('ENOENT', "ENOENT: no such file or directory, stat 'x'", 'stat'), { path: 'x' }),
    'not_found',
    'Writing: there is no such file or directory (x)',
  ],
  [failed('ENOTDIR', 'ENOTDIR: not a directory, open x'), 'not_a_directory', 'is a file'],
  [failed('EISDIR', 'EISDIR: illegal operation on a directory, read', 'read'), 'not_a_file', 'a directory'],
  [failed('EMFILE', 'EMFILE: too many open files, open x'), 'too_many_files', 'too many files'],
  [new Error('Out of Memory Error: could not allocate'), 'out_of_memory', 'not enough memory'],
])('%s', (error, code, says) => {
  const explained = explain(error, 'Writing');
  expect(explained.code).toBe(code);
  expect(explained.message).toMatch(/^Writing: /);
  expect(explained.message).toContain(says);
  expect(explained.next).not.toBe('');
});

test('what has a next step already stays; anything else is told in one line', () => {
  const known = new StateaiError('busy', 'Busy', 'Try again.');
  expect(explain(known, 'Writing')).toBe(known);
  expect(explain(new Error('one\ntwo'), 'Writing').message).toBe('Writing: one');
  expect(explain('text', 'Writing').message).toBe('Writing: text');
  expect(explain(undefined, 'Writing').message).toBe('Writing: undefined');
});
