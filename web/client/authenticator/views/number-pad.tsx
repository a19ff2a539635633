/**
 * Takes the number of the sign-in page: boxes for its digits, and keys. A field without a keyboard of its own lies over the boxes,
 * for screen readers and real keyboards.
 */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { AppWords } from '../words.ts';
import { Icon } from './icons.tsx';

interface NumberPadProps {
  readonly words: AppWords;
  readonly label: string;
  readonly digits: number;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly error?: string | undefined;
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;

/** The digits of what was typed, at most `most` of them. */
export const digitsIn = (text: string, most: number): string => text.replaceAll(/\D/gu, '').slice(0, most);

export const NumberPad = ({ words, label, digits, value, onValue, error }: NumberPadProps): JSX.Element => {
  const id = useId();
  const said = words.request;
  return (
    <div class="number">
      <label for={id}>{label}</label>
      {error !== undefined && (
        <p class="wrong" id={`${id}-error`} role="alert">
          <Icon name="alert" />
          <span>{error}</span>
        </p>
      )}
      <div class={digits > 2 ? 'slots many' : 'slots'}>
        {Array.from({ length: digits }, (_, place) => (
          <span
            key={place}
            aria-hidden="true"
            class={`slot ${place < value.length ? 'filled' : ''} ${place === value.length ? 'next' : ''}`}
          >
            {value[place]}
          </span>
        ))}
        <input
          id={id}
          class="over"
          inputMode="none"
          autoComplete="off"
          maxLength={digits}
          value={value}
          aria-invalid={error === undefined ? undefined : 'true'}
          aria-describedby={error === undefined ? undefined : `${id}-error`}
          onInput={event => {
            const typed = digitsIn(event.currentTarget.value, digits);
            event.currentTarget.value = typed;
            onValue(typed);
          }}
        />
      </div>
      <div class="keys" role="group" aria-label={label}>
        {keys.map(key => (
          <button
            key={key}
            type="button"
            class={`key key-${key}`}
            onClick={() => onValue(digitsIn(value + key, digits))}
          >
            {key}
          </button>
        ))}
        <button type="button" class="key" aria-label={said.erase} onClick={() => onValue(value.slice(0, -1))}>
          <Icon name="erase" />
        </button>
      </div>
      <p class="visually-hidden" role="status">
        {value !== '' && said.typed(String(value.length), String(digits))}
      </p>
    </div>
  );
};
