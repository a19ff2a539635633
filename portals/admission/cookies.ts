/** Keeps the session of a portal, and begun sign-ins to it, in sealed cookies that only the paths of this portal get. */
import type { Context } from 'koa';
import { openSent, sealJson, type Sealer } from '../../src/crypto.ts';
import { cookieName, cookieOptions, maxSealedBytes } from '../../src/http/cookie-name.ts';
import type { PortalSession, BegunSignIn } from '../../src/oidc/portal-sign-in.ts';
import type { PortalClient } from '../../src/oidc/clients/built-in.ts';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';

/** A sign-in that this browser has begun here, and the page that asked for it. */
export interface PendingSignIn extends BegunSignIn {
  readonly returnTo: string;
  /** What the page says after the sign-in. */
  readonly notice?: string;
  /** Where a person goes who cancels it. */
  readonly cancelTo?: string;
  readonly begunAt: EpochMillis;
}

/** As many tabs of one browser may sign in at once. */
const maxPending = 4;
const pendingFor: Millis = 15 * 60_000;
const noticeFor: Millis = 60_000;

/** What the cookies hold. */
interface Kept {
  readonly session: PortalSession;
  readonly pending: readonly PendingSignIn[];
  readonly notice: string;
}

/** Creates the cookies of a portal. They are sealed, and so need no signature. */
export const createPortalCookies = (deps: {
  readonly portal: Pick<PortalClient, 'clientId' | 'path'>;
  readonly isHttps: boolean;
  readonly sealer: Sealer;
  readonly clock: Clock;
}) => {
  const {
    sealer,
    clock,
    portal: { clientId, path },
  } = deps;
  const options = cookieOptions({ ...deps, path });
  const nameOf = (name: string): string => cookieName(name, { ...deps, path });
  const names = {
    session: nameOf(clientId),
    pending: nameOf(`${clientId}-sign-in`),
    notice: nameOf(`${clientId}-notice`),
  };
  const sealedTo = {
    session: `${clientId}-session-1`,
    pending: `${clientId}-sign-in-1`,
    notice: `${clientId}-notice-1`,
  };

  const open = <Which extends keyof Kept>(ctx: Context, which: Which): Kept[Which] | undefined => {
    const sealed = ctx.cookies.get(names[which], { signed: false });
    if (sealed === undefined || sealed.length > maxSealedBytes) return undefined;
    return openSent<Kept[Which]>(sealer, sealed, sealedTo[which]);
  };
  const set = <Which extends keyof Kept>(ctx: Context, which: Which, value: Kept[Which], maxAge?: Millis): void => {
    ctx.cookies.set(names[which], sealJson(sealer, value, sealedTo[which]), {
      ...options,
      ...(maxAge !== undefined && { maxAge }),
    });
  };
  const remove = (ctx: Context, which: keyof typeof names): void => {
    if (ctx.cookies.get(names[which], { signed: false }) !== undefined) ctx.cookies.set(names[which], null, options);
  };
  const pending = (ctx: Context): readonly PendingSignIn[] =>
    (open(ctx, 'pending') ?? []).filter(each => each.begunAt + pendingFor > clock());

  return {
    /** What the sign-in of this browser proved. The caller asks whether its session still exists. */
    session: (ctx: Context): PortalSession | undefined => open(ctx, 'session'),
    /** Kept until the browser is closed. The session of the provider has an end of its own. */
    keepSession: (ctx: Context, session: PortalSession): void => set(ctx, 'session', session),
    endSession: (ctx: Context): void => remove(ctx, 'session'),
    /** Remembers a begun sign-in, and forgets the oldest ones where they are too many, or too long together. */
    keepPending(ctx: Context, sign: Omit<PendingSignIn, 'begunAt'>): void {
      let all = [...pending(ctx), { ...sign, begunAt: clock() }].slice(-maxPending);
      while (all.length > 1 && sealJson(sealer, all, sealedTo.pending).length > maxSealedBytes) all = all.slice(1);
      set(ctx, 'pending', all, pendingFor);
    },
    /** The begun sign-in with this state, once. */
    takePending(ctx: Context, state: string): PendingSignIn | undefined {
      const all = pending(ctx);
      const found = all.find(each => each.state === state);
      if (found === undefined) return undefined;
      const left = all.filter(each => each !== found);
      if (left.length === 0) remove(ctx, 'pending');
      else set(ctx, 'pending', left, pendingFor);
      return found;
    },
    /** What the next page says about the change that led to it. In a cookie, so that no link can make a page say it. */
    keepNotice: (ctx: Context, notice: string): void => set(ctx, 'notice', notice, noticeFor),
    takeNotice(ctx: Context): string | undefined {
      const notice = open(ctx, 'notice');
      remove(ctx, 'notice');
      return notice;
    },
  };
};

export type PortalCookies = ReturnType<typeof createPortalCookies>;
