/** Describes the findings of `config check --live`, one line each. */
import type { Settings, SmtpSettings, TwilioSettings } from '../../src/config.ts';

/** One line of the report. */
export interface Finding {
  readonly about: string;
  readonly ok: boolean;
  readonly got: string;
  /** Set, like `remedy`, when `ok` is false. */
  readonly expected?: string;
  readonly remedy?: string;
}

/** As one line: `ok      account: an active account`. */
export const lineOf = ({ about, ok, got, expected, remedy }: Finding): string =>
  ok
    ? `ok      ${about}: ${got}`
    : `not ok  ${about}: got ${got}, expected ${expected ?? 'otherwise'}. ${remedy ?? ''}`.trimEnd();

interface FailedAnswer {
  readonly status?: number;
  readonly code?: number | string;
}
/** Puts a refusal (HTTP status, the carrier's code) or a missing answer into words. */
export const describeFailure = ({ status, code }: FailedAnswer): string =>
  status === undefined ? `no answer (${code ?? 'cause unknown'})` : `${status} (${code ?? 'no code'})`;

/** The settings that are checked. */
export interface LiveSettings {
  readonly mode: Settings['mode'];
  readonly issuer: URL;
  readonly proxyHops: number;
  readonly factors: Settings['factors'];
  readonly database: Settings['database'];
  readonly redis?: Settings['redis'];
  readonly twilio?: TwilioSettings | undefined;
  readonly smtp?: SmtpSettings | undefined;
}
