/** Defines what is stored of a passkey, and the `acr` and `amr` that follow from it. */
import { passkeyType } from '../authenticator-types.ts';
import type { Acr, Amr, Authenticator, Factor } from '../factor.ts';

export { passkeyType };

/** A credential as its registration and its last answer left it. Its id is the handle of the authenticator. */
export type PasskeyData = {
  /** COSE key in base64url. */
  readonly publicKey: string;
  /** Signature counter; 0 where the authenticator has none. */
  readonly counter: number;
  /** How browsers reach it, as the registration said. */
  readonly transports: readonly string[];
  /** Its model, as a lower-case UUID; all zeros where it tells none. */
  readonly aaguid: string;
  /** multiDevice: it can be synced (flag BE). Never changes. */
  readonly deviceType: 'singleDevice' | 'multiDevice';
  /** It was synced or backed up when it was seen last (flag BS). */
  readonly backedUp: boolean;
  /**
   * It can do user verification (PIN, finger or face): it did at its registration. True also for a synced passkey of a conditional
   * create, where nobody is asked: it verifies the user at each use.
   */
  readonly userVerified: boolean;
  /** SHA-256 of the last accepted signature: the same one again is a second click, no copy of the key. */
  readonly lastSignature?: string;
};

/** Narrows an authenticator to a passkey. */
export const isPasskey = (authenticator: Authenticator): authenticator is Authenticator<PasskeyData> =>
  authenticator.type === passkeyType;

/** True where people can set up and use passkeys. */
export const hasPasskeys = (factors: readonly Pick<Factor, 'type'>[]): boolean =>
  factors.some(({ type }) => type === passkeyType);

/** Most bytes of a credential id (WebAuthn §7.1). */
export const maxCredentialIdBytes = 1023;

/** The level that a passkey reaches beside a password: phishing-resistant only with user verification. */
export const levelOf = ({ userVerified }: Pick<PasskeyData, 'userVerified'>): Acr => (userVerified ? 'phr' : 'mfa');

/** The `amr` of one answer (RFC 8176). `verified`: with user verification a passkey is two factors by itself. */
export const amrOf = ({ deviceType }: Pick<PasskeyData, 'deviceType'>, verified: boolean): readonly Amr[] => [
  deviceType === 'multiDevice' ? 'swk' : 'hwk',
  'user',
  ...(verified ? (['mfa'] as const) : []),
];
