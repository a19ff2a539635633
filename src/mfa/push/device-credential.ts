/** Makes the options for the WebAuthn credential by which a device checks its person, where the policy wants a biometric. */
import type { PasskeyCreationOptions } from '../../passkey-options.ts';
import { creationOptions } from '../passkeys/options.ts';
import type { PasskeyPolicy } from '../passkeys/policy.ts';

/** What WebAuthn adds for the authenticator of this very device (WebAuthn §5.4.4). */
type PlatformOptions = PasskeyCreationOptions & {
  readonly authenticatorSelection: PasskeyCreationOptions['authenticatorSelection'] & {
    readonly authenticatorAttachment: 'platform';
  };
};

/**
 * Options for a credential of this device with user verification. It is no passkey of the account: it has a user handle of its own, the
 * thumbprint of the device's key, so that it takes the place of none.
 */
export const deviceCreationOptions = (
  policy: PasskeyPolicy,
  { challenge, handle, account }: { readonly challenge: string; readonly handle: string; readonly account: string },
): PlatformOptions => {
  const options = creationOptions(
    { ...policy, attestation: 'none', residentKey: 'discouraged' },
    { challenge, person: { id: handle, name: account }, userVerification: 'required', exclude: [] },
  );
  const { authenticatorSelection } = options;
  return { ...options, authenticatorSelection: { ...authenticatorSelection, authenticatorAttachment: 'platform' } };
};
