import { useAdminText } from '../text.ts';

/** Narrows a list by what is typed. */
export function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useAdminText();
  return (
    <input
      type="search"
      aria-label={t('search')}
      placeholder={t('search')}
      value={value}
      maxLength={100}
      onChange={(event) => onChange(event.currentTarget.value)}
      className="field max-w-60"
    />
  );
}
