/** Defines what is stored of a passkey, and what it tells about the level and the methods of a sign-in. */
import type { Acr, Amr, Authenticator } from '../factor.ts';

/** Type of the authenticators, and of their factor. */
export const passkeyType = 'passkey';

/** A credential as its registration and its last answer left it. Its id is the handle of the authenticator. */
export type PasskeyData = {
  /** COSE key in base64url. */
  readonly publicKey: string;
  /** Signature counter; 0 where the authenticator has none. */
  readonly counter: number;
  /** How browsers reach it, as the registration told. */
  readonly transports: readonly string[];
  /** Its model, as a lower-case UUID; all zeros where it tells none. */
  readonly aaguid: string;
  /** multiDevice: it can be synced (flag BE). Never changes. */
  readonly deviceType: 'singleDevice' | 'multiDevice';
  /** It was synced or backed up when it was seen last (flag BS). */
  readonly backedUp: boolean;
  /**
   * It checks PIN, finger or face: it did at its registration. A synced passkey that the browser made without a question had no
   * occasion, and does when it is used.
   */
  readonly userVerified: boolean;
  /** SHA-256 of the last accepted signature: the same one again is a second click, no copy of the key. */
  readonly lastSignature?: string;
};

/** True for a passkey, whose data is then of this shape. */
export const isPasskey = (authenticator: Authenticator): authenticator is Authenticator<PasskeyData> =>
  authenticator.type === passkeyType;

/** Most bytes of a credential id (WebAuthn §7.1). */
export const maxCredentialIdBytes = 1023;

/** The level that a passkey can reach beside a password: phishing-resistant only where it checks who holds it. */
export const levelOf = ({ userVerified }: Pick<PasskeyData, 'userVerified'>): Acr => (userVerified ? 'phr' : 'mfa');

/** Methods of one answer (RFC 8176). `verified`: PIN, finger or face was checked, so that it is two factors by itself. */
export const amrOf = ({ deviceType }: Pick<PasskeyData, 'deviceType'>, verified: boolean): readonly Amr[] => [
  deviceType === 'multiDevice' ? 'swk' : 'hwk',
  'user',
  ...(verified ? (['mfa'] as const) : []),
];
