import { useState } from 'react';
import { type AccountWithUsage, deleteKey, type KeyWithUsage, updateKey } from '../api.ts';
import { day, dayAndTime } from '../format.ts';
import { ConfirmDelete } from '../parts/confirm.tsx';
import { LimitsUsed } from '../parts/limits-used.tsx';
import { Problem } from '../parts/problem.tsx';
import { Badge } from '../parts/section.tsx';
import { useChange } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { EditKey } from './edit-key.tsx';

interface Props {
  of: KeyWithUsage;
  /** null or absent: not known. */
  account: AccountWithUsage | undefined;
}

/** One key: whose it is, what it used, what can be done with it. */
export function KeyRow({ of: key, account }: Props) {
  const { t, lang } = useAdminText();
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const able = useChange((disabled: boolean) => updateKey(key.hash, { disabled }));
  const remove = useChange(() => deleteKey(key.hash));
  const isForTraffic = !key.management && !key.ingest;
  const isExpired = key.expiresAt !== null && key.expiresAt <= Date.now();
  const close = () => setDialog(null);
  return (
    <li className="min-w-0 rounded-xl border border-rule bg-card p-4 sm:p-5">
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[1.05rem] font-semibold break-words">
            <span className="min-w-0 break-words">{key.name}</span>
            {key.management && <Badge>{t('keys.isManagement')}</Badge>}
            {key.ingest && <Badge>{t('keys.isIngest')}</Badge>}
            {key.disabled && <Badge tone="bad">{t('keys.isDisabled')}</Badge>}
            {isExpired && <Badge tone="bad">{t('keys.isExpired')}</Badge>}
            {account?.disabled && <Badge tone="bad">{t('keys.accountDisabled')}</Badge>}
          </h2>
          <p className="mt-0.5 font-mono text-[13px] break-all text-muted">{key.label}</p>
          <p className="mt-1 text-[13px] break-words text-muted">
            {[
              account?.name ?? key.account,
              key.app,
              t('keys.created', { date: day(key.createdAt, lang) }),
              key.expiresAt !== null &&
                !isExpired &&
                t('keys.expiresAt', { date: dayAndTime(key.expiresAt, lang) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        <section
          aria-label={t('keys.usage', { name: key.name })}
          className={isForTraffic ? 'min-w-0' : 'hidden md:block'}
        >
          {isForTraffic && <LimitsUsed limits={key.limits} usage={key.usage} />}
        </section>
        <div className="flex flex-wrap items-start gap-2">
          <button
            type="button"
            className="control"
            aria-label={t('keys.editOf', { name: key.name })}
            onClick={() => setDialog('edit')}
          >
            {t('keys.edit')}
          </button>
          <button
            type="button"
            className="control"
            aria-disabled={able.isPending}
            aria-label={t(key.disabled ? 'keys.enableOf' : 'keys.disableOf', { name: key.name })}
            onClick={() => !able.isPending && able.mutate(!key.disabled)}
          >
            {t(key.disabled ? 'keys.enable' : 'keys.disable')}
          </button>
          <button
            type="button"
            className="control text-accent"
            aria-label={t('keys.deleteOf', { name: key.name })}
            onClick={() => setDialog('delete')}
          >
            {t('keys.delete')}
          </button>
        </div>
      </div>
      <Problem error={able.error} />
      {dialog === 'edit' && <EditKey of={key} apps={account?.apps ?? []} onClose={close} />}
      {dialog === 'delete' && (
        <ConfirmDelete
          title={t('keys.deleteTitle', { name: key.name })}
          text={t('keys.deleteText')}
          isPending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined, { onSuccess: close })}
          onClose={close}
        />
      )}
    </li>
  );
}
