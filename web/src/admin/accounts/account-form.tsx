import { MOST_USD } from '../../../../src/accounts/money.ts';
import { type AccountInput, type AccountWithUsage, createAccount, updateAccount } from '../api.ts';
import { countries } from '../countries.ts';
import { CheckField, Field, LinesField, NumberField, TextField } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import {
  changed,
  isChecked,
  limitsAsInput,
  limitsOf,
  linesOf,
  NOT_BLANK,
  numberOf,
  textOf,
  textOrNull,
} from '../parts/form-values.ts';
import { LimitsFields } from '../parts/limits-fields.tsx';
import { useChange } from '../queries.ts';
import { useAdminText } from '../text.ts';

interface Props {
  /** null: a new one. */
  of: AccountWithUsage | null;
  onClose: () => void;
}

/** Makes an account or changes one. */
export function AccountForm({ of: account, onClose }: Props) {
  const { t, lang } = useAdminText();
  const save = useChange((input: ReturnType<typeof accountOf>) =>
    account
      ? updateAccount(account.id, changed(input, { ...account, limits: limitsAsInput(account.limits) }))
      : createAccount(input),
  );
  return (
    <FormDialog
      title={account ? t('accounts.editTitle', { name: account.name }) : t('accounts.createTitle')}
      submit={t(account ? 'form.save' : 'form.create')}
      isPending={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={(form) => save.mutate(accountOf(form), { onSuccess: onClose })}
    >
      <TextField label={t('accounts.name')} name="name" value={account?.name} pattern={NOT_BLANK} required />
      <Field label={t('accounts.country')}>
        {(aria) => (
          <select {...aria} name="country" className="field" defaultValue={account?.country ?? ''}>
            <option value="">{t('accounts.countryUnknown')}</option>
            {countries(lang, account?.country ?? null).map(({ code, name }) => (
              <option key={code} value={code}>
                {name} ({code})
              </option>
            ))}
          </select>
        )}
      </Field>
      <LinesField
        label={t('accounts.apps')}
        name="apps"
        hint={t('accounts.appsHint')}
        value={account?.apps ?? []}
      />
      <NumberField
        label={t('accounts.credits')}
        name="credits"
        hint={t('accounts.creditsHint')}
        value={account?.credits}
        max={MOST_USD}
      />
      <LimitsFields limits={account?.limits ?? null} />
      <CheckField
        label={t('accounts.sampling')}
        name="noSampling"
        hint={t('accounts.samplingHint')}
        checked={account?.sampling === false}
      />
      <CheckField
        label={t('accounts.disabled')}
        name="disabled"
        hint={t('accounts.disabledHint')}
        checked={account?.disabled}
      />
    </FormDialog>
  );
}

const accountOf = (form: FormData) =>
  ({
    name: textOf(form, 'name'),
    country: textOrNull(form, 'country'),
    apps: linesOf(form, 'apps'),
    credits: numberOf(form, 'credits'),
    limits: limitsOf(form),
    sampling: !isChecked(form, 'noSampling'),
    disabled: isChecked(form, 'disabled'),
  }) satisfies AccountInput;
