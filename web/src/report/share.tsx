import { Check, LinkIcon, Picture } from '../controls/icons.tsx';
import { address, picturePath } from '../lib/api.ts';
import { canCopyPictures, copyPicture, copyText } from '../lib/clipboard.ts';
import { pngOf, saveAs } from '../lib/picture.ts';
import { type TextKey, useText } from '../lib/text.ts';
import { useTheme } from '../lib/theme.ts';
import { useForAMoment } from '../lib/use-for-a-moment.ts';
import { useView } from '../lib/use-view.ts';
import { stringifySearch, type View } from '../lib/view.ts';

interface Props {
  id: string;
  title: string;
  /** What the exhibit was asked with. */
  view: View;
  /** Series that are hidden in the legend: the picture is without them too. */
  hidden: ReadonlySet<string>;
}

/** Copies an address that shows the exhibit as it is seen here, and its picture where there is one. */
export function Share({ id, title, view, hidden, hasPicture }: Props & { hasPicture: boolean }) {
  const { t } = useText();
  const theme = useTheme();
  const { view: chosen } = useView();
  const [said, say] = useForAMoment<TextKey | null>(null);

  // The dataset is named even where it was not chosen: which one is shown first may change.
  const link = () =>
    `${location.origin}${location.pathname}${stringifySearch({ ...chosen, dataset: view.dataset })}#${id}`;
  const tell = (done: TextKey) => (copied: boolean) => say(copied ? done : 'share.failed');
  const copyLink = () => copyText(link()).then(tell('share.link.done'));
  const copyChart = () =>
    copyPicture(pngOf(address(picturePath(id, view, theme, hidden)))).then(tell('share.picture.done'));

  return (
    <div className="-mt-1 ml-auto flex shrink-0 items-center gap-0.5 print:hidden">
      <span role="status" className="mr-1 text-[12.5px] text-muted">
        {said && t(said)}
      </span>
      <IconButton label={t('share.link.copy', { title })} onClick={copyLink}>
        {said === 'share.link.done' ? <Check /> : <LinkIcon />}
      </IconButton>
      {hasPicture && canCopyPictures() && (
        <IconButton label={t('share.picture.copy', { title })} onClick={copyChart}>
          {said === 'share.picture.done' ? <Check /> : <Picture />}
        </IconButton>
      )}
    </div>
  );
}

interface IconButtonProps {
  label: string;
  onClick: () => void;
  children: React.ReactNode;
}

const IconButton = ({ label, onClick, children }: IconButtonProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    onClick={onClick}
    className="grid size-8 place-items-center rounded-md text-muted hover:bg-well hover:text-ink"
  >
    {children}
  </button>
);

interface PngProps extends Props {
  className: string;
  icon: React.ReactNode;
}

/** The picture as a PNG: for slides and documents that take no SVG. */
export function DownloadPng({ id, title, view, hidden, className, icon }: PngProps) {
  const { t } = useText();
  const theme = useTheme();
  const [failed, setFailed] = useForAMoment(false);
  const save = () =>
    pngOf(address(picturePath(id, view, theme, hidden)))
      .then((png) => saveAs(png, `${id}-${view.dataset ?? ''}.png`))
      .catch(() => setFailed(true));
  return (
    <button
      type="button"
      aria-label={t('exhibit.download', { format: 'PNG', title })}
      onClick={save}
      className={className}
    >
      {icon}
      <span aria-live="polite">{failed ? t('share.failed') : 'PNG'}</span>
    </button>
  );
}
