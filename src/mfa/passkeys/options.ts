/** Makes the options for `navigator.credentials`, and their challenges. */
import { randomBytes } from 'node:crypto';
import type { Millis } from '../../ports/time.ts';
import type { PasskeyCreationOptions, PasskeyDescriptor, PasskeyRequestOptions } from '../../passkey-options.ts';
import type { PasskeyPolicy } from './policy.ts';

/** Algorithms of new passkeys, preferred first: ES256, EdDSA, RS256 (COSE numbers). RS256 is for Windows Hello. */
export const algorithms: readonly number[] = [-7, -8, -257];

/** Time to answer one challenge. WebAuthn §15.1 recommends 5 to 10 minutes, and OWASP ASVS 6.7.2 at most 5. */
export const passkeyTime: Millis = 300_000;

/** A new challenge: 32 random bytes in base64url. */
export const newPasskeyChallenge = (): string => randomBytes(32).toString('base64url');

/** The user handle of a person, as authenticators keep it: the bytes of the id, in base64url. */
export const userHandleOf = (userId: string): string => Buffer.from(userId, 'utf8').toString('base64url');

/** Options to use a passkey. `allow`: the credentials that may answer; none: any of this RP ID. */
export const requestOptions = (
  { rpId }: PasskeyPolicy,
  {
    challenge,
    userVerification,
    allow,
  }: {
    readonly challenge: string;
    readonly userVerification: 'preferred' | 'required';
    readonly allow: readonly PasskeyDescriptor[];
  },
): PasskeyRequestOptions => ({ challenge, rpId, timeout: passkeyTime, userVerification, allowCredentials: allow });

/** Options to create a passkey. `exclude`: the person's own, so that one authenticator holds one passkey of an account. */
export const creationOptions = (
  { rpId, attestation, residentKey }: PasskeyPolicy,
  {
    challenge,
    person,
    userVerification,
    exclude,
  }: {
    readonly challenge: string;
    readonly person: { readonly id: string; readonly name: string };
    readonly userVerification: 'preferred' | 'required';
    readonly exclude: readonly PasskeyDescriptor[];
  },
): PasskeyCreationOptions => ({
  challenge,
  rp: { id: rpId, name: rpId },
  user: { id: userHandleOf(person.id), name: person.name, displayName: person.name },
  pubKeyCredParams: algorithms.map(alg => ({ type: 'public-key', alg })),
  timeout: passkeyTime,
  attestation,
  authenticatorSelection: { residentKey, requireResidentKey: residentKey === 'required', userVerification },
  excludeCredentials: exclude,
});
