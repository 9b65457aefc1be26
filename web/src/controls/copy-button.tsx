import { copyText } from '../lib/clipboard.ts';
import { useText } from '../lib/text.ts';
import { useForAMoment } from '../lib/use-for-a-moment.ts';
import { Check, Copy } from './icons.tsx';

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useText();
  const [copied, setCopied] = useForAMoment(false);
  return (
    <button
      type="button"
      className="control"
      onClick={() => copyText(text).then(setCopied)}
      aria-label={label}
    >
      {copied ? <Check /> : <Copy />}
      <span aria-live="polite">{copied ? t('copy.done') : t('copy.copy')}</span>
    </button>
  );
}
