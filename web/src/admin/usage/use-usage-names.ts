import { useCallback } from 'react';
import type { UsageDimension } from '../api.ts';
import { useAccounts, useKeyNames } from '../queries.ts';
import { useAdminText } from '../text.ts';

/** How a group of usage is called: keys and accounts by name, also when they are gone. */
export function useUsageNames(by: UsageDimension): (id: string) => string {
  const { t } = useAdminText();
  const { data: accounts } = useAccounts();
  const { data: keys } = useKeyNames(by === 'key');
  return useCallback(
    (id) => {
      if (by === 'key') {
        if (id === '') return t('usage.noKey');
        const key = keys?.items.find((each) => each.hash === id);
        if (key) return `${key.name} (${key.label})`;
        const short = id.slice(0, 12);
        return keys && keys.items.length >= keys.total ? t('usage.gone', { id: short }) : short;
      }
      if (by === 'account') {
        const account = accounts?.items.find((each) => each.id === id);
        if (account) return account.name;
        return accounts && accounts.items.length >= accounts.total ? t('usage.gone', { id }) : id;
      }
      return id || t(by === 'provider' ? 'usage.noProvider' : 'unknown');
    },
    [t, by, accounts, keys],
  );
}
