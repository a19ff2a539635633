/**
 * Shows the methods of a person, and changes them. To add or test one, the person goes to the pages of a sign-in (`tasks.ts`): there
 * is one enrollment for all.
 */
import type { Context } from 'koa';
import { Problem } from '../../src/errors.ts';
import { maxFieldBytes } from '../../src/http/body.ts';
import { readLabel } from '../../src/mfa/method-label.ts';
import type { StoredAuthenticator } from '../../src/mfa/sealed-authenticators.ts';
import { reachesMinAcr } from '../../src/mfa/chosen-min-acr.ts';
import { isRecoveryFactor } from '../../src/mfa/recovery-types.ts';
import type { RemovalRefusal } from '../../src/mfa/removal.ts';
import { safetyOf } from '../../src/mfa/safety.ts';
import { accountPath } from '../../src/oidc/clients/built-in.ts';
import { sessionDigest } from '../../src/oidc/ended-sessions.ts';
import type { FirstChoice } from '../../web/pages/account-props.ts';
import { removeMethodPage, renameMethodPage, securityPage } from '../../web/pages/index.ts';
import { accountLinks, fields } from '../../web/pages/links.ts';
import type { AccountDeps } from './deps.ts';
import {
  chosenMethod,
  firstChoices,
  methodsWith,
  addressedId,
  ownedWithout,
  readOwned,
  shownAuthenticator,
  shownCodes,
  type Owned,
} from './own-authenticators.ts';
import { endsPasskeyOnly, passkeyOnlyOf, passkeyRoutes, passkeySignals } from './passkeys.ts';
import { redirectAfterChange, drawPage, type Portal, type ReadRoute, type WriteRoute } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';

const methodPath = `${accountPath}/methods/:id`;

/** The start page. */
const show =
  (deps: AccountDeps): ReadRoute =>
  async (ctx, { user, frame, words }) => {
    const { factors } = deps;
    const owned = await readOwned(deps, user);
    const authenticators = owned.stored.map(each => shownAuthenticator(owned, each, user, factors));
    const codes = shownCodes(owned);
    // Where the person lets only passkeys in, their other methods open nothing.
    const opens = (each: StoredAuthenticator): boolean => user.minAcr === undefined || reachesMinAcr(each);
    const usable = owned.stored.filter(each => methodsWith(owned, each, factors).length > 0 && opens(each));
    const passkeyOnly = passkeyOnlyOf(owned, user);
    const signals = await passkeySignals(deps, user);
    drawPage(
      ctx,
      securityPage(
        {
          ...frame,
          authenticators,
          choices: firstChoices(owned),
          safety: safetyOf(usable, deps.recoveryCodes.isInUse ? (codes.left ?? 0) : 0),
          ...(deps.recoveryCodes.isInUse && { recoveryCodes: codes }),
          ...(passkeyOnly !== undefined && { passkeyOnly }),
          ...(signals !== undefined && { passkeySignals: signals }),
          ...(user.language !== undefined && { language: user.language }),
        },
        words,
      ),
      ctx.method === 'POST' ? 422 : 200,
    );
  };

/** The authenticator in the address. @throws Problem 'not-found': there is none, or it is another person's */
const addressed = (ctx: Context, { stored }: Owned): StoredAuthenticator => {
  const id = addressedId(ctx);
  const found = stored.find(each => each.id === id);
  if (found === undefined) throw new Problem('not-found', 'got another id, expected a method of this person');
  return found;
};

const showName =
  (deps: AccountDeps): ReadRoute =>
  async (ctx, { user, frame, words }) => {
    const owned = await readOwned(deps, user);
    const authenticator = shownAuthenticator(owned, addressed(ctx, owned), user, deps.factors);
    drawPage(ctx, renameMethodPage({ ...frame, authenticator }, words));
  };

const changeName =
  (deps: AccountDeps): WriteRoute<'label'> =>
  async (ctx, visit, form) => {
    const { user, frame, words, by } = visit;
    const owned = await readOwned(deps, user);
    const stored = addressed(ctx, owned);
    const typed = form.get(fields.label) ?? '';
    const label = readLabel(typed);
    if (label === undefined) {
      const authenticator = shownAuthenticator(owned, stored, user, deps.factors);
      return drawPage(ctx, renameMethodPage({ ...frame, authenticator, typed }, words), 422);
    }
    await deps.ownMethods.rename(user, stored.id, label, by);
    redirectAfterChange(deps, ctx, accountPath, 'renamed');
  };

