/** Defines what the browser gets for `navigator.credentials`, in the JSON form of WebAuthn §5.1. Types only: pages use them too. */
import type { Millis } from './ports/time.ts';

/** A credential in a list of options. */
export type PasskeyDescriptor = {
  readonly type: 'public-key';
  readonly id: string;
  readonly transports?: readonly string[];
};

/** `PublicKeyCredentialRequestOptionsJSON`, for `navigator.credentials.get`. */
export type PasskeyRequestOptions = {
  readonly challenge: string;
  readonly rpId: string;
  readonly timeout: Millis;
  readonly userVerification: 'preferred' | 'required';
  /** Empty: any passkey of this site that the authenticator keeps. */
  readonly allowCredentials: readonly PasskeyDescriptor[];
};

/** `PublicKeyCredentialCreationOptionsJSON`, for `navigator.credentials.create`. */
export type PasskeyCreationOptions = {
  readonly challenge: string;
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly pubKeyCredParams: readonly { readonly type: 'public-key'; readonly alg: number }[];
  readonly timeout: Millis;
  readonly attestation: 'none' | 'direct';
  readonly authenticatorSelection: {
    readonly residentKey: 'preferred' | 'required' | 'discouraged';
    readonly requireResidentKey: boolean;
    readonly userVerification: 'preferred' | 'required';
  };
  readonly excludeCredentials: readonly PasskeyDescriptor[];
};

/** A challenge that any passkey of this site may answer (`passkey-sign-in.ts`). `ticket`: is posted with the answer. */
export interface PasskeyOffer {
  /** `timeout`: how long the ticket is good, too. */
  readonly options: PasskeyRequestOptions;
  readonly ticket: string;
}
