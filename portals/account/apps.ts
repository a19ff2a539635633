/** Shows the apps that may use the account, and revokes their access, or one thing that they were allowed beside scopes. */
import { inLanguage } from '../../src/locales/sentences.ts';
import type { ConnectedClients } from '../../src/oidc/connected-clients.ts';
import { appsPage } from '../../web/pages/index.ts';
import { accountLinks, fields } from '../../web/pages/links.ts';
import type { AccountDeps } from './deps.ts';
import { redirectAfterChange, drawPage, type Portal } from '../admission/portal.ts';

/** Further services that these routes use. */
export interface AppRoutesDeps extends AccountDeps {
  readonly connectedClients: ConnectedClients;
}

/** Bytes of the id of a client, and of a detail. */
const clientIdBytes = 256;
const detailIdBytes = 64;
/** A person who never had a method can prove only the password, and must be able to revoke an app. */
const needs = 'own-highest';

/** Adds the routes of apps. */
export const appRoutes = (portal: Portal, deps: AppRoutesDeps): void => {
  const { connectedClients } = deps;
  const page = accountLinks.apps;
  portal.onRead(page, async (ctx, { user, frame, words }) => {
    const apps = (await connectedClients.list(user)).map(({ clientId: id, details, ...app }) => ({
      id,
      ...app,
      details: details.map(({ words: own, ...detail }) => ({ words: inLanguage(own, words.language), ...detail })),
    }));
    drawPage(ctx, appsPage({ ...frame, apps }, words));
  });
  portal.onWrite(
    accountLinks.removeApp,
    { form: { [fields.app]: clientIdBytes }, page, needs },
    async (ctx, { user, by }, form) => {
      const revoked = await connectedClients.revoke(user, form.get(fields.app) ?? '', by);
      redirectAfterChange(deps, ctx, page, revoked === 'revoked' ? 'app-removed' : 'gone');
    },
  );
  portal.onWrite(
    accountLinks.withdrawDetail,
    { form: { [fields.app]: clientIdBytes, [fields.detail]: detailIdBytes }, page, needs },
    async (ctx, { user, by }, form) => {
      const [app, detail] = [form.get(fields.app) ?? '', form.get(fields.detail) ?? ''];
      const withdrawn = await connectedClients.withdraw(user, app, detail, by);
      redirectAfterChange(deps, ctx, page, withdrawn === 'revoked' ? 'detail-withdrawn' : 'gone');
    },
  );
};
