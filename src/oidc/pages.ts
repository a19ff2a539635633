/** Replaces the pages of oidc-provider by ours. A page is a function from data to a whole HTML document. */
import type { KeyObject } from 'node:crypto';
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { Problem } from '../errors.ts';
import { wantedLanguages } from '../http/language.ts';
import { referenceFor } from '../reference.ts';
import { explain } from './refusals/explanations.ts';
import { linkError, toldOf } from './refusals/error-uri.ts';
import { refusalCode, isRefusal } from './refusals/refusal-codes.ts';
import { textOf } from './request.ts';
import { cspSource } from './http/return-address.ts';
import { answerOldForm, isQuestion, keepSecret, placeAfterAnswer, staysSignedIn } from './sign-out/sign-out.ts';

/** Facts about the person who gets the page, and the client that they came from. */
export interface Visitor {
  /** Tags in order of preference: chosen in this browser, `ui_locales` of the request, the browser's own. */
  readonly languages: readonly string[];
  readonly client?: { readonly id: string; readonly name: string; readonly uri?: string };
  /** 8 characters, the same in audit and log. */
  readonly reference: string;
}

/** How a request of a device ended. expired: or never was. used: answered before, maybe in another browser. */
export type DeviceEnd = 'connected' | 'refused' | 'expired' | 'used';

/** Each gives a whole document, which works under `form-action 'self'` and without inline script. */
export interface ProviderPages {
  /**
   * A mistake in a request that cannot be sent to the client: OAuth's error code and sentence, with the HTTP status below 500.
   * `label`: the code of its page, `IDP-4101`.
   * Its reader is a developer. A failure of ours is thrown instead, and gets the page of every other failure.
   */
  error(
    problem: { readonly code: string; readonly label?: string; readonly sentence?: string; readonly status: number },
    visitor: Visitor,
  ): string;
  /**
   * Asks whether to sign out, by a form that posts `xsrf` to `action`. A button named `logout`, with any value, signs out.
   * Without it the person stays signed in.
   */
  signOut(form: { readonly action: string; readonly xsrf: string }, visitor: Visitor): string;
  /** Confirms that the person is signed out. */
  signedOut(visitor: Visitor): string;
  /** Says that the person stays signed in. */
  stayed(visitor: Visitor): string;
  /** Says how the request of a device ended. */
  device(end: DeviceEnd, visitor: Visitor): string;
  /** Continues to `to` automatically (`<meta http-equiv="refresh">`), and by a link. */
  goOn(to: string, visitor: Visitor): string;
  /** Posts these hidden fields automatically to `action`, and by a button. */
  post(form: { readonly action: string; readonly fields: Readonly<Record<string, string>> }, visitor: Visitor): string;
}

/** The person and client of a request. */
export const visitorOf = (ctx: KoaContextWithOIDC): Visitor => {
  const { client, params, entities } = ctx.oidc;
  const locales = textOf(params?.['ui_locales'])?.split(' ').filter(Boolean) ?? [];
  return {
    languages: wantedLanguages(ctx, { asked: locales }),
    ...(client && {
      client: {
        id: client.clientId,
        name: client.clientName ?? client.clientId,
        ...(client.clientUri !== undefined && { uri: client.clientUri }),
      },
    }),
    reference: referenceFor(ctx, entities.Interaction?.cid),
  };
};

/** Failures of ours. Their page offers a retry and the client, and the library's own words stay in the log. */
const ourFailure = (ctx: KoaContextWithOIDC, cause: unknown): Problem | undefined => {
  if (cause instanceof Problem && cause.status >= 500) return cause;
  return ctx.status < 500 ? undefined : new Problem('internal', 'an exception in oidc-provider', { cause });
};

/** The sentence, and what explains it to developers. */
const explained = (ctx: KoaContextWithOIDC, { error_description: sentence }: ErrorOut, error: unknown) => {
  const explanation = isRefusal(error) ? explain(ctx, error) : undefined;
  return explanation === undefined ? sentence : [sentence, explanation].filter(Boolean).join(': ');
};

/**
 * Page options of oidc-provider that draw these pages. `hashKey` makes the secret of the sign-out forms. `explainsErrors`: for
 * developers.
 */
