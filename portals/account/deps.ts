/** Lists the services and settings that the routes of the security page use. */
import type { Methods } from '../../src/mfa/methods.ts';
import type { AccountSignIn } from '../../src/oidc/account-sign-in.ts';
import type { Clock } from '../../src/ports/time.ts';
import type { Users } from '../../src/users/users.ts';
import type { AccountCookies } from './cookies.ts';

/** Services and settings of the security page. `server/app.ts` passes them. */
export interface AccountDeps {
  readonly issuer: URL;
  readonly clock: Clock;
  readonly cookies: AccountCookies;
  readonly signIn: AccountSignIn;
  readonly users: Users;
  readonly methods: Methods;
}
