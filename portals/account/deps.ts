/** Lists the services and settings that the routes of the security page use. */
import type { Authenticators } from '../../src/mfa/authenticators.ts';
import type { Factor } from '../../src/mfa/factor.ts';
import type { Context } from 'koa';
import type { AddressProofs } from '../../src/account/address-proofs.ts';
import type { Methods } from '../../src/mfa/methods.ts';
import type { OwnMethods } from '../../src/mfa/own-methods.ts';
import type { RecoveryCodes } from '../../src/mfa/recovery-codes.ts';
import type { RemovalPolicy } from '../../src/mfa/removal.ts';
import type { AccountSessions } from '../../src/oidc/sessions/account-sessions.ts';
import type { Sealer } from '../../src/crypto.ts';
import type { User } from '../../src/records.ts';
import type { KnownBrowser } from '../../src/users/known-browser.ts';
import type { Passwords } from '../../src/users/passwords/password.ts';
import type { Users } from '../../src/users/users.ts';
import type { AdmissionDeps } from '../admission/deps.ts';

/** Services and settings of the security page. `server/security-page.ts` passes them. */
export interface AccountDeps extends AdmissionDeps {
  readonly sealer: Sealer;
  readonly users: Users;
  readonly methods: Methods;
  readonly ownMethods: OwnMethods;
  readonly authenticators: Authenticators;
  readonly recoveryCodes: Pick<RecoveryCodes, 'isInUse'>;
  /** The domain that passkeys are bound to. */
  readonly passkeyRpId: string;
  /** The factors in use. */
  readonly factors: readonly Factor[];
  readonly accountSessions: Pick<AccountSessions, 'endOthers'>;
  /** What the removal of a method must leave to this person. */
  readonly removalPolicy: (user: User) => Promise<RemovalPolicy>;
  readonly passwords: Pick<Passwords, 'verify' | 'replace'>;
  readonly addressProofs: AddressProofs;
  /** Browser in which people signed in before, from its cookie. */
  readonly knownBrowser: (ctx: Context) => KnownBrowser | undefined;
}
