/** Labelled form fields; what is wrong with a value the browser says at the field, the server below the form. */
import { type ReactNode, useId } from 'react';
import { entries } from './form-values.ts';

interface Aria {
  id: string;
  'aria-describedby': string | undefined;
}

export function Field({
  label,
  hint,
  children,
}: {
  label: string;
  hint?: string;
  children: (aria: Aria) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-[13px] font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': hint ? `${id}hint` : undefined })}
      {hint && (
        <p id={`${id}hint`} className="mt-1 text-xs text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  label: string;
  name: string;
  hint?: string;
  value?: string;
  type?: 'text' | 'password' | 'datetime-local';
  required?: boolean;
  autoFocus?: boolean;
  list?: string;
  pattern?: string;
  min?: string;
  maxLength?: number;
}
export function TextField({ label, hint, value = '', type = 'text', maxLength = 200, ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint}>
      {(aria) => (
        <input
          {...aria}
          {...rest}
          type={type}
          maxLength={type === 'datetime-local' ? undefined : maxLength}
          defaultValue={value}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className="field"
        />
      )}
    </Field>
  );
}

interface NumberProps {
  label: string;
  name: string;
  hint?: string;
  value: number | null | undefined;
  /** Whole numbers only. */
  whole?: boolean;
  /** null = none. */
  min?: number | null;
  max?: number;
  required?: boolean;
}
export function NumberField({
  label,
  name,
  hint,
  value,
  whole = false,
  min = 0,
  max,
  required,
}: NumberProps) {
  return (
    <Field label={label} hint={hint}>
      {(aria) => (
        <input
          {...aria}
          name={name}
          type="number"
          inputMode={whole ? 'numeric' : 'decimal'}
          min={min ?? undefined}
          max={max}
          step={whole ? 1 : 'any'}
          required={required}
          defaultValue={value ?? ''}
          className="field"
        />
      )}
    </Field>
  );
}

interface LinesProps {
  label: string;
  name: string;
  hint?: string;
  value: readonly string[];
  /** What is wrong with the entries, for the browser to say at the field; '' = nothing. */
  complaint?: (entries: string[]) => string;
}
/** One entry a line. */
export function LinesField({ label, name, hint, value, complaint }: LinesProps) {
  return (
    <Field label={label} hint={hint}>
      {(aria) => (
        <textarea
          {...aria}
          name={name}
          rows={Math.min(6, Math.max(2, value.length + 1))}
          defaultValue={value.join('\n')}
          onChange={({ currentTarget: field }) =>
            field.setCustomValidity(complaint?.(entries(field.value)) ?? '')
          }
          autoCapitalize="off"
          spellCheck={false}
          className="field h-auto py-1.5 font-mono"
        />
      )}
    </Field>
  );
}

interface CheckProps {
  label: string;
  name: string;
  hint?: string;
  checked?: boolean;
}
export function CheckField({ label, name, hint, checked = false }: CheckProps) {
  const id = useId();
  return (
    <div className="flex gap-2.5">
      <input
        id={id}
        name={name}
        type="checkbox"
        defaultChecked={checked}
        aria-describedby={hint ? `${id}hint` : undefined}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <div>
        <label htmlFor={id} className="text-[13.5px]">
          {label}
        </label>
        {hint && (
          <p id={`${id}hint`} className="text-xs text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
