/** Shows a passkey on the security page. */
import type { Authenticator, Factor } from '../../src/mfa/factor.ts';
import { modelOf } from '../../src/mfa/passkeys/aaguids.ts';
import { isPasskey } from '../../src/mfa/passkeys/data.ts';
import { waysOf } from '../../src/mfa/removal.ts';
import type { PasskeyShown } from '../../web/pages/account-props.ts';

/** What pages tell of a passkey; undefined for another authenticator. */
export const shownPasskey = (authenticator: Authenticator, factors: readonly Factor[]): PasskeyShown | undefined => {
  if (!isPasskey(authenticator)) return undefined;
  const { aaguid, deviceType, userVerified } = authenticator.data;
  const model = modelOf(aaguid);
  return {
    isSynced: deviceType === 'multiDevice',
    verifies: userVerified,
    isRefused: waysOf(authenticator, factors).length === 0,
    ...(model !== undefined && { model }),
  };
};
