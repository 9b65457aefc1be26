import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { isRefusal } from '../lib/api.ts';
import { logIn } from './api.ts';
import { TextField } from './parts/fields.tsx';
import { textOf } from './parts/form-values.ts';
import { Problem } from './parts/problem.tsx';
import { forget } from './queries.ts';
import { useAdminText } from './text.ts';

/** Asks for the admin secret. */
export function Login() {
  const { t } = useAdminText();
  const client = useQueryClient();
  const login = useMutation({
    mutationFn: logIn,
    onSuccess: () => {
      forget(client);
      // The form goes away: who uses the keyboard goes on from where the content is.
      document.getElementById('content')?.focus();
    },
  });
  const isWrong = isRefusal(login.error) && login.error.status === 401;
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (login.isPending) return;
    const form = event.currentTarget;
    login.mutate(textOf(new FormData(form), 'secret'), {
      // The field can be typed over at once.
      onError: () => form.querySelector('input')?.select(),
    });
  };
  return (
    <div className="mx-auto max-w-md pt-14 sm:pt-20">
      <h1 className="text-[1.7rem] leading-tight font-semibold tracking-tight">{t('login.title')}</h1>
      <p className="mt-2 text-soft">{t('login.lead')}</p>
      <form onSubmit={send} className="mt-6 grid gap-4">
        <TextField
          label={t('login.secret')}
          name="secret"
          type="password"
          maxLength={1000}
          required
          autoFocus
        />
        <div>
          <button type="submit" aria-disabled={login.isPending} className="control-strong">
            {t('login.enter')}
          </button>
        </div>
      </form>
      {isWrong ? (
        <div role="alert" className="mt-4 rounded-lg border border-rule bg-accent-soft px-4 py-3 text-sm">
          <p className="font-semibold text-accent">{t('login.wrong')}</p>
          <p className="mt-0.5 text-soft">{t('login.wrongNext')}</p>
        </div>
      ) : (
        <Problem error={login.error} />
      )}
    </div>
  );
}
