import { useState } from 'react';
import { Pause, Play } from '../../controls/icons.tsx';
import type { TrafficLine } from '../api.ts';
import { Problem } from '../parts/problem.tsx';
import { Loading, Section } from '../parts/section.tsx';
import { useAdminText } from '../text.ts';
import { FirstRequest } from './first-request.tsx';
import { Counters, Troubles } from './state.tsx';
import { newerThan } from './traffic-lines.ts';
import { TrafficTable } from './traffic-table.tsx';
import { type LiveTraffic, useTraffic } from './use-traffic.ts';

/** Requests as they finish, and what the gateway has to say about itself. */
export function Traffic() {
  const { t } = useAdminText();
  const live = useTraffic();
  // What is shown while it is paused; null = it is not.
  const [held, setHeld] = useState<TrafficLine[] | null>(null);
  const shown = held ?? live.lines;
  return (
    <Section
      title={t('traffic.title')}
      lead={t('traffic.lead')}
      actions={
        <>
          <Status live={live} held={held} />
          <button
            type="button"
            className="control"
            disabled={!live.lines}
            onClick={() => setHeld(held ? null : live.lines)}
          >
            {held ? <Play /> : <Pause />}
            {t(held ? 'traffic.resume' : 'traffic.pause')}
          </button>
        </>
      }
    >
      <Troubles state={live.state} />
      <Counters state={live.state} />
      <Problem error={live.error} />
      <div className="mt-6">
        {!shown ? (
          !live.error && <Loading />
        ) : shown.length > 0 ? (
          <TrafficTable lines={shown} />
        ) : (
          <FirstRequest />
        )}
      </div>
    </Section>
  );
}

function Status({ live, held }: { live: LiveTraffic; held: TrafficLine[] | null }) {
  const { t } = useAdminText();
  const { connection, lines } = live;
  const isLive = connection === 'live' && !held;
  return (
    <span role="status" className="inline-flex items-center gap-2 text-[13px] text-muted">
      <span
        aria-hidden="true"
        className={`size-2 rounded-full ${isLive ? 'bg-good motion-safe:animate-pulse' : 'bg-muted'}`}
      />
      {connection !== 'live'
        ? t(`traffic.${connection}`)
        : held
          ? t('traffic.held', { count: newerThan(lines ?? [], held) })
          : t('traffic.live')}
    </span>
  );
}
