import { useEffect, useState } from 'react';

const MOMENT_MS = 1800;

/** A state that goes back to what it is at rest by itself. */
export function useForAMoment<T>(rest: T): [T, (value: T) => void] {
  const [value, setValue] = useState(rest);
  useEffect(() => {
    if (value === rest) return;
    const timer = setTimeout(() => setValue(rest), MOMENT_MS);
    return () => clearTimeout(timer);
  }, [value, rest]);
  return [value, setValue];
}
