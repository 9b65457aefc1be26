import { type FormEvent, useId, useRef } from 'react';
import { type AccountWithUsage, deleteByok, setByok } from '../api.ts';
import { day } from '../format.ts';
import { TextField } from '../parts/fields.tsx';
import { Modal } from '../parts/form-dialog.tsx';
import { textOf } from '../parts/form-values.ts';
import { Problem } from '../parts/problem.tsx';
import { Badge } from '../parts/section.tsx';
import { useByok, useChange, useGateway } from '../queries.ts';
import { useAdminText } from '../text.ts';

/** The account's own keys at providers: which there are, setting one, removing one. Their values are never shown. */
export function ProviderKeys({ of: account, onClose }: { of: AccountWithUsage; onClose: () => void }) {
  const { t, lang } = useAdminText();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const { data: keys, error } = useByok(account.id);
  const { data: gateway } = useGateway();
  const save = useChange(({ provider, key }: { provider: string; key: string }) =>
    setByok(account.id, provider, key),
  );
  const remove = useChange((provider: string) => deleteByok(account.id, provider));
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (save.isPending) return;
    const fields = new FormData(event.currentTarget);
    const input = { provider: textOf(fields, 'provider').toLowerCase(), key: textOf(fields, 'key') };
    save.mutate(input, { onSuccess: () => form.current?.reset() });
  };
  return (
    <Modal
      title={t('accounts.byokOf', { name: account.name })}
      lead={t('accounts.byokLead')}
      onClose={onClose}
    >
      <Problem error={error} />
      {keys?.length === 0 && <p className="mt-4 text-sm text-muted">{t('accounts.byokNone')}</p>}
      <ul className="mt-4 divide-y divide-rule border-y border-rule empty:hidden">
        {keys?.map((each) => (
          <li key={each.provider} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm">
            <span className="font-medium">{each.provider}</span>
            {gateway && !gateway.providers.some(({ slug }) => slug === each.provider) && (
              <Badge tone="warn">{t('accounts.byokUnknown')}</Badge>
            )}
            <code className="font-mono text-[13px] text-muted">{each.label}</code>
            <span className="text-[13px] text-muted">
              {t('accounts.byokSince', { date: day(each.updatedAt, lang) })}
            </span>
            <button
              type="button"
              className="control ml-auto text-accent"
              aria-disabled={remove.isPending}
              aria-label={t('accounts.byokRemoveOf', { provider: each.provider })}
              onClick={() => {
                if (remove.isPending) return;
                save.reset();
                remove.mutate(each.provider);
              }}
            >
              {t('accounts.byokRemove')}
            </button>
          </li>
        ))}
      </ul>
      <Problem error={remove.error} />
      <form ref={form} onSubmit={send} className="mt-5 grid gap-3">
        <TextField
          label={t('accounts.byokProvider')}
          name="provider"
          hint={t('accounts.byokProviderHint')}
          list={id}
          maxLength={80}
          pattern="\s*[A-Za-z0-9][A-Za-z0-9._\/\-]*\s*"
          required
        />
        <datalist id={id}>
          {gateway?.providers.map((each) => (
            <option key={each.slug} value={each.slug}>
              {each.name}
            </option>
          ))}
        </datalist>
        <TextField label={t('accounts.byokKey')} name="key" type="password" maxLength={4096} required />
        <div className="flex items-center gap-3">
          <button type="submit" aria-disabled={save.isPending} className="control-strong">
            {t('accounts.byokSet')}
          </button>
          <span role="status" className="text-sm text-soft">
            {save.isSuccess ? t('accounts.byokSaved') : ''}
          </span>
        </div>
      </form>
      <Problem error={save.error} />
    </Modal>
  );
}
