import { Select } from 'radix-ui';
import type { DatasetInfo } from '../../../src/exhibits/contract.ts';
import { useText } from '../lib/text.ts';
import { Check, Chevron } from './icons.tsx';

interface Props {
  datasets: DatasetInfo[];
  value: string;
  onChange: (name: string) => void;
}

export function DatasetSelect({ datasets, value, onChange }: Props) {
  const { t } = useText();
  return (
    <Select.Root value={value} onValueChange={onChange}>
      <Select.Trigger className="control max-w-56 min-w-0" aria-label={t('controls.dataset')}>
        <span className="truncate">
          <Select.Value />
        </span>
        <Select.Icon>
          <Chevron />
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Content position="popper" sideOffset={6} className="floating min-w-48 max-w-[92vw] p-1">
          <Select.Viewport>
            {datasets.map((each) => (
              <Select.Item
                key={each.name}
                value={each.name}
                className="flex items-center gap-2 rounded px-2.5 py-1.5 text-sm outline-none data-[highlighted]:bg-well"
              >
                <span className="w-4">
                  <Select.ItemIndicator>
                    <Check />
                  </Select.ItemIndicator>
                </span>
                <Select.ItemText>{each.name}</Select.ItemText>
                {each.simulated && <span className="text-xs text-muted">{t('simulated.badge')}</span>}
              </Select.Item>
            ))}
          </Select.Viewport>
        </Select.Content>
      </Select.Portal>
    </Select.Root>
  );
}
