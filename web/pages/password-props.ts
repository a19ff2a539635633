/** Types the data of the pages of a password: the first page of a sign-in, a new password, and a forgotten one. */
import type { PasskeyOffer } from '../../src/passkey-options.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import type { PasswordFault } from '../../src/password-fault.ts';
import type { ClientShown, Frame } from './props.ts';

/** The password page. */
export interface PasswordPage extends Frame {
  /** Where a person goes who forgot the password. */
  readonly forgottenAt: string;
  /** The name typed last, or the `login_hint` of the client. */
  readonly name?: string;
  readonly state?:
    | { readonly kind: 'refused' }
    | { readonly kind: 'incomplete' }
    /** The page was open past its time, and the sign-in was begun anew. No error: nothing was compared. */
    | { readonly kind: 'anew' }
    | { readonly kind: 'wait'; readonly until: EpochMillis }
    | PasskeyRefusal;
  /** What the script needs to ask for a passkey. Absent: passkeys are not in use. */
  readonly passkey?: PasskeyOffer;
}

/** Why a passkey did not sign the person in. The password still does, at once. */
export type PasskeyRefusal =
  | { readonly kind: 'passkey-refused' }
  /** No account has it any more. `credential`: its id (base64url), where the browser may forget it. */
  | { readonly kind: 'passkey-unknown'; readonly credential?: string }
  /** It works, but the typed name is not that of its account. */
  | { readonly kind: 'passkey-other-account' }
  /** Its challenge was too old. */
  | { readonly kind: 'passkey-late' }
  | { readonly kind: 'passkey-wait'; readonly until: EpochMillis };

/** Why a new password was refused, by the rule that it breaks. */
export interface NewPasswordState {
  readonly kind: PasswordFault;
}

/** The page of a sign-in that asks for another password before the sign-in ends. */
export interface NewPasswordPage extends Frame {
  /** Name of the account, for the password manager of the browser. */
  readonly account: string;
  readonly action: string;
  /** POST: returns to the client without signing in. */
  readonly leave: string;
  readonly state?: NewPasswordState;
}

/** The page that asks who forgot their password. */
export interface ForgottenPage {
  readonly now: EpochMillis;
  readonly reference: string;
  /** The name typed last. */
  readonly name?: string;
  /** The sign-in from which the person came. */
  readonly back?: string;
  readonly state?:
    | { readonly kind: 'incomplete' }
    /** Too many requests wait for this server. */
    | { readonly kind: 'full' }
    | { readonly kind: 'wait'; readonly until: EpochMillis };
}

/** The page that a mailed link to a new password opens. */
export interface ResetPage {
  readonly account: string;
  readonly token: string;
  readonly reference: string;
  readonly state?: NewPasswordState;
}

/** The page after the new password. */
export interface ResetDonePage {
  /** The client of the last sign-in in this browser. */
  readonly client?: ClientShown;
}
