import { useText } from '../lib/text.ts';

/** Says of a card that its data was made by a program; nothing where it was not. */
export function SimulatedBadge({ of }: { of: { simulated: boolean; calibrated?: boolean } }) {
  const { t } = useText();
  if (!of.simulated) return null;
  return (
    <span className="max-sm:truncate print:order-last print:ml-auto print:shrink-0 rounded-full border border-warn-rule bg-warn-soft px-2 py-px text-[11.5px] font-medium text-warn">
      {t(of.calibrated ? 'simulated.full' : 'simulated.badge')}
    </span>
  );
}
