/** Types the data of the pages on which a person sets up a method. */
import type { EpochMillis } from '../../src/ports/time.ts';
import type { PasskeyCreationOptions } from '../../src/passkey-options.ts';
import type { PhoneEntryError } from '../../src/mfa/phone-entry.ts';
import type { CallPage, CodePage, RequestShown } from './step-props.ts';
import type { Frame } from './props.ts';

/** Data of every such page. */
export interface EnrollFrame extends Frame {
  readonly account: string;
  /** The place of this page among those that this person needs; absent where one method is added. */
  readonly progress?: { readonly at: number; readonly of: number };
}

/** The list of kinds. `kinds`: `phone`, or the type of a factor, strongest first. */
export interface EnrollChoosePage extends EnrollFrame {
  readonly for: 'first' | 'level' | 'backup' | 'passkey' | 'authenticator' | 'more';
  readonly kinds: readonly string[];
  /** The person has a passkey that their devices share: another such one is no backup. */
  readonly hasSharedPasskey?: true;
  /** It can be put off. `until`: for so long. */
  readonly skip?: { readonly until?: EpochMillis };
}

/** Nothing can be set up here. Its button posts to `cancel`. */
export type EnrollBarredPage = EnrollFrame;

/** The texts of the form for a number, as they were typed. */
export interface TypedPhone {
  /** ISO 3166-1 code. */
  readonly country?: string;
  readonly number?: string;
  readonly extension?: string;
  readonly kind?: string;
  /** The factor that proves it. */
  readonly by?: string;
}

export interface EnrollPhonePage extends EnrollFrame {
  /** Countries whose numbers are accepted, as ISO 3166-1 codes with their calling codes. */
  readonly countries: readonly { readonly code: string; readonly callingCode: string }[];
  readonly kinds: readonly string[];
  /** Factors that can prove the number. */
  readonly by: readonly string[];
  readonly typed: TypedPhone;
  readonly error?: PhoneEntryError;
}

/** The picture for an authenticator app, and the field for its code. */
export interface EnrollScanPage extends EnrollFrame {
  /** The otpauth URI. */
  readonly uri: string;
  readonly length: number;
  readonly typed?: string;
  readonly state: CodePage['state'];
}

/** The button that creates a passkey. */
export interface EnrollPasskeyPage extends EnrollFrame {
  readonly options: PasskeyCreationOptions;
  readonly state: CodePage['state'];
  /** The person was invited, and may put it off. The browser then tries to create one at once, without a question. */
  readonly isInvited?: true;
}

/** A pairing: until a device claims it, until the person confirms that device, and after it ended. */
export interface EnrollPairPage extends EnrollFrame {
  readonly state:
    /** `code`: `ABCD-1234`. `link`: with the secret in its fragment. */
    | { readonly kind: 'open'; readonly code: string; readonly link: string; readonly until: EpochMillis }
    /** `digits`: the device shows them too. */
    | { readonly kind: 'claimed'; readonly device: string; readonly digits: string; readonly until: EpochMillis }
    | { readonly kind: 'ended'; readonly because: 'expired' | 'guessed' | 'refused' | 'lost' };
}

/** The request that ends a pairing: it shows that the device can answer. */
export interface EnrollApprovePage extends EnrollFrame, RequestShown {}

/** A call to the number to be set up. */
export interface EnrollCallPage extends EnrollFrame {
  /** Masked. */
  readonly sentTo: string;
  readonly extension?: string;
  /** Digits to type into the call, where # alone does not approve. */
  readonly show?: string;
  readonly state: CallPage['state'];
  /** Other factors that can prove the same number. */
  readonly instead: readonly string[];
}

/** The field for a code that was texted to the number to be set up, or dictated by a call. */
export interface EnrollCodePage extends EnrollFrame {
  readonly length: number;
  readonly sent: NonNullable<CodePage['sent']>;
  readonly typed?: string;
  readonly state: CodePage['state'];
  readonly instead: readonly string[];
}

/** The method is bound, and gets a name. */
export interface EnrollNamePage extends EnrollFrame {
  /** `phone`, or the type of the factor. */
  readonly kind: string;
  /** Masked number. */
  readonly target?: string;
  readonly label: string;
  readonly isWrong?: boolean;
}

/** Recovery codes, until the person says that they are saved. */
export interface EnrollCodesPage extends EnrollFrame {
  readonly codes: readonly string[];
  /** Host of this server: a print says what the codes are for. */
  readonly service: string;
  readonly isWrong?: boolean;
}
