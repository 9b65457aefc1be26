import type { KeyWithUsage } from '../api.ts';
import { Command } from '../parts/command.tsx';
import { Modal } from '../parts/form-dialog.tsx';
import { useGateway } from '../queries.ts';
import { useAdminText } from '../text.ts';
import { exampleIngest, exampleManagement, exampleRequest } from '../traffic/example-request.ts';
import { firstModel } from '../traffic/first-model.ts';

interface Props {
  made: { secret: string; key: KeyWithUsage };
  returnTo: HTMLElement | null;
  onClose: () => void;
}

/** The secret of a new key, shown this once, and a request that uses it. */
export function MadeKey({ made: { secret, key }, returnTo, onClose }: Props) {
  const { t } = useAdminText();
  const { data: gateway } = useGateway();
  const named = key.limits.models?.find((pattern) => !pattern.includes('*'));
  const example = key.management
    ? exampleManagement(secret)
    : key.ingest
      ? exampleIngest(secret)
      : exampleRequest(named ?? firstModel(gateway), secret);
  return (
    <Modal
      title={t('keys.madeTitle', { name: key.name })}
      lead={t('keys.madeLead')}
      onClose={onClose}
      returnTo={returnTo}
      isSticky
    >
      <h3 className="mt-5 mb-1.5 font-sans text-[13px] font-medium">{t('keys.secret')}</h3>
      <Command text={secret} label={t('keys.copySecret')} />
      <h3 className="mt-5 mb-1.5 font-sans text-[13px] font-medium">{t('keys.try')}</h3>
      <Command text={example} label={t('keys.copyTry')} />
      <div className="mt-6 flex justify-end">
        <button type="button" className="control-strong" onClick={onClose}>
          {t('keys.stored')}
        </button>
      </div>
    </Modal>
  );
}
