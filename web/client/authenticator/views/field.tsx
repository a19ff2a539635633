/** A labelled text field. Its error stands between label and field, so that it is read before typing again. */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** Digits that nobody reads over a shoulder. */
  readonly isPin?: boolean;
  readonly maxLength: number;
  /** Looks of a code: fixed width, capitals. */
  readonly isCode?: boolean;
}

export const Field = ({
  label,
  value,
  onValue,
  hint,
  error,
  isPin = false,
  maxLength,
  isCode = false,
}: FieldProps): JSX.Element => {
  const id = useId();
  const described = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`]
    .filter(Boolean)
    .join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {error !== undefined && (
        <p class="wrong" id={`${id}-error`}>
          <Icon name="alert" />
          <span>{error}</span>
        </p>
      )}
      <input
        id={id}
        {...(isPin ? { type: 'password' } : { type: 'text' })}
        class={isCode ? 'code' : undefined}
        value={value}
        inputMode={isPin ? 'numeric' : 'text'}
        autoComplete="off"
        autoCapitalize={isCode ? 'characters' : 'off'}
        autoCorrect="off"
        spellcheck={false}
        maxLength={maxLength}
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={described === '' ? undefined : described}
        onInput={event => onValue(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};
