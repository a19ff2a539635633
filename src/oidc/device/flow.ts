/**
 * Runs the device flow (RFC 8628) over oidc-provider. A device without a browser gets two codes. A person types the user code
 * on our page (`interactions/devices.ts`) in a browser, signs in and so decides; the device polls until then.
 *
 *   device: /device/auth → codes;  /token → authorization_pending … → tokens
 *   person: /device → code → confirm ─allow→ sign-in with the second step → /device/:uid → decided
 *                                    └deny─→ decided: access_denied
 *
 * new ─confirmed→ begun ─signed in, or refused→ decided ─polled→ used. Each state is reached once (`models.ts`, `stage`).
 *
 * - `user-codes.ts`: spelling of codes
 * - `polls.ts`: slow_down
 * - `pages.ts`: our pages in place of the library's
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { randomToken } from '../../crypto.ts';
import { methodOf } from '../model-method.ts';
import { userCodeStyle } from './user-codes.ts';

/** Seconds between two polls of a device. */
export const pollInterval = 5;

/** What is kept of the device's request, for the page that asks whether to go on. */
export interface DeviceInfo {
  readonly address: string;
  /** The program, as the device names it: `curl/8.5.0`. */
  readonly program?: string;
}

/** One product of a User-Agent (RFC 9110 §10.1.5): a name without spaces, so that no sentence of a stranger is shown. */
const product = /^[A-Za-z][\w.-]{0,31}(?:\/[\w.+-]{1,31})?(?= |$)/;

/** For `deviceInfo` of oidc-provider. */
export const deviceInfo = (ctx: KoaContextWithOIDC) => {
  const [program] = product.exec(ctx.get('user-agent')) ?? [];
  return { address: ctx.ip, ...(program !== undefined && { program }) };
};

/** The protocol's part of `features.deviceFlow`. Pages are added by `devicePages`. */
export const deviceFlow = { enabled: true, ...userCodeStyle, deviceInfo } as const;

/**
 * Lets the library take the answers of `carryOut`, and no other form. It keeps the secret of its form in the session, which a
 * browser before its sign-in does not have here.
 */
export const acceptCarried = ({ Session }: Provider): void => {
  const get = methodOf(Session, 'get');
  Reflect.set(Session, 'get', async (ctx: object): Promise<unknown> => {
    const session = await get(Session, ctx);
    const secret = carried.get(ctx);
    if (secret !== undefined && session instanceof Session) Reflect.set(session, 'state', { secret });
    return session;
  });
};

/** Says in the answer to a device how often it may poll (RFC 8628 §3.2). */
export const tellInterval = (provider: Provider): void => {
  provider.on('device_authorization.success', (ctx, codes: object) => {
    ctx.body = { ...codes, interval: pollInterval };
  });
};

/** A person's answer to the question whether to connect the device. */
export type DeviceAnswer = 'allow' | 'deny';

/** Requests whose answer the library carries out, with the secret that its form would have. */
const carried = new WeakMap<object, string>();

/** The address of the library's form. A request of a browser to it never gets there: our routes answer it. */
const formPath = '/device';

/**
 * Carries out an answer that our own page took and checked: gives the request the form of the library's page, and hands it on.
 * The library then begins the sign-in, or refuses the device.
 */
export const carryOut = async (
  ctx: Parameters<Middleware>[0],
  next: () => Promise<unknown>,
  { userCode, answer }: { readonly userCode: string; readonly answer: DeviceAnswer },
): Promise<void> => {
  const secret = randomToken();
  carried.set(ctx, secret);
  const decision = answer === 'allow' ? 'confirm' : 'abort';
  const form = Buffer.from(new URLSearchParams({ xsrf: secret, user_code: userCode, [decision]: 'yes' }).toString());
  ctx.req.headers['content-type'] = 'application/x-www-form-urlencoded';
  ctx.req.headers['content-length'] = String(form.length);
  const { path } = ctx;
  const request = ctx.req;
  // The body was read. The library reads this one instead.
  ctx.req = withBody(request, form);
  ctx.path = formPath;
  try {
    await next();
  } finally {
    ctx.path = path;
    ctx.req = request;
  }
};

/** A request whose body was read, with another one to read. */
const withBody = (request: IncomingMessage, body: Buffer): IncomingMessage =>
  new Proxy(request, {
    get(target, member) {
      if (member === 'readable') return true;
      if (member === 'iterator') return () => Readable.from([body]);
      const value: unknown = Reflect.get(target, member);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
