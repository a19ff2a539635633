/**
 * Runs the device flow (RFC 8628) over oidc-provider. A device without a browser gets two codes. A person types the user code
 * on our page (`interactions/devices.ts`) in a browser and signs in, which answers the request. The device polls until then.
 *
 *   device: /device/auth → codes;  /token → authorization_pending … → tokens
 *   person: /device → code → confirm ─allow→ sign-in with the second step → /device/:uid → decided
 *                                    └deny─→ decided: access_denied
 *
 * new ─confirmed→ begun ─signed in, or refused→ decided ─polled→ used. Each state is reached once (`models.ts`, `stage`).
 *
 * - `user-codes.ts`: spelling of codes
 * - `pages.ts`: our pages in place of the library's
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { randomToken } from '../../crypto.ts';
import { programIn } from '../../user-agent.ts';
import { methodOf } from '../model-method.ts';
import { pollInterval } from '../polls.ts';
import { userCodeStyle } from './user-codes.ts';

/** Stored facts about the device's request, shown on the confirmation page. */
export interface DeviceInfo {
  readonly address: string;
  /** First product of the User-Agent: `curl/8.5.0`. */
  readonly program?: string;
}

/** For `deviceInfo` of oidc-provider. */
export const deviceInfo = (ctx: KoaContextWithOIDC) => {
  const program = programIn(ctx.get('user-agent'));
  return { address: ctx.ip, ...(program !== undefined && { program }) };
};

/** For `features.deviceFlow` of oidc-provider; `devicePages` adds the pages. */
export const deviceFlow = { enabled: true, ...userCodeStyle, deviceInfo } as const;

/**
 * Makes the library accept answers from `submitAnswer`, and no other form. The library compares the form's secret with the session,
 * but before a sign-in a browser has no stored session here.
 */
export const acceptSubmitted = ({ Session }: Provider): void => {
  const get = methodOf(Session, 'get');
  Reflect.set(Session, 'get', async (ctx: object): Promise<unknown> => {
    const session = await get(Session, ctx);
    const secret = submitted.get(ctx);
    if (secret !== undefined && session instanceof Session) Reflect.set(session, 'state', { secret });
    return session;
  });
};

/** Adds `interval`, the seconds between polls, to responses to devices (RFC 8628 §3.2). */
export const stateInterval = (provider: Provider): void => {
  provider.on('device_authorization.success', (ctx, codes: object) => {
    ctx.body = { ...codes, interval: pollInterval };
  });
};

/** A person's answer on the confirmation page. */
export type DeviceAnswer = 'allow' | 'deny';

/** Secret of the submitted form, by request context. */
const submitted = new WeakMap<object, string>();

/** Path of the library's form. Browsers cannot reach that form: our routes answer this path first. */
const formPath = '/device';

/**
 * Submits an answer that our page has checked to the library, as a form of the library's own page.
 * The library then begins the sign-in, or refuses the device.
 */
export const submitAnswer = async (
  ctx: Parameters<Middleware>[0],
  next: () => Promise<unknown>,
  { userCode, answer }: { readonly userCode: string; readonly answer: DeviceAnswer },
): Promise<void> => {
  const secret = randomToken();
  submitted.set(ctx, secret);
  const decision = answer === 'allow' ? 'confirm' : 'abort';
  const form = Buffer.from(new URLSearchParams({ xsrf: secret, user_code: userCode, [decision]: 'yes' }).toString());
  ctx.req.headers['content-type'] = 'application/x-www-form-urlencoded';
  ctx.req.headers['content-length'] = String(form.length);
  const { path } = ctx;
  const request = ctx.req;
  // Our route has consumed the body. The library reads this one instead.
  ctx.req = withBody(request, form);
  ctx.path = formPath;
  try {
    await next();
  } finally {
    ctx.path = path;
    ctx.req = request;
  }
};

/** The request with another body, in place of the consumed one. */
const withBody = (request: IncomingMessage, body: Buffer): IncomingMessage =>
  new Proxy(request, {
    get(target, member) {
      if (member === 'readable') return true;
      if (member === 'iterator') return () => Readable.from([body]);
      const value: unknown = Reflect.get(target, member);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
