import { useMemo, useState } from 'react';
import { Plus } from '../../controls/icons.tsx';
import { Problem } from '../parts/problem.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Loading, Section } from '../parts/section.tsx';
import { useAccounts } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { AccountForm } from './account-form.tsx';
import { AccountRow } from './account-row.tsx';

const FIRST_SHOWN = 50;

/** Who pays for keys, with limits, credits and provider keys of their own. */
export function Accounts() {
  const { t } = useAdminText();
  const { data, error, refetch } = useAccounts();
  const [search, setSearch] = useState('');
  const [most, setMost] = useState(FIRST_SHOWN);
  const [isCreating, setCreating] = useState(false);
  const found = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return (data?.items ?? []).filter((each) => `${each.name} ${each.id}`.toLowerCase().includes(wanted));
  }, [data, search]);
  return (
    <Section
      title={t('accounts.title')}
      lead={t('accounts.lead')}
      actions={
        <>
          {(data?.items.length ?? 0) > 5 && <SearchField value={search} onChange={setSearch} />}
          <button type="button" className="control-strong" onClick={() => setCreating(true)}>
            <Plus />
            {t('accounts.create')}
          </button>
        </>
      }
    >
      {error && <Problem error={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data?.items.length === 1 && <p className="mb-4 text-sm text-soft">{t('accounts.onlyLocal')}</p>}
      <ul className="grid gap-3">
        {found.slice(0, most).map((each) => (
          <AccountRow key={each.id} of={each} />
        ))}
      </ul>
      {data && found.length > most && (
        <button type="button" className="control mt-4" onClick={() => setMost(most + FIRST_SHOWN)}>
          {t('more')}
        </button>
      )}
      {isCreating && <AccountForm of={null} onClose={() => setCreating(false)} />}
    </Section>
  );
}
