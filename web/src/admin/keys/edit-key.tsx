import { type KeyInput, type KeyWithUsage, updateKey } from '../api.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { changed, limitsAsInput, localTime } from '../parts/form-values.ts';
import { useChange } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { KeyFields, keyOf, NameField } from './key-fields.tsx';

interface Props {
  of: KeyWithUsage;
  apps: readonly string[];
  onClose: () => void;
}

export function EditKey({ of: key, apps, onClose }: Props) {
  const { t } = useAdminText();
  const save = useChange((input: KeyInput) => updateKey(key.hash, input));
  // A form knows minutes; seconds that it cannot show are no change.
  const shown = localTime(key.expiresAt);
  const before = {
    ...key,
    limits: limitsAsInput(key.limits),
    expiresAt: shown === '' ? null : new Date(shown).getTime(),
  };
  return (
    <FormDialog
      title={t('keys.editTitle', { name: key.name })}
      lead={key.label}
      submit={t('form.save')}
      isPending={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={(form) => save.mutate(changed(keyOf(form), before), { onSuccess: onClose })}
    >
      <NameField value={key.name} />
      <KeyFields of={key} apps={apps} />
    </FormDialog>
  );
}
