import { useState } from 'react';
import { type AccountWithUsage, createKey, type NewKeyInput } from '../api.ts';
import { CheckField, Field } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { isChecked } from '../parts/form-values.ts';
import { focused } from '../parts/use-return-focus.ts';
import { useChange } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { KeyFields, keyOf, NameField } from './key-fields.tsx';
import { MadeKey } from './made-key.tsx';

interface Props {
  accounts: AccountWithUsage[];
  /** Chosen beforehand. */
  account: string | undefined;
  onClose: () => void;
}

/** Makes a key, then shows its secret this one time. */
export function NewKey({ accounts, account: wanted, onClose }: Props) {
  const { t } = useAdminText();
  const [opener] = useState(focused);
  const [account, setAccount] = useState(wanted ?? 'local');
  const create = useChange((input: NewKeyInput) => createKey(input));
  if (create.data) return <MadeKey made={create.data} returnTo={opener} onClose={onClose} />;
  return (
    <FormDialog
      title={t('keys.createTitle')}
      submit={t('form.create')}
      isPending={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={(form) =>
        create.mutate({
          ...keyOf(form),
          account,
          ingest: isChecked(form, 'ingest'),
          management: isChecked(form, 'management'),
        })
      }
    >
      <NameField />
      <Field label={t('keys.account')}>
        {(aria) => (
          <select
            {...aria}
            className="field"
            value={account}
            onChange={(event) => setAccount(event.currentTarget.value)}
          >
            {!accounts.some((each) => each.id === account) && <option value={account}>{account}</option>}
            {accounts.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <KeyFields of={null} apps={accounts.find((each) => each.id === account)?.apps ?? []} />
      <CheckField label={t('keys.ingest')} name="ingest" hint={t('keys.ingestHint')} />
      <CheckField label={t('keys.management')} name="management" hint={t('keys.managementHint')} />
    </FormDialog>
  );
}
