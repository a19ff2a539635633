/** Verifies an answer of a bound passkey (WebAuthn §7.2). */
import { sha256 } from '../../crypto.ts';
import type { Acr, Amr } from '../factor.ts';
import { isTopLevel } from './client-data.ts';
import type { Assertion } from './credential.ts';
import { amrOf, levelOf, type PasskeyData } from './data.ts';
import { userHandleOf } from './options.ts';

/** What the answer must fit. */
export interface ExpectedAssertion {
  /** As the browser got it. */
  readonly challenge: string;
  /** The issuer's origin. */
  readonly origin: string;
  readonly rpId: string;
  /** The owner of the passkey. */
  readonly userId: string;
  /** Where no user name was asked for, only the user handle says whose passkey it is. */
  readonly userHandle: 'optional' | 'required';
  readonly userVerification: 'preferred' | 'required';
}

/**
 * `data`: to be stored before the answer counts. invalid: any rule is broken. repeated: this very answer was accepted before.
 * copied: everything is right but the signature counter did not rise, so that the key may exist twice (WebAuthn §7.2 step 22).
 */
export type AssertionResult =
  | {
      readonly ok: true;
      readonly data: PasskeyData;
      readonly amr: readonly Amr[];
      readonly acr: Acr;
    }
  | { readonly ok: false; readonly because: 'invalid' | 'repeated' | 'copied' };

const invalid = { ok: false, because: 'invalid' } as const;

const isOwners = ({ userHandle }: Assertion, expected: ExpectedAssertion): boolean =>
  userHandle === undefined ? expected.userHandle === 'optional' : userHandle === userHandleOf(expected.userId);

/** What the library verified; undefined: it refused the answer, or failed at it. */
const verified = async (
  { id, clientDataJSON, authenticatorData, signature }: Assertion,
  { publicKey }: PasskeyData,
  { challenge, origin, rpId, userVerification }: ExpectedAssertion,
) => {
  // On first use: it takes 26 MB.
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const result = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: userVerification === 'required',
      // Else the library judges the counter before the signature, and anybody could make a passkey look copied.
      credential: { id, publicKey: Buffer.from(publicKey, 'base64url'), counter: 0 },
    });
    return result.verified ? result.authenticationInfo : undefined;
  } catch {
    return undefined;
  }
};

/** Verifies `assertion` against the stored passkey with this handle. Stores nothing; never throws for a wrong answer. */
export const verifyAssertion = async (
  assertion: Assertion,
  stored: { readonly handle?: string | undefined; readonly data: PasskeyData },
  expected: ExpectedAssertion,
): Promise<AssertionResult> => {
  const { data } = stored;
  if (assertion.id !== stored.handle || !isOwners(assertion, expected)) return invalid;
  if (!isTopLevel(assertion.clientDataJSON)) return invalid;
  const facts = await verified(assertion, data, expected);
  // BE is fixed at the registration (WebAuthn §6.1.3): another value means another credential.
  if (facts === undefined || facts.credentialDeviceType !== data.deviceType) return invalid;
  // A thief may have given a PIN to a key whose registration verified nobody (WebAuthn §7.2 step 25).
  const userVerified = facts.userVerified && data.userVerified;
  if (expected.userVerification === 'required' && !userVerified) return invalid;
  const lastSignature = sha256(assertion.signature);
  if (lastSignature === data.lastSignature) return { ok: false, because: 'repeated' };
  const { newCounter: counter, credentialBackedUp: backedUp } = facts;
  if ((counter > 0 || data.counter > 0) && counter <= data.counter) return { ok: false, because: 'copied' };
  return {
    ok: true,
    data: { ...data, counter, backedUp, lastSignature },
    amr: amrOf(data, userVerified),
    acr: levelOf({ userVerified }),
  };
};
