/**
 * Reads and sets our own cookies. They identify the browser, list the accounts used in it, and name the client of its last
 * sign-in. An error page uses that client when no store can be read.
 */
import type { Context } from 'koa';
import { openSent, randomToken, sealJson, type Sealer } from '../src/crypto.ts';
import { cookieName, maxSealedBytes } from '../src/http/cookie-name.ts';
import { shortened } from '../src/locales/phrase.ts';
import type { Millis } from '../src/ports/time.ts';
import type { BrowserToken } from '../src/users/remembered-browsers.ts';
import { knownBrowserTime, lastMethodOf, visited, type KnownBrowser, type Visit } from '../src/users/known-browser.ts';

const day = 86_400_000;
const minute = 60_000;
const tokenShape = /^[A-Za-z0-9_-]{22}$/;
/** The context of the seal, with a version: a cookie of another format does not open. */
const sealedTo = 'start-again-2';
const longestUri = 1024;
const knownSealedTo = 'known-device-1';
const typedSealedTo = 'typed-name-1';
const rememberedSealedTo = 'remembered-browser-1';
/** Most people for whom one browser is remembered. One more removes the one who used it longest ago. */
const maxRememberedPeople = 5;

/**
 * The client of a sign-in. Pages read name and address from the client's registration. These copies are for error pages, when
 * no store can be read.
 */
export interface LastClient {
  readonly id: string;
  readonly name: string;
  readonly startUri?: string;
}

/** The token of one person, in the cookie of a remembered browser. */
interface PersonToken extends BrowserToken {
  readonly userId: string;
}

/** The value of a signed and sealed cookie. Gives undefined if the cookie is absent or too long. */
const sealedIn = (ctx: Context, cookie: string): string | undefined => {
  const sealed = ctx.cookies.get(cookie, { signed: true });
  return sealed !== undefined && sealed.length <= maxSealedBytes ? sealed : undefined;
};

/** Creates our cookies. */
export const createCookies = (deps: { readonly isHttps: boolean; readonly sealer: Sealer }) => {
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: deps.isHttps,
    signed: true,
    overwrite: true,
  } as const;
  const nameOf = (name: string): string => cookieName(name, deps);
  const [browserName, startName, knownName] = [nameOf('browser'), nameOf('start'), nameOf('known')];
  const interactionOptions = { ...options, path: '/interaction' } as const;
  const typedName = cookieName('typed', { ...deps, ...interactionOptions });
  const rememberedName = cookieName('remembered', { ...deps, ...interactionOptions });
  const rememberedTokens = (ctx: Context): readonly PersonToken[] =>
    openSent<readonly PersonToken[]>(deps.sealer, sealedIn(ctx, rememberedName), rememberedSealedTo) ?? [];
  const tokensOfOthers = (ctx: Context, userId: string): readonly PersonToken[] =>
    rememberedTokens(ctx).filter(each => each.userId !== userId);

  return {
    /**
     * Gives the secret of this browser, which binds proofs to it, and sets it if absent. The cookie is signed. A forged value,
     * or one signed by a removed key, is replaced.
     */
    browser(ctx: Context): string {
      const known = this.sentBrowser(ctx);
      if (known !== undefined) return known;
      const made = randomToken();
      ctx.cookies.set(browserName, made, options);
      return made;
    },
    /** Gives the secret of this browser. Gives undefined if it has none yet, and sets none. */
    sentBrowser(ctx: Context): string | undefined {
      const known = ctx.cookies.get(browserName, { signed: true });
      return known !== undefined && tokenShape.test(known) ? known : undefined;
    },
    /** True if this browser has its cookie. A browser without it cannot have begun a sign-in. */
    isKnown(ctx: Context): boolean {
      return ctx.cookies.get(browserName, { signed: true }) !== undefined;
    },
    /** Remembers the client of this sign-in for a day. Sealed: it cannot be read, or forged to lead elsewhere. */
    rememberClient(ctx: Context, { id, name, startUri }: LastClient): void {
      const next = {
        id,
        name: shortened(name),
        ...(startUri !== undefined && startUri.length <= longestUri && { startUri }),
      };
      if (JSON.stringify(this.lastClient(ctx)) === JSON.stringify(next)) return;
      ctx.cookies.set(startName, sealJson(deps.sealer, next, sealedTo), { ...options, maxAge: day });
    },
    /** Reads the client of the last sign-in in this browser. Deletes a cookie that does not open. */
    lastClient(ctx: Context): LastClient | undefined {
      const client = openSent<LastClient>(deps.sealer, sealedIn(ctx, startName), sealedTo);
      if (client === undefined && ctx.cookies.get(startName) !== undefined) ctx.cookies.set(startName, null, options);
      return client;
    },
    /** Reads the accounts used in this browser before. This is no proof; `users/` counts wrong passwords by it. */
    knownBrowser(ctx: Context): KnownBrowser | undefined {
      return openSent<KnownBrowser>(deps.sealer, sealedIn(ctx, knownName), knownSealedTo);
    },
    /** Remembers that this account finished a sign-in or a step-up here. */
    remember(ctx: Context, visit: Visit): void {
      const sealed = sealJson(deps.sealer, visited(this.knownBrowser(ctx), visit), knownSealedTo);
      ctx.cookies.set(knownName, sealed, { ...options, maxAge: knownBrowserTime });
    },
    /** Remembers the user name that was typed into a page whose time was over, for the page that follows. */
    rememberTyped(ctx: Context, name: string): void {
      const sealed = sealJson(deps.sealer, name, typedSealedTo);
      ctx.cookies.set(typedName, sealed, { ...interactionOptions, maxAge: minute });
    },
    /** Gives that user name once. */
    takeTyped(ctx: Context): string | undefined {
      const typed = openSent<string>(deps.sealer, sealedIn(ctx, typedName), typedSealedTo);
      if (typed !== undefined) ctx.cookies.set(typedName, null, interactionOptions);
      return typed;
    },
    /** Gives the token by which this browser is remembered for this person. */
    rememberedToken(ctx: Context, userId: string): BrowserToken | undefined {
      return rememberedTokens(ctx).find(each => each.userId === userId);
    },
    /** Keeps a token for this long, in place of the one that the person had in this browser. */
    keepRememberedToken(ctx: Context, userId: string, token: BrowserToken, lifetime: Millis): void {
      const all = [{ userId, ...token }, ...tokensOfOthers(ctx, userId)].slice(0, maxRememberedPeople);
      ctx.cookies.set(rememberedName, sealJson(deps.sealer, all, rememberedSealedTo), {
        ...interactionOptions,
        maxAge: lifetime,
      });
    },
    /** Removes the token of this person, and leaves those of other people. */
    dropRememberedToken(ctx: Context, userId: string, lifetime: Millis): void {
      const others = tokensOfOthers(ctx, userId);
      const value = others.length === 0 ? null : sealJson(deps.sealer, others, rememberedSealedTo);
      ctx.cookies.set(rememberedName, value, { ...interactionOptions, ...(value !== null && { maxAge: lifetime }) });
    },
    /** Gives the method that this person used last in this browser, by the name that forms post (`nameOf`). */
    lastMethod(ctx: Context, userId: string): string | undefined {
      return lastMethodOf(this.knownBrowser(ctx), userId);
    },
  };
};

/** The cookies of this application. */
export type Cookies = ReturnType<typeof createCookies>;
