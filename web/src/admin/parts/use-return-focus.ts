import { useCallback, useState } from 'react';

/** What has the focus now, as the place to come back to. */
export const focused = (): HTMLElement | null =>
  document.activeElement instanceof HTMLElement ? document.activeElement : null;

/**
 * For `onCloseAutoFocus` of a dialog that is opened without a trigger of its own: the focus goes back to where it was when
 * the dialog came up, or to the content where that is gone.
 * @param from another place to go back to
 */
export function useReturnFocus(from?: HTMLElement | null): (event: Event) => void {
  const [before] = useState(() => from ?? focused());
  return useCallback(
    (event) => {
      event.preventDefault();
      const place = before?.isConnected ? before : document.getElementById('content');
      place?.focus();
    },
    [before],
  );
}
