import { whole } from '../../../src/charts/format.ts';
import { Command } from '../admin/parts/command.tsx';
import type { DoorStatus, Watch } from './queries.ts';
import { useDoorsText } from './text.ts';
import { ago, exact, lasting } from './times.ts';

interface Props {
  door: DoorStatus;
  exhibits: number;
  /** When the server answered. */
  now: number;
  commandLine: string;
}

/** What a door let in and refused, its watches, and what its data can show. */
export function Detail({ door, exhibits, now, commandLine }: Props) {
  const { t } = useDoorsText();
  return (
    <div className="grid gap-x-12 gap-y-6 py-5 text-sm lg:grid-cols-2">
      <div className="grid content-start gap-6">
        <Counts door={door} />
        {door.watches.length > 0 && (
          <Part title={t('watches')}>
            <ul className="grid gap-3">
              {door.watches.map((watch) => (
                <WatchLine key={watch.startedAt + watch.paths.join()} watch={watch} now={now} />
              ))}
            </ul>
          </Part>
        )}
      </div>
      <Shows door={door} exhibits={exhibits} commandLine={commandLine} />
    </div>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="eyebrow mb-1.5 font-sans">{title}</h3>
      {children}
    </section>
  );
}

function Counts({ door }: { door: DoorStatus }) {
  const { t, lang } = useDoorsText();
  if (door.accepted === null && door.lastRecordAt === null) return null;
  const most = Math.max(1, ...door.reasons.map((r) => r.count));
  return (
    <>
      <Part title={t('counts')}>
        <p className="text-soft">
          {door.accepted === null
            ? t('notCounted')
            : (['accepted', 'duplicates', 'ignored'] as const)
                .filter((what) => what === 'accepted' || door[what])
                .map((what) => t(`came.${what}`, { count: whole(door[what] ?? 0, lang) }))
                .join(t('comma'))}
        </p>
      </Part>
      {door.accepted !== null && (
        <Part title={t('rejects')}>
          {door.reasons.length === 0 && <p className="text-soft">{t('noRejects')}</p>}
          <ul className="grid gap-1.5">
            {door.reasons.map(({ reason, count }) => (
              <li key={reason} className="grid grid-cols-[4.5rem_1fr] gap-3">
                <span className="text-right font-medium">{whole(count, lang)}</span>
                <span className="min-w-0 break-words text-soft" lang="en">
                  {reason}
                  <span
                    aria-hidden="true"
                    className="mt-0.5 block h-[3px] rounded-full bg-warn opacity-60"
                    style={{ width: `${Math.max(2, (count / most) * 100)}%` }}
                  />
                </span>
              </li>
            ))}
          </ul>
          {door.rejectsFile && (
            <p className="mt-2 text-[13px] break-all text-muted">
              {t('rejectsFile', { file: door.rejectsFile })}
            </p>
          )}
        </Part>
      )}
    </>
  );
}

function WatchLine({ watch, now }: { watch: Watch; now: number }) {
  const { t, lang } = useDoorsText();
  const since = (iso: string) => ago(now - Date.parse(iso), lang, t('seconds'));
  const parts: string[] = [];
  if (watch.lastRunAt) parts.push(t('watch.lastRun', { run: since(watch.lastRunAt) }));
  if (watch.lastBrought) {
    const { rows, at } = watch.lastBrought;
    const counted = t('watch.rows', { count: rows, rows: whole(rows, lang) });
    parts.push(t('watch.brought', { rows: counted, at: since(at) }));
  }
  return (
    <li className="grid gap-0.5">
      <p className={watch.running ? '' : 'text-warn'}>
        {watch.running
          ? t('watch.running', {
              started: exact(watch.startedAt, lang),
              every: lasting(watch.everySeconds, lang),
            })
          : t('watch.stopped', { sign: since(watch.lastSignAt) })}
      </p>
      {watch.paths.length > 0 && (
        <p className="text-[13px] break-all text-muted">
          {t('watch.paths', { paths: watch.paths.join(t('comma')) })}
        </p>
      )}
      {parts.length > 0 && <p className="text-[13px] text-muted">{parts.join(' · ')}</p>}
      {watch.lastError && (
        <p className="text-accent">
          {t('watch.error', { at: since(watch.lastError.at), message: watch.lastError.message })}
        </p>
      )}
      {watch.lastError && watch.running && <p className="text-[13px] text-muted">{t('watch.again')}</p>}
    </li>
  );
}

/** Exhibits that the door's data can draw by itself, and which field each of the others lacks. */
export function Shows({ door, exhibits, commandLine }: Omit<Props, 'now'>) {
  const { t, fieldOf } = useDoorsText();
  if (door.has === null)
    return (
      <Part title={t('shows')}>
        <p className="text-soft">{t('showsMapping')}</p>
      </Part>
    );
  const all = door.drawn.length === exhibits;
  return (
    <div className="grid content-start gap-6">
      <Part title={t('shows')}>
        <p className="text-soft">
          {all
            ? t('showsAll', { all: exhibits })
            : t('showsSome', { drawn: door.drawn.length, all: exhibits, ids: door.drawn.join(t('comma')) })}
        </p>
      </Part>
      {!all && (
        <Part title={t('lacks')}>
          <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-1">
            {door.missing.map(({ field, exhibits: ids }) => (
              <div key={field} className="contents">
                <dt className="text-ink">{fieldOf(field)}</dt>
                <dd className="min-w-0 break-words text-muted">{ids.join(t('comma'))}</dd>
              </div>
            ))}
          </dl>
          {door.has.includes('account') && !door.has.includes('country') && (
            <div className="mt-3 grid gap-1.5">
              <p className="text-[13px] text-muted">{t('joinHint')}</p>
              <Command
                text={`${commandLine} accounts join accounts.csv`}
                label={t('copyCommand', { command: 'accounts join' })}
              />
            </div>
          )}
        </Part>
      )}
    </div>
  );
}
