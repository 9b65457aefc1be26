import { type ReactNode, useMemo } from 'react';
import { NOTHING } from '../../../../src/charts/format.ts';
import type { TrafficLine } from '../api.ts';
import { count, duration, time, usd } from '../format.ts';
import { type Column, DataGrid } from '../parts/data-grid.tsx';
import { Badge } from '../parts/section.tsx';
import { Known } from '../parts/unknown.tsx';
import { type AdminKey, useAdminText } from '../text.ts';

/** One line a finished request. */
export function TrafficTable({ lines }: { lines: TrafficLine[] }) {
  const { t, lang } = useAdminText();
  const columns = useMemo<Column<TrafficLine>[]>(
    () => [
      { id: 'time', label: t('traffic.time'), show: (line) => time(line.createdAt, lang) },
      { id: 'model', label: t('traffic.model'), show: (line) => <Model line={line} /> },
      {
        id: 'status',
        label: t('traffic.status'),
        show: (line) => <Status line={line} />,
      },
      {
        id: 'provider',
        label: t('traffic.provider'),
        show: (line) => (
          <Sent line={line} value={line.provider}>
            {(provider) => provider}
          </Sent>
        ),
      },
      {
        id: 'tokens',
        label: t('traffic.tokens'),
        numeric: true,
        show: (line) => (
          <Sent line={line} value={line}>
            {({ promptTokens, completionTokens }) => (
              <>
                <Known value={promptTokens}>{(n) => count(n, lang)}</Known>
                {' / '}
                <Known value={completionTokens}>{(n) => count(n, lang)}</Known>
              </>
            )}
          </Sent>
        ),
      },
      {
        id: 'cost',
        label: t('traffic.cost'),
        numeric: true,
        show: (line) => (
          <Sent line={line} value={line.cost}>
            {(cost) => usd(cost, lang)}
          </Sent>
        ),
      },
      {
        id: 'latency',
        label: t('traffic.latency'),
        numeric: true,
        show: (line) => (
          <Sent line={line} value={line.latencyMs}>
            {(ms) => duration(ms, lang)}
          </Sent>
        ),
      },
      {
        id: 'duration',
        label: t('traffic.duration'),
        numeric: true,
        show: (line) => <Known value={line.durationMs}>{(ms) => duration(ms, lang)}</Known>,
      },
      { id: 'attempts', label: t('traffic.attempts'), numeric: true, show: (line) => line.attempts },
      { id: 'marks', label: t('traffic.marks'), show: (line) => <Marks line={line} /> },
    ],
    [t, lang],
  );
  return <DataGrid label={t('traffic.table')} columns={columns} rows={lines} keyOf={(line) => line.id} />;
}

/** A request that was refused before any provider was asked has no such value: that is no lack of knowledge. */
function Sent<T>({
  line,
  value,
  children,
}: {
  line: TrafficLine;
  value: T | null;
  children: (value: T) => ReactNode;
}) {
  return line.attempts === 0 ? NOTHING : <Known value={value}>{children}</Known>;
}

function Model({ line }: { line: TrafficLine }) {
  const { t } = useAdminText();
  if (line.model === 'unknown')
    return (
      <span className="text-muted" title={t('traffic.noModelHint')}>
        {t('unknown')}
      </span>
    );
  return (
    <span className="inline-block max-w-64 truncate align-bottom" title={line.model}>
      {line.model}
      {line.variant && <span className="text-muted">:{line.variant}</span>}
    </span>
  );
}

function Status({ line }: { line: TrafficLine }) {
  const { t } = useAdminText();
  const { status, errorKind } = line;
  const isBad = errorKind !== null || (status !== null && status >= 400);
  return (
    <span className={isBad ? 'text-accent' : ''}>
      <Known value={status}>{(code) => code}</Known>
      {errorKind && ` ${t(`errors.${errorKind}` as AdminKey)}`}
    </span>
  );
}

function Marks({ line }: { line: TrafficLine }) {
  const { t } = useAdminText();
  return (
    <span className="inline-flex gap-1 align-middle">
      {line.streamed && <Badge>{t('traffic.streamed')}</Badge>}
      {line.cancelled && <Badge tone="warn">{t('traffic.cancelled')}</Badge>}
      {line.tokensEstimated && (
        <Badge tone="warn" title={t('traffic.estimatedHint')}>
          {t('traffic.estimated')}
        </Badge>
      )}
      {line.byok && <Badge>{t('traffic.byok')}</Badge>}
    </span>
  );
}
