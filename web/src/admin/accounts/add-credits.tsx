import { MOST_USD } from '../../../../src/accounts/money.ts';
import { type AccountWithUsage, addCredits } from '../api.ts';
import { NumberField } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { numberOf } from '../parts/form-values.ts';
import { useChange } from '../queries.ts';
import { useAdminText } from '../text.ts';

/** Adds to the credits that an account has bought. */
export function AddCredits({ to: account, onClose }: { to: AccountWithUsage; onClose: () => void }) {
  const { t } = useAdminText();
  const add = useChange((usd: number) => addCredits(account.id, usd));
  return (
    <FormDialog
      title={t('accounts.addCreditsOf', { name: account.name })}
      submit={t('accounts.addCredits')}
      isPending={add.isPending}
      error={add.error}
      onClose={onClose}
      onSubmit={(form) => add.mutate(numberOf(form, 'usd') ?? 0, { onSuccess: onClose })}
    >
      <NumberField
        label={t('accounts.amount')}
        name="usd"
        hint={t('accounts.amountHint')}
        value={null}
        min={-MOST_USD}
        max={MOST_USD}
        required
      />
    </FormDialog>
  );
}
