/**
 * Leads to the ceremonies on the pages of a sign-in: to add a method, to test one, to make recovery codes. A GET only redirects; the
 * sign-in there asks for everything that the ceremony needs, and comes back to the start page.
 */
import { Problem } from '../../src/errors.ts';
import { nameOf, preferred } from '../../src/mfa/assurance.ts';
import { hasPasskeys, passkeyType } from '../../src/mfa/passkeys/data.ts';
import { accountPath } from '../../src/oidc/clients/built-in.ts';
import { accountLinks } from '../../web/pages/links.ts';
import type { AccountDeps } from './deps.ts';
import { addressedId, methodsWith, readOwned } from './own-authenticators.ts';
import type { Portal } from '../admission/portal.ts';
import { startSignIn } from '../admission/session.ts';

/** Adds the routes of tasks. */
export const taskRoutes = (portal: Portal, deps: AccountDeps): void => {
  const lead = (path: string, name: string): void =>
    portal.onRead(path, (ctx, { user }) => {
      startSignIn(deps, ctx, { returnTo: accountPath, task: { name }, loginHint: user.name });
    });
  lead(accountLinks.addMethod, 'add-method');
  lead(accountLinks.recoveryCodes, 'recovery-codes');
  portal.onRead(accountLinks.addPasskey, (ctx, { user }) => {
    if (!hasPasskeys(deps.factors)) throw new Problem('not-found', 'passkeys are not in use');
    startSignIn(deps, ctx, {
      returnTo: accountPath,
      task: { name: 'add-method', method: passkeyType },
      loginHint: user.name,
    });
  });
  portal.onRead(`${accountPath}/methods/:id/test`, async (ctx, { user }) => {
    const owned = await readOwned(deps, user);
    const stored = owned.stored.find(({ id }) => id === addressedId(ctx));
    const method = stored && preferred(methodsWith(owned, stored, deps.factors), 'sfa');
    if (method === undefined) throw new Problem('not-found', 'got another id, expected a method that can be used');
    const task = { name: 'test-method', method: nameOf(method) };
    startSignIn(deps, ctx, { returnTo: accountPath, notice: 'tested', task, loginHint: user.name });
  });
};
