import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type AccountWithUsage, deleteAccount } from '../api.ts';
import { countryName } from '../countries.ts';
import { usd } from '../format.ts';
import { ConfirmDelete } from '../parts/confirm.tsx';
import { LimitsUsed } from '../parts/limits-used.tsx';
import { Meter } from '../parts/meter.tsx';
import { Badge } from '../parts/section.tsx';
import { useChange } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { useAdminView } from '../use-admin-view.ts';
import { AccountForm } from './account-form.tsx';
import { AddCredits } from './add-credits.tsx';
import { ProviderKeys } from './provider-keys.tsx';

/** The account of whoever needs no key; it cannot be deleted. */
const LOCAL = 'local';

/** One account: what it used, and what can be done with it. */
export function AccountRow({ of: account }: { of: AccountWithUsage }) {
  const { t, lang } = useAdminText();
  const { view } = useAdminView();
  const [dialog, setDialog] = useState<'edit' | 'credits' | 'byok' | 'delete' | null>(null);
  const remove = useChange(() => deleteAccount(account.id));
  const close = () => setDialog(null);
  const facts = [
    account.country && countryName(account.country, lang),
    account.credits === null && t('accounts.postpaid'),
    account.apps.length > 0 && t('accounts.appsOf', { apps: account.apps.join(t('list')) }),
  ].filter(Boolean);
  return (
    <li className="min-w-0 rounded-xl border border-rule bg-card p-4 sm:p-5">
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[1.05rem] font-semibold">
            <span className="min-w-0 break-words">{account.name}</span>
            {account.disabled && <Badge tone="bad">{t('accounts.isDisabled')}</Badge>}
            {!account.sampling && <Badge>{t('accounts.samplingOff')}</Badge>}
          </h2>
          <p className="mt-0.5 font-mono text-[13px] break-all text-muted">{account.id}</p>
          <p className="mt-1 text-[13px] break-words text-muted">
            <Link
              to="."
              search={{ section: 'keys', account: account.id, lang: view.lang }}
              className="underline hover:text-ink"
            >
              {t('accounts.keys', { count: account.keys })}
            </Link>
            {facts.map((fact) => ` · ${fact}`)}
          </p>
        </div>
        <div className="grid min-w-0 gap-2">
          {account.credits !== null && <Credits account={account} credits={account.credits} />}
          <LimitsUsed limits={account.limits} usage={account.usage} />
        </div>
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        <Action label={t('accounts.editOf', { name: account.name })} onClick={() => setDialog('edit')}>
          {t('accounts.edit')}
        </Action>
        <Action label={t('accounts.byokOf', { name: account.name })} onClick={() => setDialog('byok')}>
          {t('accounts.byok')}
        </Action>
        <Action
          label={t('accounts.addCreditsOf', { name: account.name })}
          onClick={() => setDialog('credits')}
        >
          {t('accounts.addCredits')}
        </Action>
        {account.id !== LOCAL && (
          <Action
            label={t('accounts.deleteOf', { name: account.name })}
            look="text-accent"
            onClick={() => setDialog('delete')}
          >
            {t('accounts.delete')}
          </Action>
        )}
      </div>
      {dialog === 'edit' && <AccountForm of={account} onClose={close} />}
      {dialog === 'credits' && <AddCredits to={account} onClose={close} />}
      {dialog === 'byok' && <ProviderKeys of={account} onClose={close} />}
      {dialog === 'delete' && (
        <ConfirmDelete
          title={t('accounts.deleteTitle', { name: account.name })}
          text={t('accounts.deleteText', { keys: account.keys })}
          isPending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined, { onSuccess: close })}
          onClose={close}
        />
      )}
    </li>
  );
}

interface ActionProps {
  label: string;
  look?: string;
  onClick: () => void;
  children: string;
}
function Action({ label, look = '', onClick, children }: ActionProps) {
  return (
    <button type="button" className={`control ${look}`} aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}

/** Credits are for what is paid here; own provider keys take none. */
function Credits({ account, credits }: { account: AccountWithUsage; credits: number }) {
  const { t, lang } = useAdminText();
  const used = account.usage.total.cost;
  const words = t('accounts.creditsLeft', { used: usd(used, lang), credits: usd(credits, lang) });
  return (
    <div className="text-[13px]">
      <p className="mb-1 flex flex-wrap justify-between gap-x-3">
        <span>{words}</span>
        {used >= credits && <span className="text-accent">{t('accounts.creditsUsedUp')}</span>}
      </p>
      <Meter label={words} used={used} limit={credits} />
    </div>
  );
}
