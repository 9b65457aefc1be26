import { useMemo, useState } from 'react';
import { percent } from '../../../../src/charts/format.ts';
import type { GatewayOverview } from '../api.ts';
import { count, duration, time } from '../format.ts';
import { type Column, DataGrid } from '../parts/data-grid.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Badge } from '../parts/section.tsx';
import { Known } from '../parts/unknown.tsx';
import { useAdminText } from '../text.ts';

type Endpoint = GatewayOverview['endpoints'][number];

const FIRST_SHOWN = 50;

/** How each endpoint has been doing, those with traffic first. */
export function Endpoints({ endpoints }: { endpoints: Endpoint[] }) {
  const { t, lang } = useAdminText();
  const [search, setSearch] = useState('');
  const [most, setMost] = useState(FIRST_SHOWN);
  const columns = useMemo<Column<Endpoint>[]>(
    () => [
      {
        id: 'endpoint',
        label: t('providers.endpoint'),
        value: (e) => e.id,
        show: (e) => (
          <span className="inline-block max-w-40 truncate align-bottom sm:max-w-72" title={e.id}>
            {e.id}
          </span>
        ),
      },
      {
        id: 'state',
        label: t('providers.state'),
        value: (e) => e.restsUntil,
        show: (e) =>
          e.restsUntil === null ? (
            <span className="text-muted">{t('providers.ready')}</span>
          ) : (
            <Badge tone="bad">{t('providers.resting', { time: time(e.restsUntil, lang) })}</Badge>
          ),
      },
      {
        id: 'requests',
        label: t('providers.requests'),
        numeric: true,
        value: (e) => e.requests1d,
        show: (e) => count(e.requests1d, lang),
      },
      {
        id: 'uptime',
        label: t('providers.uptime'),
        numeric: true,
        value: (e) => e.uptime.last30m,
        show: (e) => <Known value={e.uptime.last30m}>{(share) => percent(share, lang)}</Known>,
      },
      {
        id: 'uptime-day',
        label: t('providers.uptimeDay'),
        numeric: true,
        value: (e) => e.uptime.last1d,
        show: (e) => <Known value={e.uptime.last1d}>{(share) => percent(share, lang)}</Known>,
      },
      {
        id: 'latency',
        label: t('providers.latency'),
        numeric: true,
        value: (e) => e.latency?.p50 ?? null,
        show: (e) => (
          <Known value={e.latency}>{(l) => `${duration(l.p50, lang)} / ${duration(l.p99, lang)}`}</Known>
        ),
      },
      {
        id: 'throughput',
        label: t('providers.throughput'),
        numeric: true,
        value: (e) => e.throughput?.p50 ?? null,
        show: (e) => <Known value={e.throughput}>{(speed) => count(speed.p50, lang)}</Known>,
      },
    ],
    [t, lang],
  );
  const found = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return endpoints.filter((e) => `${e.id} ${e.model}`.toLowerCase().includes(wanted));
  }, [endpoints, search]);
  return (
    <div className="mt-6 min-w-0">
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h2 className="text-xl font-semibold">{t('providers.endpoints')}</h2>
        {endpoints.length > 0 && (
          <span className="text-[13px] text-muted">
            {t('providers.shown', { shown: Math.min(most, found.length), total: endpoints.length })}
          </span>
        )}
        {endpoints.length > 10 && <SearchField value={search} onChange={setSearch} />}
      </div>
      {endpoints.length === 0 ? (
        <p className="text-sm text-muted">{t('providers.noEndpoints')}</p>
      ) : found.length === 0 ? (
        <p className="text-sm text-muted">{t('providers.noMatch')}</p>
      ) : (
        <DataGrid
          label={t('providers.endpoints')}
          columns={columns}
          rows={found.slice(0, most)}
          keyOf={(e) => e.id}
        />
      )}
      {found.length > most && (
        <button type="button" className="control mt-3" onClick={() => setMost(most + 10 * FIRST_SHOWN)}>
          {t('more')}
        </button>
      )}
    </div>
  );
}
