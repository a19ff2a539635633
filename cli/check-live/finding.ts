/** What `config check --live` found: a line each. */
import type { Settings, TwilioSettings } from '../../src/config.ts';

/** One line of the report. */
export interface Finding {
  readonly about: string;
  readonly ok: boolean;
  readonly got: string;
  /** Both are there where it is not ok. */
  readonly expected?: string;
  readonly remedy?: string;
}

/** As one line: `ok · credentials: an active account`. */
export const lineOf = ({ about, ok, got, expected, remedy }: Finding): string =>
  ok
    ? `ok      ${about}: ${got}`
    : `not ok  ${about}: got ${got}, expected ${expected ?? 'otherwise'}. ${remedy ?? ''}`.trimEnd();

interface Silence {
  readonly status?: number;
  readonly code?: number | string;
}
/** An answer that was a refusal, or none: in words. */
export const answered = ({ status, code }: Silence): string =>
  status === undefined ? `no answer (${code ?? 'nothing more is known'})` : `${status} (${code ?? 'no code'})`;

/** What is looked at. */
export interface Live {
  readonly mode: Settings['mode'];
  readonly factors: Settings['factors'];
  readonly twilio?: TwilioSettings | undefined;
}
