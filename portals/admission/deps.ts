/** Lists what a portal gives to have its requests admitted. */
import type { Methods } from '../../src/mfa/methods.ts';
import type { PortalClient } from '../../src/oidc/clients/built-in.ts';
import type { PortalSession, PortalSignIn } from '../../src/oidc/portal-sign-in.ts';
import type { Clock, EpochMillis } from '../../src/ports/time.ts';
import type { Users } from '../../src/users/users.ts';
import type { Html } from '../../web/html.ts';
import type { PortalCookies } from './cookies.ts';
import type { Visit } from './visit.ts';

/** Services and settings of a portal. */
export interface AdmissionDeps {
  readonly portal: PortalClient;
  readonly issuer: URL;
  readonly clock: Clock;
  readonly cookies: PortalCookies;
  readonly signIn: PortalSignIn;
  readonly users: Pick<Users, 'get'>;
  /** They decide how strong a fresh sign-in must be. */
  readonly methods: Pick<Methods, 'usableBy'>;
  /** The page for a person who may not use this portal, drawn with status 403; undefined: they may. Default: everybody may. */
  readonly refusal?: (visit: Visit) => Html | undefined;
  /** What the page says after a sign-in that was begun without a notice of its own. */
  readonly noticeAfter?: (session: PortalSession, begunAt: EpochMillis) => Promise<string | undefined>;
}
