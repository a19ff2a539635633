/** Settings of passkeys and security keys (WebAuthn). */
import { hostName, origins } from '../checks/addresses.ts';
import { aaguids, certificates } from '../checks/credentials.ts';
import { oneOf } from '../checks/values.ts';
import { optional, withDefault } from '../setting.ts';

export const passkeys = {
  passkeyRpId: optional({
    name: 'SALLYPORT_PASSKEY_RP_ID',
    check: hostName(),
    expected: 'the host of the issuer, or a domain above it',
    example: 'example.com',
    doc: 'RP ID of passkeys (WebAuthn): the domain that they are bound to. Set it before the first passkey is made: passkeys of another RP ID do not work any more. Unset: the host of the issuer. An IP address has no passkeys.',
  }),
  passkeyAttestation: withDefault({
    name: 'SALLYPORT_PASSKEY_ATTESTATION',
    check: oneOf('none', 'direct'),
    expected: 'none or direct',
    example: 'direct',
    doc: 'Whether a new passkey must prove its maker. `none`: every authenticator is accepted, and what it says of its model is not proven. `direct`: only one whose certificate leads to a root of `SALLYPORT_PASSKEY_ROOTS`, mostly security keys and Windows Hello; synced passkeys have no such certificate.',
    fallback: 'none',
  }),
  passkeyRoots: optional({
    name: 'SALLYPORT_PASSKEY_ROOTS',
    check: certificates(),
    expected: 'one to a hundred certificates in PEM, one after the other',
    example: '"$(cat yubico-root.pem)"',
    doc: 'Roots of the makers that `SALLYPORT_PASSKEY_ATTESTATION=direct` trusts. Revocation lists are not read: leave out what you do not trust any more.',
    isLong: true,
  }),
  passkeyAllow: optional({
    name: 'SALLYPORT_PASSKEY_ALLOW',
    check: aaguids(),
    expected: 'AAGUIDs, separated by commas, each once',
    example: 'ee882879-721c-4913-9775-3dfcce97072a',
    doc: 'The only models that are accepted, by their AAGUID. Others cannot be set up, and those that were set up before stop working. Without `SALLYPORT_PASSKEY_ATTESTATION=direct` an authenticator can lie about its model. Unset: all.',
  }),
  passkeyBlock: optional({
    name: 'SALLYPORT_PASSKEY_BLOCK',
    check: aaguids(),
    expected: 'AAGUIDs, separated by commas, each once',
    example: 'ee882879-721c-4913-9775-3dfcce97072a',
    doc: 'Models that are refused in the same way, for example after a recall.',
  }),
  passkeyResidentKey: withDefault({
    name: 'SALLYPORT_PASSKEY_RESIDENT_KEY',
    check: oneOf('preferred', 'required', 'discouraged'),
    expected: 'preferred, required or discouraged',
    example: 'required',
    doc: 'Whether the authenticator keeps a new passkey itself, so that people can sign in without their name. `discouraged` saves the room of old security keys.',
    fallback: 'preferred',
  }),
  passkeyUserVerification: withDefault({
    name: 'SALLYPORT_PASSKEY_USER_VERIFICATION',
    check: oneOf('preferred', 'required'),
    expected: 'preferred or required',
    example: 'required',
    doc: 'Whether a passkey must always check PIN, finger or face. `preferred`: a security key without them is accepted beside a password, for the level `mfa`.',
    fallback: 'preferred',
  }),
  passkeyOrigins: optional({
    name: 'SALLYPORT_PASSKEY_ORIGINS',
    check: origins(),
    expected: 'one or more origins, separated by commas',
    example: 'https://www.example.net',
    doc: 'Other sites of yours that may use passkeys of this RP ID; browsers read them at `/.well-known/webauthn`. Sign-ins here accept only passkeys that our own pages asked for.',
  }),
};
