import { Command } from '../admin/parts/command.tsx';
import { type Place, stepsFor } from './connect.ts';
import { Shows } from './detail.tsx';
import type { DoorStatus } from './queries.ts';
import { useDoorsText } from './text.ts';

/** Doors that nothing came through yet, each with how to connect it. */
export function UnusedDoors({
  doors,
  exhibits,
  place,
}: {
  doors: readonly DoorStatus[];
  exhibits: number;
  place: Place;
}) {
  const { t, nameOf, aboutOf } = useDoorsText();
  return (
    <ul className="grid items-start gap-3 md:grid-cols-2">
      {doors.map((door) => (
        <li key={door.door} className="min-w-0 rounded-lg border border-rule bg-card">
          <details className="group">
            <summary className="cursor-pointer list-none px-4 py-3.5 sm:px-5 [&::-webkit-details-marker]:hidden">
              <span className="flex items-baseline justify-between gap-4">
                <span className="font-semibold">{nameOf(door.door)}</span>
                {door.has && (
                  <span className="text-[13px] whitespace-nowrap text-muted">
                    {t('exhibitsOf', { drawn: door.drawn.length, all: exhibits })}
                  </span>
                )}
              </span>
              <span className="mt-0.5 block text-[13.5px] text-soft">{aboutOf(door.door, door.summary)}</span>
              <span className="mt-1.5 inline-block text-[13px] font-medium underline underline-offset-2 group-open:hidden">
                {t('connect')}
              </span>
            </summary>
            <div className="grid gap-4 border-t border-rule px-4 py-4 text-sm sm:px-5">
              {stepsFor(door, place).map(({ say, copy }) => (
                <div key={copy}>
                  <p className="mb-1.5 text-soft">{t(say)}</p>
                  <Command text={copy} label={t('copyCommand', { command: copy })} />
                </div>
              ))}
              {door.guide && (
                <p>
                  <a
                    href={new URL(door.guide, document.baseURI).href}
                    className="font-medium underline underline-offset-2"
                    aria-label={t('guideOf', { door: nameOf(door.door) })}
                  >
                    {t('guide')}
                  </a>
                </p>
              )}
              <Shows door={door} exhibits={exhibits} commandLine={place.commandLine} />
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}
