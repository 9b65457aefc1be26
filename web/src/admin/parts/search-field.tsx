import { useAdminText } from '../text.ts';
import { Field } from './fields.tsx';

interface Props {
  value: string;
  onChange: (value: string) => void;
  /** Among other labelled fields it shows its label as well. */
  isLabelled?: boolean;
}

/** Narrows a list by what is typed. */
export function SearchField({ value, onChange, isLabelled = false }: Props) {
  const { t } = useAdminText();
  const input = (attributes: object) => (
    <input
      {...attributes}
      type="search"
      value={value}
      maxLength={100}
      onChange={(event) => onChange(event.currentTarget.value)}
      className="field"
    />
  );
  return (
    <div className="w-60 max-w-full">
      {isLabelled ? (
        <Field label={t('search')}>{input}</Field>
      ) : (
        input({ 'aria-label': t('search'), placeholder: t('search') })
      )}
    </div>
  );
}
