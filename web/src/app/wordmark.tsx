/** The name, with three layers of a stacked share as its sign. */
export function Wordmark() {
  return (
    <span className="flex items-center gap-2.5">
      <svg aria-hidden="true" width="26" height="26" viewBox="0 0 32 32">
        <rect width="32" height="32" rx="7" className="fill-[#1f2a44] dark:fill-[#2c3a5e]" />
        <path d="M5 25V21c5-1 7-5 11-6s7-5 11-8v18z" fill="#e5533d" />
        <path d="M5 25v-2c6 0 8-3 12-3.5s7-2 10-4V25z" fill="#f6f3ec" />
      </svg>
      <span className="font-serif text-[21px] leading-none font-semibold tracking-tight">
        State<span className="text-accent">AI</span>
      </span>
    </span>
  );
}
