import type { SpendingByPeriod } from '../../../../src/accounts/admin-contract.ts';
import type { Limits } from '../../../../src/accounts/contract.ts';
import { count, usd } from '../format.ts';
import { useAdminText } from '../text.ts';
import { PERIODS } from './form-values.ts';
import { Meter } from './meter.tsx';

/** What was used of each limit, and the limits that have no sum. */
export function LimitsUsed({ limits, usage }: { limits: Limits; usage: SpendingByPeriod }) {
  const { t, lang } = useAdminText();
  const limited = PERIODS.flatMap((period) => {
    const limit = limits.spend[period];
    return limit === undefined ? [] : [{ period, limit, used: usage[period].charged }];
  });
  const rates = [
    limits.requestsPerMinute !== null &&
      t('limits.requestsOf', { count: count(limits.requestsPerMinute, lang) }),
    limits.tokensPerMinute !== null && t('limits.tokensOf', { count: count(limits.tokensPerMinute, lang) }),
    limits.models !== null && t('limits.modelsOf', { models: limits.models.join(t('list')) || t('none') }),
    usage.month.unknownCost > 0 && t('limits.unknownCost', { count: usage.month.unknownCost }),
  ].filter((each) => each !== false);
  return (
    <div className="grid gap-2 text-[13px]">
      {limited.length === 0 && (
        <p className="text-muted">
          {t('limits.noSpend')} · {t('limits.spent', { spent: usd(usage.month.cost, lang) })}
        </p>
      )}
      {limited.map(({ period, limit, used }) => {
        const words = t('limits.used', {
          used: usd(used, lang),
          limit: usd(limit, lang),
          period: t(`periods.${period}`),
        });
        return (
          <div key={period}>
            <p className="mb-1 flex flex-wrap justify-between gap-x-3">
              <span>{words}</span>
              {used >= limit && <span className="text-accent">{t('limits.reached')}</span>}
            </p>
            <Meter label={words} used={used} limit={limit} />
          </div>
        );
      })}
      {rates.length > 0 && <p className="break-words text-muted">{rates.join(' · ')}</p>}
    </div>
  );
}
