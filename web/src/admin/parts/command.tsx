import { CopyButton } from '../../controls/copy-button.tsx';

interface Props {
  text: string;
  /** What the copy button says to those who do not see what is beside it. */
  label: string;
}

/** A command or a secret to be copied. */
export function Command({ text, label }: Props) {
  return (
    <div className="flex flex-wrap items-start gap-2">
      <pre className="min-w-0 flex-1 basis-64 rounded-md bg-well px-3 py-1.5 font-mono text-[13px] whitespace-pre-wrap [overflow-wrap:anywhere] text-ink">
        {text}
      </pre>
      <CopyButton text={text} label={label} />
    </div>
  );
}
