/**
 * Replaces answers of oidc-provider's sign-out after which a person could not go on (RP-Initiated Logout 1.0). Sign-out
 * pages of a session that lead to the same place have the same secret, so that all of them work. A sign-out without a session
 * continues to the client at once. A form with an old secret gets the question again, or the page that says "signed out". That page
 * knows the client, and leads back to it.
 */
import type { KeyObject } from 'node:crypto';
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { hmac } from '../../crypto.ts';
import { textOf } from '../request.ts';

/** The state that the library keeps in the session between the question and its answer. */
interface SignOutState {
  secret?: string;
  readonly clientId?: string;
  readonly state?: string;
  readonly postLogoutRedirectUri?: string;
}

const stateOf = ({ oidc }: KoaContextWithOIDC): SignOutState => {
  const state: unknown = oidc.session?.state;
  return typeof state === 'object' && state !== null ? state : {};
};

/** Characters of a return address in a form. A longer one is left out, and the person then stays with us. */
const longestReturn = 2048;

/** Where this sign-out leads: parameters of the sign-out endpoint, as base64url. Empty: to no client. */
const returnOf = ({ clientId, state, postLogoutRedirectUri }: SignOutState): string => {
  if (clientId === undefined) return '';
  const params = new URLSearchParams({ client_id: clientId });
  if (postLogoutRedirectUri !== undefined) params.set('post_logout_redirect_uri', postLogoutRedirectUri);
  if (state !== undefined) params.set('state', state);
  const text = params.toString();
  return text.length > longestReturn ? '' : Buffer.from(text).toString('base64url');
};

/**
 * Gives the secret of this session's sign-out forms, and stores it. The library makes a new one for each page, which would end
 * the pages that are open in other tabs. It keeps one client for all of them, so a page that leads elsewhere needs another
 * secret: its buttons would lead to the client of the newest page, or end its grant. The return address follows the secret.
 */
export const keepSecret = (ctx: KoaContextWithOIDC, hashKey: KeyObject): string => {
  const state = stateOf(ctx);
  const { clientId = '', postLogoutRedirectUri = '', state: ofClient = '' } = state;
  const bound = JSON.stringify([ctx.oidc.session?.uid ?? '', clientId, postLogoutRedirectUri, ofClient]);
  const secret = `${hmac(hashKey, `sign-out:${bound}`)}.${returnOf(state)}`;
  state.secret = secret;
  return secret;
};

/** Answers a sign-out without a session, for which the library would draw a form of its own. */
export const skipSignOut = async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
  await next();
  if (ctx.oidc?.route !== 'end_session' || ctx.status !== 200 || ctx.oidc.session?.accountId !== undefined) return;
  ctx.status = 303;
  ctx.redirect(nextPlace(ctx));
  ctx.body = '';
};

const nextPlace = (ctx: KoaContextWithOIDC): string => {
  const { postLogoutRedirectUri, state, clientId } = stateOf(ctx);
  const to = new URL(textOf(postLogoutRedirectUri) ?? ctx.oidc.urlFor('end_session_success'));
  if (postLogoutRedirectUri === undefined && clientId !== undefined) to.searchParams.set('client_id', clientId);
  if (postLogoutRedirectUri !== undefined && state !== undefined) to.searchParams.set('state', state);
  return to.href;
};

/** The library's words where the secret of a form does not fit, or the session of the form has ended. */
const misfits: ReadonlySet<unknown> = new Set(['xsrf token invalid', 'could not find logout details']);

/**
 * True if it answered: a sign-out form of an earlier session, or of a page that leads elsewhere than the newest, is asked again;
 * or the session has ended already. A form without a secret is none of our pages, and stays refused.
 */
export const answerOldForm = (ctx: KoaContextWithOIDC, { error_description: reason }: ErrorOut): boolean => {
  const secret = textOf(ctx.oidc.params?.['xsrf']);
  if (ctx.oidc.route !== 'end_session_confirm' || secret === undefined || !misfits.has(reason)) return false;
  const isSignedIn = ctx.oidc.session?.accountId !== undefined;
  ctx.status = 303;
  ctx.redirect(isSignedIn ? questionOf(ctx, secret) : ctx.oidc.urlFor('end_session_success'));
  ctx.body = '';
  return true;
};

/** The question that a form came from. The library checks its parameters like those of any other sign-out. */
const questionOf = (ctx: KoaContextWithOIDC, secret: string): string => {
  const asked = new URL(ctx.oidc.urlFor('end_session'));
  asked.search = parametersIn(secret);
  return asked.href;
};

/** The parameters that `returnOf` wrote into the secret of a form. */
const parametersIn = (secret: string): string => {
  const [, parameters = ''] = secret.split('.', 2);
  return parameters.length <= 2 * longestReturn ? Buffer.from(parameters, 'base64url').toString() : '';
};

/** Whether an answered question leads to an address that was removed since it was asked, alone or with its client. */
const leadsToRemoved = ({ oidc }: KoaContextWithOIDC): boolean => {
  const secret = textOf(oidc.params?.['xsrf']) ?? '';
  const uri = new URLSearchParams(parametersIn(secret)).get('post_logout_redirect_uri');
  return uri !== null && oidc.client?.postLogoutRedirectUriAllowed(uri) !== true;
};

/**
 * Where an answered question leads. The library names the client to the page "signed out" only where the person stays signed in, so
 * that page could not lead back.
 */
export const placeAfterAnswer = (ctx: KoaContextWithOIDC, location: string): string => {
  const { route, client } = ctx.oidc;
  const signedOut = ctx.oidc.urlFor('end_session_success');
  if (route !== 'end_session_confirm') return location;
  if (leadsToRemoved(ctx)) return signedOut;
  return location === signedOut && client !== undefined
    ? `${signedOut}?client_id=${encodeURIComponent(client.clientId)}`
    : location;
};

/** True if the address is the question whether to sign out, which is a page of ours. */
export const isQuestion = ({ oidc }: KoaContextWithOIDC, address: string): boolean =>
  address.split('?', 1)[0] === oidc.urlFor('end_session');

/** True if the person was asked and stays signed in. */
export const staysSignedIn = ({ oidc }: KoaContextWithOIDC): boolean =>
  oidc.route === 'end_session_confirm' &&
  oidc.session?.accountId !== undefined &&
  oidc.params?.['logout'] === undefined;
