/** Shows password and e-mail address of a person, and changes them. */
import type { Context } from 'koa';
import { changePassword } from '../../src/account/password-change.ts';
import { maxFieldBytes } from '../../src/http/body.ts';
import { linkToken } from '../../src/http/link-token.ts';
import { setRetryAfter } from '../../src/http/retry-after.ts';
import { seeOther } from '../../src/http/see-other.ts';
import { isFreshPassword } from '../../src/mfa/fresh-sign-in.ts';
import { sessionDigest } from '../../src/oidc/ended-sessions.ts';
import { longestToken } from '../../src/users/mailed-tokens.ts';
import { maxPasswordBytes } from '../../src/users/passwords/password-text.ts';
import type { ConfirmAddressPage, ProfileState } from '../../web/pages/account-props.ts';
import { confirmAddressPage, profilePage } from '../../web/pages/index.ts';
import { accountLinks, fields } from '../../web/pages/links.ts';
import type { AccountDeps } from './deps.ts';
import { redirectAfterChange, drawPage, type Portal } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';

const passwordForm = { [fields.password]: maxPasswordBytes, [fields.newPassword]: maxPasswordBytes } as const;
const addressForm = { [fields.email]: maxFieldBytes } as const;
const confirmForm = { [fields.token]: longestToken } as const;

/** Where programs that change passwords look for the page (W3C, A Well-Known URL for Changing Passwords). */
const wellKnown = '/.well-known/change-password';

/** Adds the routes. All changes need a fresh sign-in; an account that never had a method has only its password for it. */
export const profileRoutes = (portal: Portal, deps: AccountDeps): void => {
  const page = accountLinks.profile;
  const needs = 'own-highest';
  const token = linkToken(deps, { name: 'address', path: accountLinks.confirmAddress, longest: longestToken });

  portal.onRead(page, (ctx, visit) => drawProfile(deps, ctx, visit));
  portal.onRead(accountLinks.changeProfile, ctx => seeOther(ctx, page), { fresh: { returnTo: page, cancelTo: page } });
  portal.router.get(wellKnown, ctx => seeOther(ctx, page));
  portal.onWrite(accountLinks.password, { form: passwordForm, page, needs }, async (ctx, visit, form) => {
    const typed = { current: form.get(fields.password) ?? '', next: form.get(fields.newPassword) ?? '' };
    const source = { ...visit.by, knownBrowser: deps.knownBrowser(ctx), keep: sessionDigest(visit.session.uid) };
    const changed = await changePassword(deps.passwords, visit.user, typed, source);
    if (changed.ok) return redirectAfterChange(deps, ctx, page, 'password-changed');
    if (changed.reason === 'fault') {
      return drawProfile(deps, ctx, visit, { of: 'new-password', kind: changed.fault });
    }
    if (changed.reason !== 'wait') return drawProfile(deps, ctx, visit, { of: 'password', kind: changed.reason });
    const { until } = changed;
    setRetryAfter(ctx, deps.clock(), until);
    return drawProfile(deps, ctx, visit, { of: 'password', kind: 'wait', until });
  });
  portal.onWrite(accountLinks.address, { form: addressForm, page, needs }, async (ctx, visit, form) => {
    const typed = form.get(fields.email) ?? '';
    const language = visit.user.language ?? visit.words.language;
    const asked = await deps.addressProofs.request(visit.user, typed, language, visit.by);
    if (asked.ok) return redirectAfterChange(deps, ctx, page, 'address-asked');
    return drawProfile(deps, ctx, visit, { of: 'address', kind: asked.reason, typed });
  });
  portal.router.get(accountLinks.confirmAddress, async (ctx, next) => {
    if (!token.takeOut(ctx)) await next();
  });
  portal.onRead(accountLinks.confirmAddress, (ctx, visit) => {
    const opened = token.read(ctx);
    const address = deps.addressProofs.find(visit.user, opened);
    if (address === undefined) return drawConfirm(ctx, visit, { kind: 'gone' }, 410);
    drawConfirm(ctx, visit, { kind: 'asked', address, token: opened });
  });
  portal.onWrite(accountLinks.confirmAddress, { form: confirmForm, needs }, async (ctx, visit, form) => {
    const proven = await deps.addressProofs.confirm(visit.user, form.get(fields.token) ?? '', visit.by);
    if (!proven.ok) {
      return drawConfirm(
        ctx,
        visit,
        { kind: proven.reason === 'link' ? 'gone' : 'taken' },
        proven.reason === 'link' ? 410 : 409,
      );
    }
    token.remove(ctx);
    redirectAfterChange(deps, ctx, page, 'address-proven');
  });
};

const drawConfirm = (ctx: Context, { frame, words }: Visit, state: ConfirmAddressPage['state'], status = 200): void =>
  drawPage(ctx, confirmAddressPage({ ...frame, state }, words), status);

const drawProfile = (
  { addressProofs }: AccountDeps,
  ctx: Context,
  { user, session, now, frame, words }: Visit,
  state?: ProfileState,
): void => {
  const { email: address, emailVerified, passwordHash } = user;
  const waiting = addressProofs.waiting(user);
  const props = {
    ...frame,
    here: accountLinks.profile,
    isStale: !isFreshPassword(session, now),
    hasPassword: passwordHash !== undefined,
    sendsMail: addressProofs.isOn,
    ...(address !== undefined && { email: { address, isVerified: emailVerified === true } }),
    ...(waiting !== undefined && { waiting: waiting.address }),
    ...(state !== undefined && { state }),
  };
  drawPage(ctx, profilePage(props, words), state === undefined ? 200 : state.kind === 'wait' ? 429 : 422);
};
