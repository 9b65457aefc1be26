import { Dialog } from 'radix-ui';
import { type FormEvent, type ReactNode, useId } from 'react';
import { Close } from '../../controls/icons.tsx';
import { useAdminText } from '../text.ts';
import { Problem } from './problem.tsx';
import { useReturnFocus } from './use-return-focus.ts';

interface ModalProps {
  title: string;
  lead?: string;
  onClose: () => void;
  /** Only a button closes it: what it shows cannot be shown again. */
  isSticky?: boolean;
  /** Nothing closes it: closed meanwhile, what comes back, such as the secret of a new key, would be lost. */
  isBusy?: boolean;
  /** Where the focus goes afterwards, if not to where it was. */
  returnTo?: HTMLElement | null;
  children: ReactNode;
}

/** A dialog over the page. */
export function Modal({
  title,
  lead,
  onClose,
  isSticky = false,
  isBusy = false,
  returnTo,
  children,
}: ModalProps) {
  const { t } = useAdminText();
  const goBack = useReturnFocus(returnTo);
  const stay = (event: Event) => isSticky && event.preventDefault();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && !isBusy && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content
          {...(lead ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={focusFirstField}
          onCloseAutoFocus={goBack}
          onInteractOutside={stay}
          onEscapeKeyDown={stay}
          className="fixed top-1/2 left-1/2 z-50 max-h-[92dvh] w-[36rem] max-w-[94vw] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-xl bg-card p-5 shadow-2xl outline-none sm:p-7"
        >
          <div className="flex items-start gap-4">
            <Dialog.Title className="min-w-0 flex-1 text-xl leading-tight font-semibold break-words">
              {title}
            </Dialog.Title>
            {!isSticky && (
              <Dialog.Close
                aria-label={t('form.close')}
                className="-mt-1 -mr-2 grid size-9 shrink-0 place-items-center rounded-md hover:bg-well"
              >
                <Close />
              </Dialog.Close>
            )}
          </div>
          {lead && <Dialog.Description className="mt-1.5 text-sm text-soft">{lead}</Dialog.Description>}
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Where there is something to fill in, one begins there; else where the dialog library says. */
function focusFirstField(event: Event): void {
  const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>('form input, form select');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

interface FormProps extends Omit<ModalProps, 'isSticky' | 'isBusy'> {
  submit: string;
  isPending: boolean;
  error: unknown;
  onSubmit: (form: FormData) => void;
}

/** A form in a dialog. What the server refuses is said above its buttons, and what was typed stays. */
export function FormDialog({ submit, isPending, error, onSubmit, children, ...modal }: FormProps) {
  const { t } = useAdminText();
  const id = useId();
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isPending) onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Modal {...modal} isBusy={isPending}>
      <form id={id} onSubmit={send} className="mt-5 grid gap-4">
        {children}
      </form>
      <Problem error={error} comesIntoView />
      <div className="mt-6 flex justify-end gap-2">
        <button type="button" className="control" disabled={isPending} onClick={modal.onClose}>
          {t('form.cancel')}
        </button>
        <button type="submit" form={id} aria-disabled={isPending} className="control-strong">
          {isPending ? t('form.saving') : submit}
        </button>
      </div>
    </Modal>
  );
}
