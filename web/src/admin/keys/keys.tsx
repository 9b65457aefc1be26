import { useState } from 'react';
import { Plus } from '../../controls/icons.tsx';
import type { AccountWithUsage } from '../api.ts';
import { Field } from '../parts/fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Empty, Loading, Section } from '../parts/section.tsx';
import { useAccounts, useKeys, useSession } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { useAdminView } from '../use-admin-view.ts';
import { KeyRow } from './key-row.tsx';
import { NewKey } from './new-key.tsx';

/** All keys with what they used of their limits, and what can be done with each. */
export function Keys() {
  const { t } = useAdminText();
  const { view, change } = useAdminView();
  const [search, setSearch] = useState('');
  const [withDisabled, setWithDisabled] = useState(true);
  const [isCreating, setCreating] = useState(false);
  const { data: session } = useSession();
  const { data: accounts } = useAccounts();
  const keys = useKeys({ account: view.account, search: search.trim(), withDisabled });
  const items = keys.data?.pages.flatMap((page) => page.items) ?? [];
  const isNarrowed = view.account !== undefined || search.trim() !== '' || !withDisabled;
  return (
    <Section
      title={t('keys.title')}
      lead={t('keys.lead')}
      actions={
        <button type="button" className="control-strong" onClick={() => setCreating(true)}>
          <Plus />
          {t('keys.create')}
        </button>
      }
    >
      {(items.length > 0 || isNarrowed) && (
        <div className="mb-4 flex flex-wrap items-end gap-3">
          <SearchField value={search} onChange={setSearch} isLabelled />
          <AccountFilter
            accounts={accounts?.items ?? []}
            value={view.account}
            onChange={(account) => change({ account })}
          />
          <label className="flex h-[2.125rem] items-center gap-2 text-[13.5px]">
            <input
              type="checkbox"
              checked={withDisabled}
              onChange={(event) => setWithDisabled(event.currentTarget.checked)}
              className="size-4 accent-accent"
            />
            {t('keys.withDisabled')}
          </label>
        </div>
      )}
      {keys.error && <Problem error={keys.error} onRetry={() => keys.refetch()} />}
      {keys.isPending && !keys.error && <Loading />}
      {keys.data && items.length === 0 && isNarrowed && (
        <p className="text-sm text-muted">{t('keys.noMatch')}</p>
      )}
      {keys.data && items.length === 0 && !isNarrowed && (
        <Empty title={t('keys.emptyTitle')}>
          <p>{t(session?.isOpen ? 'keys.emptyText' : 'keys.emptyClosed')}</p>
        </Empty>
      )}
      <ul className="grid gap-3">
        {items.map((key) => (
          <KeyRow key={key.hash} of={key} account={accounts?.items.find((each) => each.id === key.account)} />
        ))}
      </ul>
      {keys.hasNextPage && (
        <button
          type="button"
          className="control mt-4"
          disabled={keys.isFetchingNextPage}
          onClick={() => keys.fetchNextPage()}
        >
          {t('more')}
        </button>
      )}
      {isCreating && (
        <NewKey accounts={accounts?.items ?? []} account={view.account} onClose={() => setCreating(false)} />
      )}
    </Section>
  );
}

interface FilterProps {
  accounts: AccountWithUsage[];
  value: string | undefined;
  onChange: (account: string | undefined) => void;
}
function AccountFilter({ accounts, value, onChange }: FilterProps) {
  const { t } = useAdminText();
  if (accounts.length < 2 && value === undefined) return null;
  return (
    <Field label={t('keys.byAccount')}>
      {(aria) => (
        <select
          {...aria}
          className="field max-w-60"
          value={value ?? ''}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
        >
          <option value="">{t('keys.allAccounts')}</option>
          {value !== undefined && !accounts.some((each) => each.id === value) && (
            <option value={value}>{value}</option>
          )}
          {accounts.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
