import { Dialog } from 'radix-ui';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { DatasetInfo, ExhibitInfo } from '../../../src/exhibits/contract.ts';
import { Close, List } from '../controls/icons.tsx';
import type { Contents } from '../lib/api.ts';
import { goTo } from '../lib/go-to.ts';
import { useText } from '../lib/text.ts';
import { useScrollSpy } from '../lib/use-scroll-spy.ts';

/** Marks what the dataset does not know enough for. */
const LACKING = '∅';

interface Props {
  contents: Contents;
  dataset: DatasetInfo;
  onFollow?: () => void;
}

/** Every section and exhibit, the one being read marked. */
export function ContentsList({ contents, dataset, onFollow }: Props) {
  const { t } = useText();
  // In the order in which they stand on the page, which is that of the sections.
  const ids = useMemo(
    () =>
      contents.sections.flatMap((section) =>
        contents.exhibits.filter((each) => each.section === section.id).map((each) => each.id),
      ),
    [contents],
  );
  const active = useScrollSpy(ids);
  const nav = useRef<HTMLElement>(null);
  useEffect(() => keepInSight(nav.current, active), [active]);
  const lacks = (each: ExhibitInfo) => each.needs.some((field) => dataset.fields[field] === 0);
  return (
    <nav ref={nav} aria-label={t('contents.title')} className="text-[13.5px]">
      <p className="eyebrow mb-4">{t('contents.title')}</p>
      {contents.exhibits.some(lacks) && (
        <p className="-mt-2 mb-4 text-[12.5px] text-muted" aria-hidden="true">
          {LACKING} {t('exhibit.lacking')}
        </p>
      )}
      <ol className="grid gap-5">
        {contents.sections.map((section) => (
          <li key={section.id}>
            <a
              href={`#section-${section.id}`}
              onClick={(event) => follow(event, `section-${section.id}`, onFollow)}
              className="font-serif text-[15px] font-semibold hover:text-accent"
            >
              {section.title}
            </a>
            <ol className="mt-1.5 border-l border-rule">
              {contents.exhibits
                .filter((each) => each.section === section.id)
                .map((each) => (
                  <li key={each.id}>
                    <a
                      href={`#${each.id}`}
                      aria-current={each.id === active ? 'location' : undefined}
                      onClick={(event) => follow(event, each.id, onFollow)}
                      className="-ml-px flex gap-2 border-l-2 border-transparent py-[3px] pl-3 leading-snug text-muted hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
                    >
                      <span className="w-7 shrink-0 text-[12px] leading-[1.6]">{each.id}</span>
                      <span>
                        {each.title}
                        {lacks(each) && (
                          <span title={t('exhibit.lacking')} className="whitespace-nowrap">
                            <span aria-hidden="true"> {LACKING}</span>
                            <span className="sr-only"> ({t('exhibit.lacking')})</span>
                          </span>
                        )}
                      </span>
                    </a>
                  </li>
                ))}
            </ol>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Scrolls a long list, and nothing around it, to the entry that is being read, or to its beginning. */
function keepInSight(nav: HTMLElement | null, id: string | null): void {
  const box = nav?.parentElement;
  if (!box || box.scrollHeight <= box.clientHeight) return;
  const entry = id === null ? null : nav?.querySelector(`[href="#${CSS.escape(id)}"]`);
  if (!entry) {
    box.scrollTop = 0;
    return;
  }
  const [at, room] = [entry.getBoundingClientRect(), box.getBoundingClientRect()];
  if (at.top < room.top + 60) box.scrollTop -= room.top + 60 - at.top;
  else if (at.bottom > room.bottom - 60) box.scrollTop += at.bottom - room.bottom + 60;
}

/** Moves there and writes the anchor into the address, without a step through the router. */
function follow(event: { preventDefault: () => void }, id: string, then?: () => void): void {
  event.preventDefault();
  then?.();
  history.replaceState(history.state, '', `${location.pathname}${location.search}#${id}`);
  requestAnimationFrame(() => goTo(id));
}

/** The same list on a phone. */
export function ContentsDrawer({ contents, dataset }: { contents: Contents; dataset: DatasetInfo }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="control fixed right-4 bottom-4 z-30 h-11 rounded-full px-4 shadow-lg lg:hidden print:hidden">
        <List />
        {t('contents.title')}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="fixed inset-y-0 right-0 z-50 w-80 max-w-[88vw] overflow-y-auto bg-card p-6 shadow-2xl"
        >
          <Dialog.Title className="sr-only">{t('contents.title')}</Dialog.Title>
          <Dialog.Close
            aria-label={t('contents.close')}
            className="absolute top-4 right-4 grid size-9 place-items-center rounded-md hover:bg-well"
          >
            <Close />
          </Dialog.Close>
          <ContentsList contents={contents} dataset={dataset} onFollow={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
