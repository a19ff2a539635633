/** Wires the developer portal: the routes below /developer, with their sign-in at our own provider. */
import type { Router } from '@koa/router';
import { createPortalCookies } from '../portals/admission/cookies.ts';
import { developerRoutes } from '../portals/developer/index.ts';
import { createOnceCookie } from '../portals/developer/once.ts';
import type { Settings } from '../src/config.ts';
import { mayDevelop } from '../src/developer-access.ts';
import { developerPortal as portal } from '../src/oidc/clients/built-in.ts';
import { OwnClients } from '../src/oidc/developers/own-clients.ts';
import type { Callbacks } from '../src/oidc/playground/callback.ts';
import { createPortalSignIn, type PortalSignInDeps } from '../src/oidc/portal-sign-in.ts';
import { developerLinks } from '../web/pages/developer-links.ts';
import type { User } from '../src/records.ts';
import { createPlaygroundDeps } from './playground.ts';
import type { Services } from './services.ts';

/** What the public routes have created before. */
export interface DeveloperPortalDeps extends Omit<PortalSignInDeps, 'issuer' | 'portal'> {
  readonly services: Services;
  /** Addresses of the playground. */
  readonly callbacks: Callbacks;
  readonly settings: Pick<Settings, 'issuer' | 'developers' | 'clientApproval' | 'clientsPerDeveloper' | 'policy'>;
}

/** Creates the routes; none where the portal is off. */
export const developerPortalRoutes = (deps: DeveloperPortalDeps): readonly Router[] => {
  const { services, settings, clock } = deps;
  const { issuer, developers, clientApproval: approval, clientsPerDeveloper: places, policy } = settings;
  if (developers === 'off') return [];
  const cookies = { portal, isHttps: issuer.protocol === 'https:', sealer: services.sealer, clock };
  const isDeveloper = (user: User): boolean => mayDevelop(developers, user);
  return [
    developerRoutes({
      ...services,
      portal,
      issuer,
      clock,
      cookies: createPortalCookies(cookies),
      once: createOnceCookie(cookies),
      signIn: createPortalSignIn({ ...deps, issuer, portal }),
      own: new OwnClients({ ...services, mayDevelop: isDeveloper, places }),
      mayDevelop: isDeveloper,
      playground: createPlaygroundDeps({ ...deps, sealer: services.sealer, issuer }, developerLinks.playground),
      approval,
      places,
      policy,
    }),
  ];
};
