/**
 * Keeps the request of a sign-in in the browser that began it, until the sign-in ends. A stranger can begin any number of
 * sign-ins; kept in a cookie they take no room in our store.
 *
 * The cookie is sealed to the id of the sign-in and, where the browser has one already, to its secret. It is sent to the
 * addresses of that sign-in only. A copy cannot revive the sign-in: whatever ends one leaves a tombstone in the store
 * (`mfa/sign-in-proofs.ts`). After its time the same browser can begin the sign-in again from it.
 */
import type { Context } from 'koa';
import type { AdapterPayload } from 'oidc-provider';
import { openSent, sealJson, sha256, type Sealer } from '../../crypto.ts';
import { cookieName } from '../../http/cookie-name.ts';
import type { Clock, Millis } from '../../ports/time.ts';

/** Bytes of the sealed text. The head of the answer to /auth then stays below 4 KiB, the default buffer of nginx. */
const longestSealed = 1792;
/** Requests that one browser keeps. More would push other cookies out. */
const maxOpen = 3;
/** After this a request cannot begin a sign-in again. */
const keptFor: Millis = 12 * 3_600_000;

const idShape = /^[\w-]{1,64}$/;

/** A kept request: its id, and the seconds since 1970 at which its sign-in expires. */
interface OpenRequest {
  readonly id: string;
  readonly exp: number;
}

/** Keeps and finds requests in the cookies of a browser. */
export interface RequestCookies {
  /** Keeps an interaction in the browser. False: it is too long, or the browser has too many open. Then the store keeps it. */
  keep(ctx: Context, id: string, interaction: AdapterPayload): boolean;
  /** The interaction as it began, without `jti`, `kind` and `returnTo`, also after its time; undefined: not kept here. */
  find(ctx: Context, id: string): AdapterPayload | undefined;
  /** Removes the request from the browser. Answers to `/auth` also take it off the list of open ones. */
  forget(ctx: Context, id: string): void;
}

/** Needed to keep requests. */
export interface RequestCookieDeps {
  readonly isHttps: boolean;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** The secret of the browser, from its cookie; undefined: it has none yet. */
  readonly browser: (ctx: Context) => string | undefined;
}

/**
 * Name to which a request is sealed. A browser gets its secret with its first page. If it got one earlier, two tabs that begin
 * at once would get two, and one of the sign-ins would be lost.
 */
const sealedTo = (id: string, secret: string | undefined): string =>
  `request-1:${id}:${secret === undefined ? 'new' : sha256(secret)}`;
/**
 * Suffix of the cookie of a request that began without a secret, so that the right name is tried first: a failed decryption costs as
 * much as two that succeed. It is no proof. Earlier releases neither write nor need it.
 */
const begunWithout = '.new';
const pathOf = (id: string): string => `/interaction/${id}`;
const listPath = '/auth';

/** Creates the cookies `request`, one for each sign-in, and `requests`, their list. */
export const createRequestCookies = ({ isHttps, sealer, clock, browser }: RequestCookieDeps): RequestCookies => {
  const name = cookieName('request', { isHttps, path: pathOf('') });
  const listName = cookieName('requests', { isHttps, path: listPath });
  // Sealed, so that a signature would add nothing.
  const options = { httpOnly: true, sameSite: 'lax', secure: isHttps, signed: false, overwrite: true } as const;
  const seconds = (): number => Math.floor(clock() / 1000);
  const open = (sealed: string, boundTo: string) => openSent<AdapterPayload>(sealer, sealed, boundTo);

  const remove = (ctx: Context, id: string): void => {
    ctx.cookies.set(name, null, { ...options, path: pathOf(id) });
  };
  /** Open requests, the oldest first. The list is not secret, and a changed one harms only its own browser. */
  const list = (ctx: Context): readonly OpenRequest[] =>
    (ctx.cookies.get(listName) ?? '')
      .split('~', maxOpen)
      .map(each => each.split('.'))
      .map(([id = '', exp = '']) => ({ id, exp: Number.parseInt(exp, 36) }))
      .filter(({ id, exp }) => idShape.test(id) && exp * 1000 + keptFor > clock());
  const setList = (ctx: Context, requests: readonly OpenRequest[]): void => {
    const value = requests.map(({ id, exp }) => `${id}.${exp.toString(36)}`).join('~');
    ctx.cookies.set(listName, value === '' ? null : value, { ...options, path: listPath, maxAge: keptFor });
  };

  return {
    keep(ctx, id, interaction) {
      // They follow from the id.
      const { jti: _jti, kind: _kind, returnTo: _returnTo, ...kept } = interaction;
      const { exp } = kept;
      const secret = browser(ctx);
      const sealed = `${sealJson(sealer, kept, sealedTo(id, secret))}${secret === undefined ? begunWithout : ''}`;
      const before = list(ctx);
      const oldest = before.find(each => each.exp <= seconds());
      const isFull = before.length >= maxOpen;
      if (exp === undefined || sealed.length > longestSealed || (isFull && oldest === undefined)) return false;
      if (isFull && oldest !== undefined) remove(ctx, oldest.id);
      ctx.cookies.set(name, sealed, { ...options, path: pathOf(id), maxAge: keptFor });
      setList(ctx, [...before.filter(each => !isFull || each !== oldest), { id, exp }]);
      return true;
    },
    find(ctx, id) {
      const sealed = ctx.cookies.get(name);
      if (sealed === undefined || sealed.length > longestSealed) return undefined;
      const bySecret = sealed.endsWith(begunWithout) ? undefined : open(sealed, sealedTo(id, browser(ctx)));
      const found = bySecret ?? open(sealed, sealedTo(id, undefined));
      return found !== undefined && (found.exp ?? 0) * 1000 + keptFor > clock() ? found : undefined;
    },
    forget(ctx, id) {
      remove(ctx, id);
      const before = list(ctx);
      if (before.some(each => each.id === id)) {
        setList(
          ctx,
          before.filter(each => each.id !== id),
        );
      }
    },
  };
};
