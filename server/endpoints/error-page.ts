/** Renders the error page of a failed request. It offers a retry and a link to the client, where both are safe. */
import type { Context } from 'koa';
import { errorPage } from '../../web/pages/index.ts';
import { hereOf } from '../../web/pages/links.ts';
import type { ErrorPage } from '../../web/pages/props.ts';
import type { Problem } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/time.ts';
import { failedClientMember, type FailedClient } from '../../src/oidc/pages.ts';
import { wordsFor } from '../../src/http/language.ts';

/** Reads the client of the last sign-in from the browser's cookie. Works without a store. */
type Remembered = (ctx: Context) => (FailedClient & { readonly id: string }) | undefined;

/** Characters. A longer address is not offered for a retry: no authorization request that we accept is longer. */
const longest = 8192 + '/auth?'.length;

/** Gives the address where a retry is safe: the page of a sign-in, or the authorization request that begins one. */
const againAt = (ctx: Context): string | undefined => {
  const here = hereOf(ctx.originalUrl);
  if (here.startsWith('/interaction/')) return here;
  return ctx.method === 'GET' && ctx.path === '/auth' && ctx.originalUrl.length <= longest
    ? ctx.originalUrl
    : undefined;
};

/**
 * Finds the client to go back to: that of the request that failed, or of the last sign-in in this browser, unless the request
 * names another.
 */
const clientOf = (ctx: Context, start: ReturnType<Remembered>): FailedClient | undefined => {
  const state: { readonly [failedClientMember]?: FailedClient } = ctx.state;
  const asked = ctx.query['client_id'];
  return state[failedClientMember] ?? (asked === undefined || asked === start?.id ? start : undefined);
};

/** Makes the links for a sign-in that fails on our side: the retry, and the client. */
const waysOn = (ctx: Context, start: ReturnType<Remembered>): Pick<ErrorPage, 'again' | 'client'> => {
  const again = againAt(ctx);
  if (again === undefined) return {};
  const { name, startUri } = clientOf(ctx, start) ?? {};
  return {
    again,
    ...(name !== undefined && { client: { name, ...(startUri !== undefined && { uri: startUri }) } }),
  };
};

/** Creates the function that renders a problem as HTML. `remembered` gives the client of the last sign-in. */
export const createErrorPage =
  (clock: Clock, remembered: Remembered = () => undefined) =>
  (ctx: Context, { code, label, retryable, status }: Problem, reference: string): string => {
    const props = { code, label, retryable, reference, now: clock(), here: hereOf(ctx.originalUrl) };
    const more = status >= 500 ? waysOn(ctx, remembered(ctx)) : {};
    return errorPage({ ...props, ...more }, wordsFor(ctx)).text;
  };
