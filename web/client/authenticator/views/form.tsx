/** A form without a page load. Where it is refused, the focus moves to the first wrong field. */
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface FormProps {
  readonly onSubmit: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  /** Changes where the server or the engine has refused the last submission. */
  readonly refusal?: unknown;
  readonly children: ComponentChildren;
}

export const Form = ({ onSubmit, onKeyDown, refusal, children }: FormProps): JSX.Element => {
  const form = useRef<HTMLFormElement>(null);
  const [submissions, setSubmissions] = useState(0);
  useLayoutEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [submissions, refusal]);
  return (
    <form
      ref={form}
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={event => {
        event.preventDefault();
        onSubmit();
        setSubmissions(count => count + 1);
      }}
    >
      {children}
    </form>
  );
};