/** True after a sign-in with a recovery code or a pass: a thief may have the lost device and its sessions. */
const isRecovery = ({ session: { secondStep } }: Visit): boolean =>
  secondStep !== undefined && isRecoveryFactor(secondStep.method);

/** The next default method, where `removed` is the default now. */
const firstAfter = (
  deps: AccountDeps,
  { user }: Visit,
  owned: Owned,
  removed: StoredAuthenticator,
): FirstChoice | undefined => {
  if (user.defaultMethod?.authenticator !== removed.id) return undefined;
  return firstChoices(ownedWithout(owned, removed, deps.factors)).find(each => each.isDefault);
};

const showRemoval =
  (deps: AccountDeps): ReadRoute =>
  async (ctx, visit) => {
    const owned = await readOwned(deps, visit.user);
    const stored = addressed(ctx, owned);
    const policy = await deps.removalPolicy(visit.user);
    const refused = await deps.ownMethods.refusalOf(visit.user, stored.id, policy);
    drawRemoval(deps, ctx, visit, owned, stored, refused);
  };

const drawRemoval = (
  deps: AccountDeps,
  ctx: Context,
  visit: Visit,
  owned: Owned,
  stored: StoredAuthenticator,
  refused: RemovalRefusal | undefined,
): void => {
  const { user, frame, words } = visit;
  const first = firstAfter(deps, visit, owned, stored);
  const page = removeMethodPage(
    {
      ...frame,
      authenticator: shownAuthenticator(owned, stored, user, deps.factors),
      endsOthers: isRecovery(visit),
      endsPasskeyOnly: endsPasskeyOnly(owned, user, { removed: stored, factors: deps.factors }),
      endsCodes: owned.stored.some(({ boundWith }) => boundWith === stored.id),
      ...(first !== undefined && { first }),
      ...(refused !== undefined && { refused }),
    },
    words,
  );
  drawPage(ctx, page, ctx.method === 'POST' ? 422 : 200);
};

const remove =
  (deps: AccountDeps): WriteRoute<'others' | 'method'> =>
  async (ctx, visit, form) => {
    const { user, by, session } = visit;
    const owned = await readOwned(deps, user);
    const stored = addressed(ctx, owned);
    const left = ownedWithout(owned, stored, deps.factors);
    const first = chosenMethod(left, form.get(fields.method), deps.factors);
    const outcome = await deps.ownMethods.remove(user, stored.id, by, {
      policy: await deps.removalPolicy(user),
      ...(first !== undefined && { first }),
    });
    if (outcome === 'unknown') throw new Problem('not-found', 'got a method that was removed meanwhile');
    if (outcome !== 'removed') return drawRemoval(deps, ctx, visit, owned, stored, outcome.refused);
    if (isRecovery(visit) || form.get(fields.others) === 'yes') {
      await deps.accountSessions.endOthers(user.id, sessionDigest(session.uid), by);
    }
    redirectAfterChange(deps, ctx, accountPath, 'removed');
  };

const makeFirst =
  (deps: AccountDeps): WriteRoute<'method'> =>
  async (ctx, { user, by }, form) => {
    const chosen = chosenMethod(await readOwned(deps, user), form.get(fields.method), deps.factors);
    if (chosen === undefined) throw new Problem('not-found', 'got another method, expected one of this person');
    await deps.methods.setDefault(user, chosen, by);
    redirectAfterChange(deps, ctx, accountPath, 'made-default');
  };

/** Adds the routes of methods. */
export const methodRoutes = (portal: Portal, deps: AccountDeps): void => {
  portal.onRead(accountPath, show(deps));
  portal.onRead(`${methodPath}/name`, showName(deps), { fresh: { cancelTo: accountPath } });
  portal.onWrite(`${methodPath}/name`, { form: { [fields.label]: maxFieldBytes } }, changeName(deps));
  portal.onRead(`${methodPath}/remove`, showRemoval(deps), { fresh: { cancelTo: accountPath } });
  portal.onWrite(
    `${methodPath}/remove`,
    { form: { [fields.others]: 8, [fields.method]: maxFieldBytes } },
    remove(deps),
  );
  passkeyRoutes(portal, deps, show(deps));
  portal.onWrite(accountLinks.first, { form: { [fields.method]: maxFieldBytes } }, makeFirst(deps));
};
