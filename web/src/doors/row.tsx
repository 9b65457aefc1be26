import { useState } from 'react';
import { compact, NOTHING, whole } from '../../../src/charts/format.ts';
import { Chevron } from '../controls/icons.tsx';
import { Detail } from './detail.tsx';
import type { DoorStatus } from './queries.ts';
import { useDoorsText } from './text.ts';
import { ago, exact } from './times.ts';

interface Props {
  door: DoorStatus;
  exhibits: number;
  now: number;
  commandLine: string;
}

const CELL =
  'flex items-baseline justify-between gap-4 py-0.5 sm:table-cell sm:px-3 sm:py-3.5 sm:align-top sm:last:pr-0';

/** A door in use: how it does at a glance, and everything else below. On a phone its cells stand one below the other. */
export function DoorRow({ door, exhibits, now, commandLine }: Props) {
  const { t, nameOf, aboutOf } = useDoorsText();
  const [open, setOpen] = useState(false);
  const id = `door-${door.door}`;
  return (
    <tbody className="block border-t border-rule sm:table-row-group">
      <tr className="block py-4 sm:table-row sm:py-0">
        <th
          scope="row"
          className="block pb-2 text-left font-normal sm:table-cell sm:py-3.5 sm:pr-3 sm:align-top"
        >
          <button
            type="button"
            aria-expanded={open}
            aria-controls={id}
            aria-label={t('details', { door: nameOf(door.door) })}
            onClick={() => setOpen(!open)}
            className="group flex w-full items-start gap-2.5 text-left"
          >
            <span
              aria-hidden="true"
              className={`mt-[0.42rem] shrink-0 text-muted transition-transform group-hover:text-ink ${open ? '' : '-rotate-90'}`}
            >
              <Chevron />
            </span>
            <span className="min-w-0">
              <span className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5">
                <span className="font-semibold">{nameOf(door.door)}</span>
                <State state={door.state} />
              </span>
              <span className="mt-0.5 block max-w-md text-[13px] text-muted">
                {aboutOf(door.door, door.summary)}
              </span>
            </span>
          </button>
        </th>
        <td className={CELL}>
          <Label>{t('newest')}</Label>
          <Ago at={door.lastRecordAt} now={now} />
        </td>
        <td className={CELL}>
          <Label>{t('seen')}</Label>
          <Ago at={door.lastSeenAt} now={now} />
        </td>
        <td className={`${CELL} sm:text-right`}>
          <Label>{t('accepted')}</Label>
          <Amount value={door.accepted} />
        </td>
        <td className={`${CELL} sm:text-right`}>
          <Label>{t('rejected')}</Label>
          <Amount value={door.rejected} isBad />
        </td>
        <td className={`${CELL} sm:text-right`}>
          <Label>{t('drawn')}</Label>
          {door.has === null ? (
            <Nothing />
          ) : (
            <span className="whitespace-nowrap">
              {t('ofExhibits', { drawn: door.drawn.length, all: exhibits })}
            </span>
          )}
        </td>
      </tr>
      <tr className={open ? 'block sm:table-row' : 'hidden'} id={id}>
        <td colSpan={6} className="block border-t border-dashed border-rule sm:table-cell sm:pl-[1.4rem]">
          {open && <Detail door={door} exhibits={exhibits} now={now} commandLine={commandLine} />}
        </td>
      </tr>
    </tbody>
  );
}

/** The column's name, where there are no columns. */
const Label = ({ children }: { children: string }) => (
  <span className="text-[13px] text-muted sm:hidden" aria-hidden="true">
    {children}
  </span>
);

/** Not known, or not yet. */
const Nothing = () => <span className="text-muted">{NOTHING}</span>;

function Ago({ at, now }: { at: string | null; now: number }) {
  const { t, lang } = useDoorsText();
  if (at === null) return <Nothing />;
  return (
    <time dateTime={at} title={exact(at, lang)} className="whitespace-nowrap">
      {ago(now - Date.parse(at), lang, t('seconds'))}
    </time>
  );
}

function Amount({ value, isBad = false }: { value: number | null; isBad?: boolean }) {
  const { lang } = useDoorsText();
  if (value === null) return <Nothing />;
  return (
    <span title={whole(value, lang)} className={isBad && value > 0 ? 'font-medium text-warn' : ''}>
      {value < 1e6 ? whole(value, lang) : compact(value, lang, 4)}
    </span>
  );
}

const DOTS: Record<DoorStatus['state'], string> = {
  watching: 'bg-good',
  active: 'bg-good',
  quiet: 'bg-muted',
  unused: 'bg-rule',
  stopped: 'bg-warn',
  trouble: 'bg-accent',
};

function State({ state }: { state: DoorStatus['state'] }) {
  const { t } = useDoorsText();
  return (
    <span
      title={t(`stateHints.${state}`)}
      className="inline-flex items-center gap-1.5 text-[12.5px] whitespace-nowrap text-soft"
    >
      <span aria-hidden="true" className={`keeps-color size-2 rounded-full ${DOTS[state]}`} />
      {t(`states.${state}`)}
    </span>
  );
}
