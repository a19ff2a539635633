/**
 * Serves the security page below /account, where people see and change how they sign in. It is a client of this issuer like any
 * other: it knows a person by an ID token, and asks for a fresh sign-in by `max_age` and `acr`.
 *
 *   GET  /account                       methods.ts: the methods of the person
 *   GET  /account/methods/:id/name      methods.ts; POST label
 *   GET  /account/methods/:id/remove    methods.ts; POST others, method
 *   POST /account/first-method          methods.ts: method
 *   POST /account/passkey-only          passkeys.ts: passkey_only
 *   GET  /account/add-method, /account/add-passkey, /account/recovery-codes, /account/methods/:id/test    tasks.ts
 *   POST /account/language              language.ts
 *   GET  /account/profile               profile.ts: password and e-mail address; POST /account/password, /account/email
 *   GET  /account/email/confirm         profile.ts: the link to an address; POST token
 *   GET  /account/sessions              sessions.ts: sessions and last sign-ins
 *   POST /account/sessions/end          sessions.ts: session; also end-others, end-all
 *   POST /account/sessions/forget       remembered-browsers.ts: browser; also forget-all
 *   GET  /account/sign-ins/:signIn/not-me    sessions.ts; POST
 *   GET  /account/apps                  apps.ts
 *   POST /account/apps/remove           apps.ts: app
 *   POST /account/apps/withdraw         apps.ts: app, detail
 *   GET  /account/callback              the answer of a sign-in
 *
 * `portals/admission/portal.ts` admits every request. A page or form is added with its `onRead` or `onWrite`, in a function that is
 * named below, and with an entry in the navigation (`web/pages/components/portal-layout.ts`).
 */
import type { Router } from '@koa/router';
import { isMethod } from '../../src/mfa/recovery-types.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import { createPortal } from '../admission/portal.ts';
import { appRoutes, type AppRoutesDeps } from './apps.ts';
import { methodRoutes } from './methods.ts';
import type { AccountDeps } from './deps.ts';
import { accountLanguageRoutes } from './language.ts';
import { profileRoutes } from './profile.ts';
import { rememberedBrowserRoutes } from './remembered-browsers.ts';
import { sessionRoutes, type SessionRoutesDeps } from './sessions.ts';
import { taskRoutes } from './tasks.ts';

/** Creates the router of the security page. */
export const accountRoutes = (deps: SessionRoutesDeps & AppRoutesDeps): Router => {
  const portal = createPortal({
    ...deps,
    noticeAfter: async ({ sub }, begunAt) => ((await hasAddedSince(deps, sub, begunAt)) ? 'added' : undefined),
  });
  methodRoutes(portal, deps);
  taskRoutes(portal, deps);
  accountLanguageRoutes(portal, deps);
  profileRoutes(portal, deps);
  sessionRoutes(portal, deps);
  rememberedBrowserRoutes(portal, deps);
  appRoutes(portal, deps);
  return portal.router;
};

/** Whether the person has added a method. The answer does not tell: a person who put it off comes back with a code too. */
const hasAddedSince = async (
  { users, authenticators }: Pick<AccountDeps, 'users' | 'authenticators'>,
  userId: string,
  begunAt: EpochMillis,
): Promise<boolean> => {
  const user = await users.get(userId);
  const stored = user === undefined ? [] : await authenticators.of(user);
  return stored.some(each => isMethod(each) && each.createdAt >= begunAt);
};
