/** Verifies a new passkey (WebAuthn §7.1). */
import { attestationFault } from './attestation.ts';
import { isTopLevel } from './client-data.ts';
import type { Registration } from './credential.ts';
import type { PasskeyData } from './data.ts';
import { algorithms } from './options.ts';
import { isAccepted, type PasskeyPolicy } from './policy.ts';
import { isValidKey } from './public-key.ts';
import type { EpochMillis } from '../../ports/time.ts';

/** What the registration must fit. */
export interface ExpectedRegistration {
  readonly challenge: string;
  /** The issuer's origin. */
  readonly origin: string;
  readonly userVerification: 'preferred' | 'required';
  /** The browser may have made it without asking (`mediation: 'conditional'`), so user presence is not demanded. */
  readonly isConditional?: boolean;
  readonly now: EpochMillis;
}

/**
 * `userVerified`: in this very ceremony. invalid: any rule is broken. policy: it is valid, but the operator does not accept this
 * model.
 */
export type RegistrationResult =
  | { readonly ok: true; readonly handle: string; readonly data: PasskeyData; readonly userVerified: boolean }
  | { readonly ok: false; readonly because: 'invalid' | 'policy' };

const invalid = { ok: false, because: 'invalid' } as const;

const verified = async (
  { id, clientDataJSON, attestationObject }: Registration,
  { challenge, origin, userVerification, isConditional }: ExpectedRegistration,
  { rpId }: PasskeyPolicy,
) => {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  try {
    const result = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserPresence: isConditional !== true,
      requireUserVerification: userVerification === 'required',
      supportedAlgorithmIDs: [...algorithms],
    });
    return result.verified ? result.registrationInfo : undefined;
  } catch {
    return undefined;
  }
};

/** Verifies `registration` for this policy. Stores nothing; never throws for a wrong one. */
export const verifyRegistration = async (
  registration: Registration,
  expected: ExpectedRegistration,
  policy: PasskeyPolicy,
): Promise<RegistrationResult> => {
  if (!isTopLevel(registration.clientDataJSON)) return invalid;
  // Before the library: for some formats it requests addresses that the certificates name.
  const fault = await attestationFault(registration.attestationObject, policy, expected.now);
  if (fault !== undefined) return { ok: false, because: fault };
  const facts = await verified(registration, expected, policy);
  if (facts === undefined) return invalid;
  const { credential, aaguid, userVerified, credentialDeviceType, credentialBackedUp } = facts;
  // The id in the JSON, whose length was checked, is not signed. The one in the authenticator data is what the passkey answers with.
  if (credential.id !== registration.id) return invalid;
  if (!(await isValidKey(credential.publicKey))) return invalid;
  if (!isAccepted(policy, aaguid)) return { ok: false, because: 'policy' };
  return {
    ok: true,
    handle: credential.id,
    userVerified,
    data: {
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: registration.transports,
      aaguid,
      deviceType: credentialDeviceType,
      backedUp: credentialBackedUp,
      // A thief may give a PIN to a security key that verified nobody. The account that syncs a passkey has its own lock.
      userVerified: userVerified || (expected.isConditional === true && credentialDeviceType === 'multiDevice'),
    },
  };
};
