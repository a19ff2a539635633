/** Shows the methods of a person, and changes them. */
import { accountPath } from '../../src/oidc/clients/built-in.ts';
import { securityPage } from '../../web/pages/index.ts';
import type { AccountDeps } from './deps.ts';
import { drawPage, type Portal } from './portal.ts';

/** Adds the routes of methods. */
export const methodRoutes = (portal: Portal, { methods }: AccountDeps): void => {
  portal.onRead(accountPath, async (ctx, { user, frame, words }) => {
    drawPage(ctx, securityPage({ ...frame, methods: await methods.of(user) }, words));
  });
};
