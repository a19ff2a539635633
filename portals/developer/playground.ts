/**
 * Serves the playground of the developer portal, in which people try the clients of their teams.
 *
 *   GET  /developer/playground                     the form; its query fills it in
 *   POST /developer/playground                     the request, line by line
 *   GET  /developer/playground/callback/:ticket    what came back
 */
import { wishFields } from '../../src/oidc/playground/request.ts';
import { ownClientName, type OwnClients } from '../../src/oidc/developers/own-clients.ts';
import type { User } from '../../src/records.ts';
import { developerLinks } from '../../web/pages/developer-links.ts';
import type { Portal } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';
import { prepareRequest, showForm, showResult, type PlaygroundVisit, type TriedClient } from '../playground/steps.ts';
import type { DeveloperDeps } from './deps.ts';

/** Adds the routes of the playground. */
export const playgroundRoutes = (portal: Portal, { own, playground }: DeveloperDeps): void => {
  const page = developerLinks.playground;
  const tryOf = async ({ user, frame }: Visit): Promise<PlaygroundVisit> => ({
    page,
    clients: await triedBy(own, user),
    portal: frame,
  });
  portal.onRead(page, async (ctx, visit) => showForm(ctx, await tryOf(visit)), { keeps: 'query' });
  // A try changes no client, and its tokens end at once, so a session is enough.
  portal.onWrite(page, { form: wishFields, needs: 'session' }, async (ctx, visit, form) =>
    prepareRequest(playground, ctx, await tryOf(visit), form),
  );
  // Not by a session of the portal: a developer may sign in as somebody else for the try, which ends that session.
  portal.router.get(`${page}/callback/:ticket`, async ctx => showResult(playground, ctx, page));
};

/** The clients of a person that sign people in by a browser. */
const triedBy = async (own: Pick<OwnClients, 'list'>, user: User): Promise<readonly TriedClient[]> =>
  (await own.list(user)).flatMap(found =>
    (found.client.metadata.redirect_uris ?? []).length > 0 ? [{ id: found.id, name: ownClientName(found) }] : [],
  );
