/**
 * Serves the developer portal below /developer, where people register clients of their own. Like the security page it is a client of
 * this issuer; `portals/admission/portal.ts` admits every request, and `src/oidc/developers` knows the team of each client.
 *
 *   GET  /developer                             clients.ts: the clients of the person
 *   GET  /developer/new                         registration.ts: the kinds to choose from
 *   GET  /developer/new/:choice                 registration.ts: the form; POST its fields; POST …/check
 *   GET  /developer/clients/:id                 clients.ts: one client
 *   GET  /developer/clients/:id/edit            edit.ts: the form; POST its fields; POST …/check
 *   GET  /developer/clients/:id/secret          secrets.ts; POST old; POST …/end-old
 *   GET  /developer/clients/:id/delete          clients.ts; POST
 *   GET  /developer/clients/:id/team            team.ts; POST name, role; POST …/remove
 *   GET  /developer/playground                  playground.ts: tries a client; POST; GET …/callback/:ticket
 *   GET  /developer/callback                    the answer of a sign-in
 */
import type { Router } from '@koa/router';
import { developerRefusedPage } from '../../web/pages/index.ts';
import { createPortal } from '../admission/portal.ts';
import { clientRoutes } from './clients.ts';
import type { DeveloperDeps } from './deps.ts';
import { editRoutes } from './edit.ts';
import { playgroundRoutes } from './playground.ts';
import { registrationRoutes } from './registration.ts';
import { secretRoutes } from './secrets.ts';
import { teamRoutes } from './team.ts';

/** Creates the router of the developer portal. */
export const developerRoutes = (deps: DeveloperDeps): Router => {
  const portal = createPortal({
    ...deps,
    refusal: ({ user, frame, words }) => (deps.mayDevelop(user) ? undefined : developerRefusedPage(frame, words)),
  });
  clientRoutes(portal, deps);
  registrationRoutes(portal, deps);
  editRoutes(portal, deps);
  secretRoutes(portal, deps);
  teamRoutes(portal, deps);
  playgroundRoutes(portal, deps);
  return portal.router;
};
