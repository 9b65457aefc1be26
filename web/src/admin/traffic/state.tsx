import { whole } from '../../../../src/charts/format.ts';
import type { GatewayState } from '../api.ts';
import { Warning } from '../parts/section.tsx';
import { Known } from '../parts/unknown.tsx';
import { useAccountsStatus, useGateway } from '../queries.ts';
import { useAdminText } from '../text.ts';

/** What is on its way, what waits, what was lost. */
export function Counters({ state }: { state: GatewayState | null }) {
  const { t, lang } = useAdminText();
  const counters = [
    { label: t('traffic.inFlight'), value: state?.inFlight, isBad: false },
    { label: t('traffic.waiting'), value: state?.recordsWaiting, isBad: false },
    { label: t('traffic.lostRecords'), value: state?.recordsLost, isBad: (state?.recordsLost ?? 0) > 0 },
  ];
  return (
    <dl className="grid grid-cols-3 border-y border-rule">
      {counters.map(({ label, value, isBad }, i) => (
        <div key={label} className={`min-w-0 py-4 ${i > 0 ? 'border-l border-rule pl-4 sm:pl-5' : ''}`}>
          <dt className="text-[13px] text-muted">{label}</dt>
          <dd
            className={`mt-0.5 font-serif text-[1.65rem] leading-tight font-semibold tracking-tight ${isBad ? 'text-accent' : ''}`}
          >
            <Known value={value}>{(count) => whole(count, lang)}</Known>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Whatever keeps requests from being recorded or counted. */
export function Troubles({ state }: { state: GatewayState | null }) {
  const { t } = useAdminText();
  const { data: gateway } = useGateway();
  const { data: accounts } = useAccountsStatus();
  return (
    <>
      {state?.trouble && (
        <Warning title={t('traffic.troubleTitle')}>
          <p>{state.trouble}</p>
          <p>{t('traffic.troubleNext', { count: state.recordsWaiting })}</p>
        </Warning>
      )}
      {state && state.recordsLost > 0 && (
        <Warning title={t('traffic.lostTitle', { count: state.recordsLost })}>
          {t('traffic.lostNext')}
        </Warning>
      )}
      {gateway && !gateway.recording && (
        <Warning title={t('traffic.offTitle')}>{t('traffic.offNext', { file: gateway.configFile })}</Warning>
      )}
      {accounts && !accounts.reachable && (
        <Warning title={t('traffic.accountsTitle')}>
          {t('traffic.accountsNext', { count: accounts.waitingRows })}
        </Warning>
      )}
    </>
  );
}
