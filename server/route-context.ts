/** Types what the routes of one set of keys are made of (`public-routes.ts`). */
import type { Cookies } from '../interactions/cookies.ts';
import type { Streams } from '../src/http/event-streams.ts';
import type { InstallationSecrets } from '../src/keys/rings.ts';
import type { ClientDirectory } from '../src/oidc/clients/directory.ts';
import type { RequestCookies } from '../src/oidc/http/request-cookies.ts';
import type { Callbacks } from '../src/oidc/playground/callback.ts';
import type { createProvider } from '../src/oidc/provider.ts';
import type { RegistrationPolicies } from '../src/oidc/registration/policies.ts';
import type { Resources, Services } from './services.ts';

/** Shared by the routes of all sets of keys. */
export interface PublicRoutesDeps {
  readonly resources: Resources;
  readonly services: Services;
  readonly clients: ClientDirectory;
  /** For clients that register themselves. */
  readonly registrationPolicies: RegistrationPolicies;
  /** Open event streams. They belong to the process, so that a change of keys ends none. */
  readonly streams: Streams;
}

/** oidc-provider, with our rules. */
export type OidcProvider = ReturnType<typeof createProvider>;

/** Created once for a set of keys, before oidc-provider. */
export interface MadeForKeys {
  readonly secrets: InstallationSecrets;
  readonly cookies: Cookies;
  readonly requestCookies: RequestCookies;
  /** Addresses of the playground. */
  readonly callbacks: Callbacks;
}

/** What the routes of a set of keys share. */
export interface RouteContext extends PublicRoutesDeps, MadeForKeys {
  readonly provider: OidcProvider;
}
