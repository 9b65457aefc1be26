/** Settings that come by the environment. */
import { StateaiError } from './errors.ts';

/**
 * The value of a variable; undefined where it is not set.
 * @param meant what it may be, for who set it otherwise
 * @throws `bad_setting`
 */
export function setting(name: string, form: RegExp, meant: string): string | undefined {
  const value = process.env[name]?.trim() || undefined;
  if (value === undefined || form.test(value)) return value;
  throw new StateaiError('bad_setting', `${name} is "${value.slice(0, 40)}"`, `Set it to ${meant}.`);
}
