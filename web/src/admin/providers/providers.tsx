import type { ReactNode } from 'react';
import { type GatewayOverview, reloadGateway } from '../api.ts';
import { Problem } from '../parts/problem.tsx';
import { Badge, Empty, Loading, Section } from '../parts/section.tsx';
import { Known } from '../parts/unknown.tsx';
import { useChange, useGateway } from '../queries.ts';
import { type AdminKey, useAdminText } from '../text.ts';
import { Endpoints } from './endpoints.tsx';

type Provider = GatewayOverview['providers'][number];

/** Who answers, with which key, and how the endpoints do. */
export function Providers() {
  const { t } = useAdminText();
  const { data, error, refetch } = useGateway();
  const reload = useChange(reloadGateway);
  const isSandboxOnly = data?.providers.every((each) => each.slug === 'stateai') ?? false;
  return (
    <Section
      title={t('providers.title')}
      lead={t('providers.lead')}
      actions={
        <button
          type="button"
          className="control"
          aria-disabled={reload.isPending}
          onClick={() => !reload.isPending && reload.mutate()}
        >
          {t('providers.reload')}
        </button>
      }
    >
      {data && (
        <p className="-mt-2 mb-4 text-[13px] wrap-anywhere text-muted">
          {t('providers.reloadHint', { file: data.configFile })}
        </p>
      )}
      <p role="status" className="mb-4 text-sm text-soft empty:hidden">
        {reload.isSuccess ? t('providers.reloaded') : ''}
      </p>
      <Problem error={reload.error} />
      {error && <Problem error={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <div className="grid gap-4">
          {isSandboxOnly && (
            <Empty title={t('providers.sandboxTitle')}>
              <p className="break-words">{t('providers.sandboxText', { file: data.configFile })}</p>
            </Empty>
          )}
          <ul className="grid gap-4 lg:grid-cols-2">
            {data.providers.map((each) => (
              <ProviderCard key={each.slug} provider={each} configFile={data.configFile} />
            ))}
          </ul>
          <Endpoints endpoints={data.endpoints} />
        </div>
      )}
    </Section>
  );
}

function ProviderCard({ provider, configFile }: { provider: Provider; configFile: string }) {
  const { t } = useAdminText();
  const urls = [...new Set(Object.values(provider.urls))];
  const isKeyMissing = provider.needsKey && !provider.keySource;
  return (
    <li className="min-w-0 rounded-xl border border-rule bg-card p-4 sm:p-5">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="text-lg font-semibold">{provider.name}</h2>
        <code className="font-mono text-[13px] text-muted">{provider.slug}</code>
        <span className="ml-auto">
          <Badge tone={isKeyMissing ? 'warn' : 'quiet'}>{t(...keyWords(provider))}</Badge>
        </span>
      </div>
      {isKeyMissing && (
        <p className="mt-1 text-[13px] wrap-anywhere text-warn">
          {t('providers.keyMissingNext', { file: configFile })}
        </p>
      )}
      <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-[13.5px]">
        <Row name={t('providers.dialects')}>
          {provider.dialects.length > 0 ? provider.dialects.join(', ') : 'chat'}
        </Row>
        {urls.length > 0 && <Row name={t('providers.address')}>{urls.join(', ')}</Row>}
        <Row name={t('providers.models')}>
          <Models provider={provider} />
        </Row>
        <Row name={t('providers.region')}>
          <Known value={provider.region}>{(region) => region}</Known>
        </Row>
        <Row name={t('providers.training')}>
          <Known value={provider.trainsOnData}>{(is) => t(is ? 'providers.yes' : 'providers.no')}</Known>
        </Row>
        <Row name={t('providers.zdr')}>
          <Known value={provider.zdr}>{(is) => t(is ? 'providers.yes' : 'providers.no')}</Known>
        </Row>
      </dl>
    </li>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

/** Where its key came from: a variable's name or the file, never the key. */
function keyWords({ keySource, hasKey, needsKey }: Provider): [AdminKey, Record<string, string>?] {
  if (keySource === 'file') return ['providers.keyFile'];
  if (keySource !== null)
    return [hasKey ? 'providers.keyFrom' : 'providers.credentials', { variable: keySource }];
  return [needsKey ? 'providers.keyMissing' : 'providers.keyNone'];
}

function Models({ provider: { listing, models } }: { provider: Provider }) {
  const { t } = useAdminText();
  if (listing === null) return <>{t('providers.named', { count: models })}</>;
  if (listing.error !== null)
    return (
      <span className="text-accent">
        {t('providers.listFailed', { error: listing.error })}
        {listing.models !== null && ` ${t('providers.listKept')}`}
      </span>
    );
  return (
    <>{listing.models === null ? t('providers.listing') : t('providers.listed', { count: listing.models })}</>
  );
}
