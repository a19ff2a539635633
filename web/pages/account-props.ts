/** Types the data of the pages below /account. */
import type { RemovalRefusal } from '../../src/mfa/removal.ts';
import type { Safety } from '../../src/mfa/safety.ts';
import type { PasswordFault } from '../../src/password-fault.ts';
import type { EpochMillis } from '../../src/ports/time.ts';

/** Data of every page of the security page. */
export interface PortalFrame {
  /** The person's name, as typed. */
  readonly account: string;
  /** 8 characters, the same in audit and log. */
  readonly reference: string;
  readonly now: EpochMillis;
  /** Path of this page, to which a choice of language returns. */
  readonly here: string;
  /** What a change that led here reports: a name in `account.notices` of the catalogue. */
  readonly notice?: string;
}

/** An authenticator in the list. */
export interface OwnAuthenticator {
  readonly id: string;
  readonly type: string;
  /** Types of factors that it answers, of those in use. */
  readonly ways: readonly string[];
  readonly label: string;
  /** Masked address: `+49 ••• 42`. */
  readonly masked?: string;
  readonly isDefault: boolean;
  /** True: too many wrong codes turned it off. */
  readonly isDisabled: boolean;
  readonly addedAt: EpochMillis;
  readonly lastUsedAt?: EpochMillis;
  /** Of a passkey. */
  readonly passkey?: PasskeyShown;
  /** Of a paired phone. */
  readonly device?: DeviceShown;
}

/** What is known of a paired phone. */
export interface DeviceShown {
  /** Whether pushes reach it. none: it never subscribed. gone: its push service does not know it any more. */
  readonly push: 'works' | 'none' | 'gone';
  /** It was paired with less protection than is asked for now, or too many PINs were wrong. */
  readonly mustPairAgain: boolean;
}

/** What is known of a passkey. */
export interface PasskeyShown {
  /** Name of its model, such as `YubiKey 5`, where it is known. */
  readonly model?: string;
  /** It can be synced to other devices. */
  readonly isSynced: boolean;
  /** It asks for PIN, finger or face. */
  readonly verifies: boolean;
  /** The operator does not accept it any more. */
  readonly isRefused: boolean;
}

/** What the password manager of this browser is told (`passkey-signals.js`). */
export interface PasskeySignals {
  readonly unknown?: { readonly rpId: string; readonly credentialId: string };
  readonly accepted?: {
    readonly rpId: string;
    readonly userId: string;
    readonly allAcceptedCredentialIds: readonly string[];
  };
  readonly details?: {
    readonly rpId: string;
    readonly userId: string;
    readonly name: string;
    readonly displayName: string;
  };
}

/** A method that can be asked for first. */
export interface FirstChoice {
  /** `nameOf` the method. */
  readonly method: string;
  readonly factor: string;
  readonly label: string;
  readonly masked?: string;
  readonly isDefault: boolean;
}

/** The recovery codes of a person, where they are in use. `left`: absent without a set. */
export interface RecoveryCodesShown {
  readonly left?: number;
  readonly total?: number;
  readonly madeAt?: EpochMillis;
  /** True: the person should make new ones. */
  readonly isLow: boolean;
}

/** Password and e-mail address. */
export interface ProfilePage extends PortalFrame {
  /** True: a fresh sign-in comes first, so links to it take the place of the forms. */
  readonly isStale: boolean;
  readonly hasPassword: boolean;
  readonly email?: { readonly address: string; readonly isVerified: boolean };
  /** The address to which a link was mailed. */
  readonly waiting?: string;
  /** False: this server sends no mail. */
  readonly sendsMail: boolean;
  readonly state?: ProfileState;
}

/** Why a form of the page changed nothing. `typed`: the address in the form. */
export type ProfileState =
  | { readonly of: 'password'; readonly kind: 'wrong' | 'changed' }
  | { readonly of: 'password'; readonly kind: 'wait'; readonly until: EpochMillis }
  | { readonly of: 'new-password'; readonly kind: PasswordFault }
  | { readonly of: 'address'; readonly kind: 'email' | 'same' | 'limit' | 'off' | 'full'; readonly typed: string };

/** The page that a link to an address opens. */
export interface ConfirmAddressPage extends PortalFrame {
  readonly state:
    | { readonly kind: 'asked'; readonly address: string; readonly token: string }
    | { readonly kind: 'gone' | 'taken' };
}

export interface SecurityPage extends PortalFrame {
  readonly authenticators: readonly OwnAuthenticator[];
  readonly choices: readonly FirstChoice[];
  readonly safety: Safety;
  readonly recoveryCodes?: RecoveryCodesShown;
  /** Whether every sign-in needs a passkey; absent: the person has none that could be asked for. */
  readonly passkeyOnly?: boolean;
  readonly passkeySignals?: PasskeySignals;
  /** Tag of the person's language; absent: none was chosen. */
  readonly language?: string;
}

export interface RenameMethodPage extends PortalFrame {
  readonly authenticator: OwnAuthenticator;
  /** What was typed and cannot be a name. */
  readonly typed?: string;
}

export interface RemoveMethodPage extends PortalFrame {
  readonly authenticator: OwnAuthenticator;
  /** What is asked for first afterwards, where this one is now. */
  readonly first?: FirstChoice;
  /** Why it cannot be removed. */
  readonly refused?: RemovalRefusal;
  /** True: it was the last passkey of a person who signs in only with one. */
  readonly endsPasskeyOnly?: boolean;
  /** True: the codes that came with this phone go with it. */
  readonly endsCodes?: boolean;
  /** True: all other sessions end with it. False: the person chooses. */
  readonly endsOthers: boolean;
}
