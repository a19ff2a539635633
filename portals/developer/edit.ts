/** Changes a client by the form of its members, and checks that form while it is filled in. */
import type { Context } from 'koa';
import {
  changeOf,
  clientFields,
  formOf,
  problemIn,
  typedForm,
  type ClientForm,
} from '../../src/oidc/developers/form.ts';
import { ownClientName, type OwnClient } from '../../src/oidc/developers/own-clients.ts';
import { developerEditPage } from '../../web/pages/index.ts';
import { developerClientLinks, developerClientPaths } from '../../web/pages/developer-links.ts';
import type { FormRefusal } from '../../web/pages/developer-props.ts';
import { drawPage, redirectAfterChange, type Portal, type ReadRoute } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';
import { addressedClient } from './addressed.ts';
import type { DeveloperDeps } from './deps.ts';

const { edit, check, here: clientPath } = developerClientPaths;

/** Adds the routes. A change needs a fresh sign-in: a redirect address decides where codes are sent. */
export const editRoutes = (portal: Portal, deps: DeveloperDeps): void => {
  const drawForm: ReadRoute = async (ctx, visit) => {
    const found = await addressedClient(deps, ctx, visit);
    draw(deps, ctx, visit, found, formOf(found.client.metadata));
  };
  portal.onRead(edit, drawForm, { fresh: { cancelTo: clientPath } });
  portal.onWrite(edit, { form: clientFields, needs: 'own-highest' }, async (ctx, visit, form) => {
    const found = await addressedClient(deps, ctx, visit);
    const { metadata } = found.client;
    const typed = typedForm(metadata, form);
    const changed = await deps.own.change(visit.user, found.id, changeOf(metadata, typed));
    if (!changed.ok) return draw(deps, ctx, visit, found, typed, problemIn(changed.message));
    const notice = changed.members.length === 0 ? 'unchanged' : 'saved';
    redirectAfterChange(deps, ctx, developerClientLinks(found.id).here, notice);
  });
  portal.onWrite(check, { form: clientFields, needs: 'session' }, async (ctx, visit, form) => {
    const { id, client } = await addressedClient(deps, ctx, visit);
    const change = changeOf(client.metadata, typedForm(client.metadata, form));
    const message = await deps.own.problemOfChange(visit.user, id, change);
    ctx.body = message === undefined ? {} : problemIn(message);
  });
};

const draw = (
  { approval }: DeveloperDeps,
  ctx: Context,
  { frame, words }: Visit,
  found: OwnClient,
  form: ClientForm,
  refused?: FormRefusal,
): void => {
  const { id } = found;
  const here = developerClientLinks(id).edit;
  const needsApproval = approval === 'required';
  const page = {
    ...frame,
    here,
    id,
    name: ownClientName(found),
    form,
    needsApproval,
    ...(refused !== undefined && { refused }),
  };
  drawPage(ctx, developerEditPage(page, words), refused === undefined ? 200 : 422);
};
