import { useMemo } from 'react';
import { percent } from '../../../src/charts/format.ts';
import { count, duration, usd } from './format.ts';
import { type ListedEndpoint, perMillion } from './model-prices.ts';
import { type Column, DataGrid } from './parts/data-grid.tsx';
import { Problem } from './parts/problem.tsx';
import { Badge } from './parts/section.tsx';
import { Known } from './parts/unknown.tsx';
import { useEndpoints } from './queries.ts';
import { useAdminText } from './text.ts';

/** Who serves a model, at which price, and how well. */
export function ModelEndpoints({ model }: { model: string }) {
  const { t, lang } = useAdminText();
  const { data, error, refetch } = useEndpoints(model);
  const columns = useMemo<Column<ListedEndpoint>[]>(() => {
    const number = (
      id: string,
      label: string,
      value: (e: ListedEndpoint) => number | null,
      write: (value: number) => string,
    ): Column<ListedEndpoint> => ({
      id,
      label,
      numeric: true,
      value,
      show: (e) => <Known value={value(e)}>{write}</Known>,
    });
    const dollars = (value: number) => usd(value, lang);
    const known = (id: string, label: string, value: (e: ListedEndpoint) => string | null) => ({
      id,
      label,
      value,
      show: (e: ListedEndpoint) => <Known value={value(e)}>{(text) => text}</Known>,
    });
    return [
      known('provider', t('models.provider'), (e) => e.provider_name),
      {
        id: 'state',
        label: t('models.state'),
        show: (e) =>
          e.status < 0 ? (
            <Badge tone="bad">{t('models.resting')}</Badge>
          ) : (
            <span className="text-muted">{t('models.ready')}</span>
          ),
      },
      number('prompt', t('models.prompt'), (e) => perMillion(e.pricing.prompt), dollars),
      number('completion', t('models.completion'), (e) => perMillion(e.pricing.completion), dollars),
      number('cached', t('models.cached'), (e) => perMillion(e.pricing.input_cache_read), dollars),
      number(
        'context',
        t('models.context'),
        (e) => e.context_length || null,
        (n) => count(n, lang),
      ),
      known('quantization', t('models.quantization'), (e) => e.quantization),
      number(
        'uptime',
        t('models.uptime'),
        (e) => e.uptime_last_30m,
        (n) => percent(n / 100, lang),
      ),
      number(
        'latency',
        t('models.latency'),
        (e) => e.latency_last_30m?.p50 ?? null,
        (ms) => duration(ms, lang),
      ),
      number(
        'throughput',
        t('models.throughput'),
        (e) => e.throughput_last_30m?.p50 ?? null,
        (n) => count(n, lang),
      ),
    ];
  }, [t, lang]);
  if (!data) return error ? <Problem error={error} onRetry={() => refetch()} /> : <p>{t('loading')}</p>;
  return (
    <DataGrid
      label={t('models.endpoints', { model })}
      columns={columns}
      rows={data}
      keyOf={(e) => `${e.tag} ${e.name}`}
    />
  );
}
