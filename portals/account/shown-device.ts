/** What the security page shows of a paired phone. */
import { authenticatorOf, servedBy, type Authenticator, type Factor } from '../../src/mfa/factor.ts';
import { isDevice, pushType } from '../../src/mfa/push/data.ts';
import type { DeviceShown } from '../../web/pages/account-props.ts';

/** Undefined for another authenticator, and where phones are not in use. */
export const shownDevice = (authenticator: Authenticator, factors: readonly Factor[]): DeviceShown | undefined => {
  const factor = factors.find(each => authenticatorOf(each) === pushType);
  if (factor === undefined || !isDevice(authenticator)) return undefined;
  return { push: authenticator.data.push, mustPairAgain: servedBy(factor, [authenticator]).length === 0 };
};
