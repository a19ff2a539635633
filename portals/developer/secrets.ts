/** Replaces the secret of a client: both work for a week, or the old one ends at once. */
import { replacedSecretTime } from '../../src/oidc/clients/secrets.ts';
import { ownClientName } from '../../src/oidc/developers/own-clients.ts';
import { developerSecretPage } from '../../web/pages/index.ts';
import {
  developerClientLinks,
  developerClientPaths,
  developerFields as fields,
} from '../../web/pages/developer-links.ts';
import { drawPage, redirectAfterChange, type Portal, type ReadRoute } from '../admission/portal.ts';
import { addressedClient } from './addressed.ts';
import type { DeveloperDeps } from './deps.ts';

const { secret: path, endOld, here } = developerClientPaths;

/** Adds the routes. */
export const secretRoutes = (portal: Portal, deps: DeveloperDeps): void => {
  const drawForm: ReadRoute = async (ctx, visit) => {
    const found = await addressedClient(deps, ctx, visit);
    drawPage(ctx, developerSecretPage({ ...visit.frame, id: found.id, name: ownClientName(found) }, visit.words));
  };
  portal.onRead(path, drawForm, { fresh: { cancelTo: here } });
  portal.onWrite(path, { form: { [fields.old]: 8 }, needs: 'own-highest' }, async (ctx, visit, form) => {
    const { user, frame, words } = visit;
    const found = await addressedClient(deps, ctx, visit);
    const { id } = found;
    const made = await deps.own.newSecret(user, id, form.get(fields.old) === 'end' ? 0 : replacedSecretTime);
    const links = developerClientLinks(id);
    if (!made.ok) {
      const page = { ...frame, here: links.secret, id, name: ownClientName(found), refused: true } as const;
      return drawPage(ctx, developerSecretPage(page, words), 409);
    }
    deps.once.keep(ctx, { clientId: id, userId: user.id, secret: made.secret });
    redirectAfterChange(deps, ctx, links.here);
  });
  portal.onWrite(endOld, { form: {}, page: here, needs: 'own-highest' }, async (ctx, visit) => {
    const { id } = await addressedClient(deps, ctx, visit);
    const ended = await deps.own.endOldSecret(visit.user, id);
    redirectAfterChange(deps, ctx, developerClientLinks(id).here, ended.ok ? 'old-ended' : 'gone');
  });
};
