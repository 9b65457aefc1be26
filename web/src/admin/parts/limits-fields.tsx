import { MODEL_PATTERN, MOST_PER_MINUTE } from '../../../../src/accounts/bounds.ts';
import type { Limits } from '../../../../src/accounts/contract.ts';
import { MOST_USD } from '../../../../src/accounts/money.ts';
import { useAdminText } from '../text.ts';
import { LinesField, NumberField } from './fields.tsx';
import { PERIODS } from './form-values.ts';

/** Limits of a key or an account, as `limitsOf` reads them. */
export function LimitsFields({ limits }: { limits: Limits | null }) {
  const { t } = useAdminText();
  return (
    <fieldset className="grid gap-4 rounded-lg border border-rule p-4">
      <legend className="px-1 text-[13px] font-semibold">{t('limits.title')}</legend>
      <p className="-mt-2 text-xs text-muted">{t('limits.hint')}</p>
      <fieldset>
        <legend className="mb-1.5 text-[13px] font-medium">{t('limits.spend')}</legend>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          {PERIODS.map((period) => (
            <NumberField
              key={period}
              label={t(`limits.${period}`)}
              name={`spend-${period}`}
              value={limits?.spend[period]}
              max={MOST_USD}
            />
          ))}
        </div>
      </fieldset>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <NumberField
          label={t('limits.requests')}
          name="requestsPerMinute"
          value={limits?.requestsPerMinute}
          max={MOST_PER_MINUTE}
          whole
        />
        <NumberField
          label={t('limits.tokens')}
          name="tokensPerMinute"
          value={limits?.tokensPerMinute}
          max={MOST_PER_MINUTE}
          whole
        />
      </div>
      <LinesField
        label={t('limits.models')}
        name="models"
        hint={t('limits.modelsHint')}
        value={limits?.models ?? []}
        complaint={(lines) => {
          const wrong = lines.find((line) => !MODEL_PATTERN.test(line));
          return wrong === undefined ? '' : t('limits.modelWrong', { entry: wrong });
        }}
      />
    </fieldset>
  );
}
