import type { ReactNode } from 'react';

interface Props {
  title: string;
  lead: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of the page: its heading, what can be done there, and its content. */
export function Section({ title, lead, actions, children }: Props) {
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-4 pt-8 pb-6 sm:pt-10">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="text-[1.7rem] leading-tight font-semibold tracking-tight">{title}</h1>
          <p className="mt-2 max-w-2xl text-[15.5px] text-soft">{lead}</p>
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </>
  );
}

/** Something that should not be so. */
export function Warning({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div
      role="status"
      className="mb-4 rounded-lg border border-warn-rule bg-warn-soft px-4 py-3 text-warn sm:px-5"
    >
      <p className="font-semibold break-words">{title}</p>
      <div className="mt-0.5 text-sm break-words">{children}</div>
    </div>
  );
}

/** Nothing is here yet, and what to do about that. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="rounded-xl border border-dashed border-rule px-4 py-8 sm:px-7">
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="mt-2 grid max-w-2xl gap-3 text-soft">{children}</div>
    </div>
  );
}

export function Loading() {
  return (
    <div aria-busy="true" className="grid gap-3">
      <div className="skeleton h-20 w-full" />
      <div className="skeleton h-40 w-full" />
    </div>
  );
}

/** A short word about a thing. */
export function Badge({
  tone = 'quiet',
  title,
  children,
}: {
  tone?: 'quiet' | 'warn' | 'bad';
  /** More about it. */
  title?: string;
  children: ReactNode;
}) {
  return (
    <span
      title={title}
      className={`inline-block rounded-full border px-2 font-sans text-[11.5px] leading-[1.6] font-medium ${TONES[tone]}`}
    >
      {children}
    </span>
  );
}
const TONES = {
  quiet: 'border-rule bg-well text-soft',
  warn: 'border-warn-rule bg-warn-soft text-warn',
  bad: 'border-accent-soft bg-accent-soft text-accent',
};
