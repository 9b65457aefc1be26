interface Props {
  /** Said to those who do not see the bar. */
  label: string;
  used: number;
  /** 0 lets nothing through: it is full at once. */
  limit: number;
}

/** How much of a limit is used. */
export function Meter({ label, used, limit }: Props) {
  const share = limit > 0 ? Math.min(1, used / limit) : 1;
  const color = share >= 1 ? 'text-accent' : share >= 0.8 ? 'text-warn' : 'text-soft';
  return (
    <progress
      className={`progress block h-1.5 w-full ${color}`}
      aria-label={label}
      aria-valuetext={label}
      max={1}
      value={share}
    />
  );
}
