/** Shows the clients of a person, one of them with all that its developer needs, and deletes one. */
import { rulesForClient } from '../../src/policy/explain.ts';
import type { Context } from 'koa';
import { cameBy } from '../../src/oidc/clients/doors.ts';
import { textsToApprove } from '../../src/oidc/clients/approval.ts';
import { textsIn } from '../../src/oidc/clients/change.ts';
import { isPublic, usesSecret } from '../../src/oidc/clients/completion.ts';
import { isWaiting, waitingOf } from '../../src/oidc/waiting-clients.ts';
import { isSoftware } from '../../src/oidc/clients/software/index.ts';
import { formOf } from '../../src/oidc/developers/form.ts';
import { kindOf } from '../../src/oidc/developers/kinds.ts';
import { ownClientName, type OwnClient } from '../../src/oidc/developers/own-clients.ts';
import { otherSoftware, snippetsFor } from '../../src/oidc/developers/snippets.ts';
import { developerClientPage, developerDeletePage, developerListPage } from '../../web/pages/index.ts';
import { developerClientPaths, developerLinks } from '../../web/pages/developer-links.ts';
import type { DeveloperClientRow, TeamRow } from '../../web/pages/developer-props.ts';
import { drawPage, redirectAfterChange, type Portal, type ReadRoute } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';
import { addressedClient } from './addressed.ts';
import type { DeveloperDeps } from './deps.ts';

const { here, delete: deletion } = developerClientPaths;

/** Adds the routes. */
export const clientRoutes = (portal: Portal, deps: DeveloperDeps): void => {
  portal.onRead(developerLinks.clients, async (ctx, { user, frame, words }) => {
    const clients = (await deps.own.list(user)).map(rowOf);
    drawPage(ctx, developerListPage({ ...frame, clients }, words));
  });
  portal.onRead(here, async (ctx, visit) => drawClient(deps, ctx, visit, await addressedClient(deps, ctx, visit)), {
    keeps: 'query',
  });
  const drawDeletion: ReadRoute = async (ctx, visit) => {
    const found = await addressedClient(deps, ctx, visit);
    drawPage(ctx, developerDeletePage({ ...visit.frame, id: found.id, name: ownClientName(found) }, visit.words));
  };
  portal.onRead(deletion, drawDeletion, { fresh: { cancelTo: here } });
  portal.onWrite(deletion, { form: {}, needs: 'own-highest' }, async (ctx, visit) => {
    const { id } = await addressedClient(deps, ctx, visit);
    const removed = await deps.own.remove(visit.user, id);
    redirectAfterChange(deps, ctx, developerLinks.clients, removed.ok ? 'deleted' : 'gone');
  });
};

const rowOf = (found: OwnClient): DeveloperClientRow => {
  const { metadata } = found.client;
  const waits = waitingOf(metadata).since !== undefined ? 'client' : isWaiting(metadata) ? 'change' : undefined;
  return { id: found.id, name: ownClientName(found), kind: kindOf(metadata), ...(waits !== undefined && { waits }) };
};

/** The team with names, for pages. */
export const teamRows = async ({ own }: DeveloperDeps, id: string, { user }: Visit): Promise<readonly TeamRow[]> =>
  (await own.teamOf(id)).flatMap(({ userId, name, role, addedAt }) =>
    role === undefined ? [] : [{ userId, name, role, addedAt, isYou: userId === user.id }],
  );

const drawClient = async (deps: DeveloperDeps, ctx: Context, visit: Visit, found: OwnClient): Promise<void> => {
  const { id, client, role } = found;
  const { metadata, previousSecretUntil } = client;
  const { origin: issuer } = deps.issuer;
  const waiting = waitingOf(metadata);
  const [failures, signIns, tokens, team] = await Promise.all([
    deps.clientRefusals.of(id),
    deps.clientSignIns.of(id),
    deps.clientTokens.of(id),
    teamRows(deps, id, visit),
  ]);
  // After all reads: where one fails, the next try still shows the secret.
  const newSecret = deps.once.take(ctx, { clientId: id, userId: visit.user.id });
  const asked = ctx.query['for'];
  const chosen = isSoftware(asked) ? asked : undefined;
  const redirectUris = textsIn(metadata, 'redirect_uris');
  const kind = kindOf(metadata);
  const secondStep = formOf(metadata).second_step;
  const proves = usesSecret(metadata) ? 'secret' : isPublic(metadata) ? 'none' : 'key';
  drawPage(
    ctx,
    developerClientPage(
      {
        ...visit.frame,
        id,
        name: ownClientName(found),
        kind,
        role,
        issuer,
        proves,
        ...(newSecret !== undefined && { newSecret }),
        ...(previousSecretUntil !== undefined && { previousSecretUntil }),
        redirectUris,
        afterSignOut: textsIn(metadata, 'post_logout_redirect_uris'),
        ...(secondStep !== undefined && { secondStep }),
        rules: rulesForClient(deps.policy, id),
        ...(waiting.since !== undefined && { waitsSince: waiting.since }),
        waiting: textsToApprove(metadata),
        isFromFile: cameBy(metadata) === 'file',
        canTry: redirectUris.length > 0 && waiting.since === undefined,
        snippets: snippetsFor(metadata, { issuer, clientSecret: newSecret, chosen }),
        others: otherSoftware(metadata, chosen),
        failures,
        signIns,
        tokens,
        team,
      },
      visit.words,
    ),
  );
};
