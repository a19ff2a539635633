/** Shows the team of a client, adds people by their sign-in names, and removes them. */
import type { Context } from 'koa';
import { maxFieldBytes } from '../../src/http/body.ts';
import { ownClientName, type OwnClient } from '../../src/oidc/developers/own-clients.ts';
import { developerTeamPage } from '../../web/pages/index.ts';
import {
  developerClientLinks,
  developerClientPaths,
  developerFields as fields,
  developerLinks,
} from '../../web/pages/developer-links.ts';
import type { DeveloperTeamPage } from '../../web/pages/developer-props.ts';
import { drawPage, redirectAfterChange, type Portal } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';
import { addressedClient } from './addressed.ts';
import { teamRows } from './clients.ts';
import type { DeveloperDeps } from './deps.ts';

const { team: path, removePerson } = developerClientPaths;
/** Bytes of the id of an account, and of a role. */
const idBytes = 64;

/** Adds the routes. */
export const teamRoutes = (portal: Portal, deps: DeveloperDeps): void => {
  portal.onRead(path, async (ctx, visit) => draw(deps, ctx, visit, await addressedClient(deps, ctx, visit)));
  portal.onWrite(
    path,
    { form: { [fields.name]: maxFieldBytes, [fields.role]: idBytes }, needs: 'own-highest' },
    async (ctx, visit, form) => {
      const found = await addressedClient(deps, ctx, visit);
      const typed = form.get(fields.name)?.trim() ?? '';
      const role = form.get(fields.role) === 'owner' ? 'owner' : 'member';
      const answer = await deps.own.addPerson(visit.user, found.id, typed, role);
      const links = developerClientLinks(found.id);
      if (answer === 'done') return redirectAfterChange(deps, ctx, links.team, 'member-added');
      if (answer === 'unknown' || answer === 'absent') return redirectAfterChange(deps, ctx, links.team, 'gone');
      await draw(deps, ctx, visit, found, { reason: answer, typed });
    },
  );
  portal.onWrite(
    removePerson,
    { form: { [fields.person]: idBytes }, page: path, needs: 'own-highest' },
    async (ctx, visit, form) => {
      const { id } = await addressedClient(deps, ctx, visit);
      const person = form.get(fields.person) ?? '';
      const answer = await deps.own.removePerson(visit.user, id, person);
      const hasLeft = answer === 'done' && person === visit.user.id;
      const notice = answer === 'done' ? 'member-removed' : answer === 'last-owner' ? 'last-owner' : 'gone';
      redirectAfterChange(deps, ctx, hasLeft ? developerLinks.clients : developerClientLinks(id).team, notice);
    },
  );
};

const draw = async (
  deps: DeveloperDeps,
  ctx: Context,
  visit: Visit,
  found: OwnClient,
  refused?: DeveloperTeamPage['refused'],
): Promise<void> => {
  const { id, role } = found;
  const team = await teamRows(deps, id, visit);
  const here = developerClientLinks(id).team;
  const page = { ...visit.frame, here, id, name: ownClientName(found), isOwner: role === 'owner', team };
  drawPage(
    ctx,
    developerTeamPage({ ...page, ...(refused && { refused }) }, visit.words),
    refused === undefined ? 200 : 422,
  );
};