export const pageOptions = (pages: ProviderPages, hashKey: KeyObject, explainsErrors: boolean) => ({
  renderError: (ctx: KoaContextWithOIDC, told: ErrorOut, error: unknown): void => {
    const description = explainsErrors ? explained(ctx, told, error) : told.error_description;
    const out = { ...told, ...(description !== undefined && { error_description: description }) };
    const failure = ourFailure(ctx, error);
    if (failure !== undefined) throw failure;
    if (answerOldForm(ctx, out)) return;
    const sentence = out.error_description === undefined ? {} : { sentence: out.error_description };
    const visitor = visitorOf(ctx);
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.body = { ...out, reference: visitor.reference };
      return linkError(ctx, error, explainsErrors);
    }
    const label = isRefusal(error) ? { label: refusalCode(toldOf(error, explainsErrors)) } : {};
    show(ctx, pages.error({ code: out.error, ...label, ...sentence, status: ctx.status }, visitor));
  },
  logoutSource: (ctx: KoaContextWithOIDC): void => {
    const form = { action: ctx.oidc.urlFor('end_session_confirm'), xsrf: keepSecret(ctx, hashKey) };
    show(ctx, pages.signOut(form, visitorOf(ctx)));
  },
  postLogoutSuccessSource: (ctx: KoaContextWithOIDC): void => {
    show(ctx, pages.signedOut(visitorOf(ctx)));
  },
});

/**
 * Answers a POST that would redirect with a page that continues automatically. After a form, browsers check each redirect
 * against `form-action 'self'`, and would stop before the client (W3C CSP Level 3 §6.4.1).
 */
export const endPosts =
  (pages: ProviderPages) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next();
    const location = textOf(ctx.res.getHeader('location'));
    if (ctx.method !== 'POST' || ctx.oidc === undefined || location === undefined) return;
    // The question whether to sign out and the pages of a sign-in are ours: a form may lead to them.
    if (isQuestion(ctx, location) || ctx.oidc.route === 'code_verification') return;
    const to = placeAfterAnswer(ctx, location);
    ctx.status = 200;
    ctx.remove('location');
    const isHere = to.startsWith(ctx.oidc.urlFor('end_session_success'));
    const stayed = staysSignedIn(ctx) && isHere;
    show(ctx, stayed ? pages.stayed(visitorOf(ctx)) : pages.goOn(to, visitorOf(ctx)));
  };

const libraryForm = /<form method="post" action="([^"]*)">/;
const libraryField = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g;
const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/**
 * Draws the library's forms that submit themselves as pages of ours, in the person's language. The library has no option for
 * them, so its document is read. They post an answer to the client (`response_mode=form_post`), or sign another person out.
 */
export const ownForms =
  (pages: ProviderPages) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next();
    const document = (ctx.oidc && textOf(ctx.body)) ?? '';
    if (!document.startsWith('<!DOCTYPE html>') || !document.includes('<title>Submitting Callback</title>')) return;
    const [start = '', action] = libraryForm.exec(document) ?? [];
    if (action === undefined) return;
    const inside = document.slice(document.indexOf(start) + start.length);
    const fields: Record<string, string> = {};
    for (const [, name = '', value = ''] of inside.matchAll(libraryField)) fields[name] = unescaped(value);
    const policy = textOf(ctx.res.getHeader('content-security-policy'));
    // Our page has no inline script, so the hash that the library added for its own is not needed.
    if (policy !== undefined) ctx.set('content-security-policy', policy.replace(/ 'sha256-[^' ]+'/, ''));
    show(ctx, pages.post({ action: unescaped(action), fields }, visitorOf(ctx)));
  };

/** Allows the form by which the library posts its answer to the client (`response_mode=form_post`) in the CSP of that page. */
export const letFormPost = async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
  await next();
  const policy = textOf(ctx.res.getHeader('content-security-policy'));
  const uri = textOf(ctx.oidc?.params?.['redirect_uri']);
  if (policy === undefined || uri === undefined || !ctx.oidc.responseMode?.startsWith('form_post')) return;
  const source = ctx.oidc.client?.redirectUriAllowed(uri) === true ? cspSource(uri) : undefined;
  if (source === undefined || ctx.type !== 'text/html') return;
  ctx.set('content-security-policy', policy.replace(/form-action [^;]*/, `$& ${source}`));
};

/** Answers with a page. */
export const show = (ctx: KoaContextWithOIDC, html: string): void => {
  ctx.type = 'html';
  ctx.body = html;
};
