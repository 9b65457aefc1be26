/** Why a request is refused as a whole, whatever its encoding. */
import { StateaiError } from '../../generation/errors.ts';
import { MOST_SPANS } from './attributes.ts';

export const tooMany = (): StateaiError =>
  new StateaiError(
    'too_large',
    `The request has more than ${MOST_SPANS.toLocaleString('en-GB')} spans, or as many parts`,
    'Send fewer spans at a time.',
  );
