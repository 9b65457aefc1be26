import type { ReactNode } from 'react';
import { useAdminText } from '../text.ts';

/** A value, or that it is not known: never a number that nobody measured. */
export function Known<T>({
  value,
  children,
}: {
  value: T | null | undefined;
  children: (value: T) => ReactNode;
}) {
  const { t } = useAdminText();
  if (value === null || value === undefined) return <span className="text-muted">{t('unknown')}</span>;
  return <>{children(value)}</>;
}
