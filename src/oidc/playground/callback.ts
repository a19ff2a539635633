/**
 * Makes the addresses to which flows of the playground return. An address proves by its last segment that this installation made it for
 * one client, one page and one browser, and for how long. So a link that leads somebody else into a flow is refused at its
 * beginning, and no address has to be stored.
 */
import type { KeyObject } from 'node:crypto';
import type { Context } from 'koa';
import { constantTimeEqual, hmac } from '../../crypto.ts';
import { cookieName, cookieOptions } from '../../http/cookie-name.ts';
import type { Clock, Millis } from '../../ports/time.ts';

/** How long a flow may take: more than a sign-in. */
export const flowLifetime: Millis = 15 * 60_000;

/** The client and the browser of a flow. `browser`: a secret of this browser, in the cookie below. */
export interface FlowOwner {
  readonly clientId: string;
  readonly browser: string;
}

export interface CallbackDeps {
  readonly issuer: URL;
  readonly hashKey: KeyObject;
  readonly clock: Clock;
  /** Paths of the pages of the playground, such as `/playground`. */
  readonly pages: readonly string[];
}

/** Makes and checks the addresses. */
export const createCallbacks = ({ issuer, hashKey, clock, pages }: CallbackDeps) => {
  const prefixOf = (page: string): string => `${issuer.origin}${page}/callback/`;
  const prefixes = pages.map(prefixOf);
  const proofOf = (prefix: string, until: string, { clientId, browser }: FlowOwner): string =>
    hmac(hashKey, JSON.stringify(['playground-callback', prefix, until, clientId, browser]));
  return {
    /** A new address below `page`. */
    make(page: string, owner: FlowOwner): string {
      const until = (clock() + flowLifetime).toString(36);
      return `${prefixOf(page)}${until}.${proofOf(prefixOf(page), until, owner)}`;
    },
    /** Whether this address was made for this client and browser, and its time is not over. */
    accepts(address: string, owner: FlowOwner): boolean {
      const prefix = prefixes.find(each => address.startsWith(each));
      if (prefix === undefined) return false;
      const [until = '', proof = '', ...more] = address.slice(prefix.length).split('.');
      return (
        more.length === 0 &&
        constantTimeEqual(proof, proofOf(prefix, until, owner)) &&
        Number.parseInt(until, 36) > clock()
      );
    },
  };
};

export type Callbacks = ReturnType<typeof createCallbacks>;

/** The authorization endpoint, which compares the browser with the address. */
const path = '/auth';

/**
 * The cookie with the secret of a browser, which the authorization endpoint gets. The pages keep the secret sealed as well, because
 * this cookie is not sent to them.
 */
export const browserCookie = (isHttps: boolean) => {
  const name = cookieName('playground', { isHttps, path });
  return {
    read: (ctx: Pick<Context, 'cookies'>): string | undefined => ctx.cookies.get(name, { signed: false }),
    write(ctx: Pick<Context, 'cookies'>, browser: string): void {
      ctx.cookies.set(name, browser, { ...cookieOptions({ isHttps, path }), maxAge: flowLifetime });
    },
  };
};

export type BrowserCookie = ReturnType<typeof browserCookie>;
