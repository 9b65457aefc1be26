import { Command } from '../parts/command.tsx';
import { Empty, Loading } from '../parts/section.tsx';
import { useGateway, useKeyNames, useSession } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { exampleRequest } from './example-request.ts';
import { firstModel } from './first-model.ts';

/** The first request to send, ready to be copied. */
export function FirstRequest() {
  const { t } = useAdminText();
  const { data: gateway } = useGateway();
  const { data: session } = useSession();
  const { data: keys, isPending } = useKeyNames(true);
  const needsKey = !session?.isOpen || (keys?.total ?? 0) > 0;
  // Whether a key goes into the example depends on it.
  if (session?.isOpen && isPending) return <Loading />;
  const isSandbox = gateway?.providers.every((each) => each.slug === 'stateai') ?? false;
  return (
    <Empty title={t('traffic.emptyTitle')}>
      <p>{t('traffic.emptyText')}</p>
      <Command
        text={exampleRequest(firstModel(gateway), needsKey ? 'YOUR_KEY' : null)}
        label={t('keys.copyTry')}
      />
      {needsKey && <p>{t('traffic.emptyKey')}</p>}
      {isSandbox && <p>{t('traffic.emptySandbox')}</p>}
    </Empty>
  );
}
