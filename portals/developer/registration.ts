/** Registers clients: the kinds to choose from, the form of a kind or of known software, and the check of that form. */
import type { Context } from 'koa';
import { Problem } from '../../src/errors.ts';
import { isSoftware, software } from '../../src/oidc/clients/software/index.ts';
import { clientFields, linesOf, problemIn } from '../../src/oidc/developers/form.ts';
import { addressField, isChoice, newClientOf, ownKinds, type Choice } from '../../src/oidc/developers/kinds.ts';
import { developerChoosePage, developerNewPage } from '../../web/pages/index.ts';
import { developerClientLinks, developerLinks } from '../../web/pages/developer-links.ts';
import type { FormRefusal } from '../../web/pages/developer-props.ts';
import { drawPage, redirectAfterChange, type Portal } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';
import { pathParameter } from './addressed.ts';
import type { DeveloperDeps } from './deps.ts';

const fields = {
  client_name: clientFields.client_name,
  redirect_uris: clientFields.redirect_uris,
  url: clientFields.client_uri,
} as const;
type Form = ReadonlyMap<keyof typeof fields, string>;

/** Adds the routes. */
export const registrationRoutes = (portal: Portal, deps: DeveloperDeps): void => {
  portal.onRead(developerLinks.choose, (ctx, { frame, words }) => {
    const known = Object.entries(software).map(([name, { title }]) => ({ name, title }));
    drawPage(ctx, developerChoosePage({ ...frame, kinds: ownKinds, software: known }, words));
  });
  portal.onRead(developerLinks.add(':choice'), (ctx, visit) => drawForm(ctx, visit, choiceIn(ctx), new Map()));
  // Any session is enough: a new client changes no other one. A new sign-in would lose the filled-in form.
  portal.onWrite(developerLinks.add(':choice'), { form: fields, needs: 'session' }, async (ctx, visit, form) => {
    const choice = choiceIn(ctx);
    const { user } = visit;
    const added = await deps.own.add(user, clientOf(choice, form));
    if (!added.ok) {
      const refused = added.reason === 'limit' ? { limit: deps.places } : problemOf(choice, added.message);
      return drawForm(ctx, visit, choice, form, refused);
    }
    const { id, secret } = added;
    if (secret !== undefined) deps.once.keep(ctx, { clientId: id, userId: user.id, secret });
    const links = developerClientLinks(id);
    redirectAfterChange(deps, ctx, isSoftware(choice) ? links.for(choice) : links.here, 'added');
  });
  portal.onWrite(
    developerLinks.checkNew(':choice'),
    { form: fields, needs: 'session' },
    async (ctx, { user }, form) => {
      const choice = choiceIn(ctx);
      const message = await deps.own.problemOfNew(user, clientOf(choice, form));
      ctx.body = message === undefined ? {} : problemOf(choice, message);
    },
  );
};

/** @throws Problem 'not-found' */
const choiceIn = (ctx: Context): Choice => {
  const choice = pathParameter(ctx, 'choice');
  if (isChoice(choice)) return choice;
  throw new Problem('not-found', 'got another kind of client, expected one of the list');
};

const clientOf = (choice: Choice, form: Form) =>
  newClientOf(choice, {
    name: form.get('client_name')?.trim() ?? '',
    url: form.get('url')?.trim() ?? '',
    redirectUris: linesOf(form.get('redirect_uris') ?? ''),
  });

/** The redirect address of known software follows from its own address. */
const problemOf = (choice: Choice, message: string): FormRefusal => {
  const problem = problemIn(message);
  const isAddress = problem.field === 'redirect_uris' || problem.field === 'post_logout_redirect_uris';
  return isAddress && addressField(choice) === 'url' ? { field: 'url', message } : problem;
};

/** Where a program of one's own usually runs while it is written. */
const usualAddresses: Readonly<Partial<Record<Choice, string>>> = {
  web: 'http://localhost:3000/callback',
  spa: 'http://localhost:3000/callback',
  native: 'http://127.0.0.1/callback',
};

const drawForm = (ctx: Context, { frame, words }: Visit, choice: Choice, form: Form, refused?: FormRefusal): void =>
  drawPage(
    ctx,
    developerNewPage(
      {
        ...frame,
        // The form answers a POST at the address of its page.
        here: developerLinks.add(choice),
        choice,
        ...(isSoftware(choice) && { title: software[choice].title }),
        asks: addressField(choice),
        typed: {
          client_name: form.get('client_name') ?? '',
          url: form.get('url') ?? '',
          redirect_uris: form.get('redirect_uris') ?? usualAddresses[choice] ?? '',
        },
        ...(refused !== undefined && { refused }),
      },
      words,
    ),
    refused === undefined ? 200 : 422,
  );
