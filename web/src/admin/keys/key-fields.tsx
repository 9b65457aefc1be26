import type { KeyInput, KeyWithUsage } from '../api.ts';
import { CheckField, Field, TextField } from '../parts/fields.tsx';
import {
  isChecked,
  limitsOf,
  localTime,
  NOT_BLANK,
  textOf,
  textOrNull,
  timeOf,
} from '../parts/form-values.ts';
import { LimitsFields } from '../parts/limits-fields.tsx';
import { useAdminText } from '../text.ts';

interface Props {
  /** null: a new one. */
  of: KeyWithUsage | null;
  /** Apps of its account. */
  apps: readonly string[];
}

/** What of a key can be set at any time, as `keyOf` reads it. */
export function KeyFields({ of: key, apps }: Props) {
  const { t } = useAdminText();
  return (
    <>
      <Field label={t('keys.app')} hint={apps.length === 0 ? t('keys.noApps') : undefined}>
        {(aria) => (
          <select {...aria} name="app" className="field" defaultValue={key?.app ?? ''} key={apps.join('\n')}>
            <option value="">{t('keys.appNone')}</option>
            {apps.map((app) => (
              <option key={app} value={app}>
                {app}
              </option>
            ))}
            {key?.app && !apps.includes(key.app) && <option value={key.app}>{key.app}</option>}
          </select>
        )}
      </Field>
      <LimitsFields limits={key?.limits ?? null} />
      <CheckField
        label={t('keys.includeByok')}
        name="includeByokInLimit"
        hint={t('keys.includeByokHint')}
        checked={key?.includeByokInLimit}
      />
      <TextField
        label={t('keys.expires')}
        name="expiresAt"
        type="datetime-local"
        hint={t('keys.expiresHint')}
        // A key that there is already may be set to have expired.
        min={key ? undefined : localTime(Date.now())}
        value={localTime(key?.expiresAt ?? null)}
      />
    </>
  );
}

export function NameField({ value }: { value?: string }) {
  const { t } = useAdminText();
  return (
    <TextField
      label={t('keys.name')}
      name="name"
      hint={t('keys.nameHint')}
      value={value}
      pattern={NOT_BLANK}
      required
    />
  );
}

/** The fields above and the name, as they are sent. */
export const keyOf = (form: FormData) =>
  ({
    name: textOf(form, 'name'),
    app: textOrNull(form, 'app'),
    limits: limitsOf(form),
    includeByokInLimit: isChecked(form, 'includeByokInLimit'),
    expiresAt: timeOf(form, 'expiresAt'),
  }) satisfies KeyInput;
