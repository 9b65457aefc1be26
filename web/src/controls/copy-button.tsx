import { useEffect, useState } from 'react';
import { useText } from '../lib/text.ts';
import { Check, Copy } from './icons.tsx';

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1800);
    return () => clearTimeout(timer);
  }, [copied]);
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

/** The clipboard API is closed to pages that are not secure; the old way still works there. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
