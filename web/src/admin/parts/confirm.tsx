import { AlertDialog } from 'radix-ui';
import { useAdminText } from '../text.ts';
import { Problem } from './problem.tsx';
import { useReturnFocus } from './use-return-focus.ts';

interface Props {
  title: string;
  text: string;
  isPending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is deleted that does not come back. */
export function ConfirmDelete({ title, text, isPending, error, onConfirm, onClose }: Props) {
  const { t } = useAdminText();
  const goBack = useReturnFocus();
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && !isPending && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <AlertDialog.Content
          onCloseAutoFocus={goBack}
          className="fixed top-1/2 left-1/2 z-50 w-[28rem] max-w-[94vw] -translate-x-1/2 -translate-y-1/2 rounded-xl bg-card p-5 shadow-2xl outline-none sm:p-7"
        >
          <AlertDialog.Title className="text-xl leading-tight font-semibold break-words">
            {title}
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-soft">{text}</AlertDialog.Description>
          <Problem error={error} />
          <div className="mt-6 flex justify-end gap-2">
            <AlertDialog.Cancel className="control">{t('form.cancel')}</AlertDialog.Cancel>
            <button
              type="button"
              aria-disabled={isPending}
              onClick={() => !isPending && onConfirm()}
              className="control-danger"
            >
              {isPending ? t('form.deleting') : t('form.delete')}
            </button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
