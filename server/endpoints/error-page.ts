/** Renders the error page of a failed request. It offers a retry and a link to the client, where both are safe. */
import type { Context, Middleware } from 'koa';
import { errorPage } from '../../web/pages/index.ts';
import { hereOf } from '../../web/pages/links.ts';
import type { ErrorPage } from '../../web/pages/props.ts';
import type { Problem } from '../../src/errors.ts';
import { addressToRepeat } from '../../src/http/authorization-address.ts';
import { isBelow, portalClients } from '../../src/oidc/clients/built-in.ts';
import type { Clock } from '../../src/ports/time.ts';
import { wordsFor } from '../../src/http/language.ts';

/** Member of `ctx.state`: the client that a failed request names. */
const failedClientMember = 'failedClient';

/** Name of a client, and the address where a sign-in to it begins. */
interface FailedClient {
  readonly name: string;
  readonly startUri?: string;
}

/**
 * Notes the client that an authorization request names, if the request fails: its page leads back there. The error is thrown on.
 * `client`: finds a registered client.
 */
export const noteFailedClient =
  (client: (id: string) => Promise<FailedClient | undefined>): Middleware =>
  async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const id = ctx.query['client_id'];
      // The store of the clients may be gone as well. The page then has one button less.
      if (typeof id === 'string') ctx.state[failedClientMember] = await client(id).catch(() => undefined);
      throw error;
    }
  };

/** Reads the client of the last sign-in from the browser's cookie. Works without a store. */
type Remembered = (ctx: Context) => (FailedClient & { readonly id: string }) | undefined;

/** Gives the address where a retry is safe: the page of a sign-in, or the authorization request that begins one. */
const againAt = (ctx: Context): string | undefined => {
  const here = hereOf(ctx.originalUrl);
  return here.startsWith('/interaction/') ? here : addressToRepeat(ctx);
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

/** The portal that the request is for. Its forms have addresses that answer no GET, so only its start page leads on. */
const portalOf = ({ path }: Context) => portalClients.find(portal => isBelow(portal, path));

/** Creates the function that renders a problem as HTML. `remembered` gives the client of the last sign-in. */
export const createErrorPage =
  (clock: Clock, remembered: Remembered = () => undefined) =>
  (ctx: Context, { code, label, status }: Problem, reference: string): string => {
    const props = { code, label, reference, now: clock(), here: hereOf(ctx.originalUrl) };
    const home = portalOf(ctx)?.path;
    if (home !== undefined) return errorPage({ ...props, here: home, back: home }, wordsFor(ctx)).text;
    const more = status >= 500 ? waysOn(ctx, remembered(ctx)) : {};
    return errorPage({ ...props, ...more }, wordsFor(ctx)).text;
  };
