/**
 * Serves the pages where a person connects a device (RFC 8628 §3.3). They lead to an ordinary sign-in.
 *
 *   GET  /device           form for the user code; a link can prefill it with `?user_code=`
 *   POST /device           looks up the code, and asks for confirmation: names the client and the device's address
 *   GET  /device/confirm   redirects to the form
 *   POST /device/confirm   allow: begins the sign-in; deny: refuses the device
 *
 * A link never skips the confirmation (§5.4: remote phishing). Only the browser that typed the code can confirm it: the form has a
 * ticket that is bound to that browser's secret.
 */
import { Router } from '@koa/router';
import type { Context, Next } from 'koa';
import type { CountedAudit } from '../src/counted-audit.ts';
import { openJson, sealJson, sha256, type Sealer } from '../src/crypto.ts';
import { isProblem, Problem } from '../src/errors.ts';
import { parseForm, readBody } from '../src/http/body.ts';
import { wordsFor } from '../src/http/language.ts';
import { setRetryAfter } from '../src/http/retry-after.ts';
import { requireSameOrigin } from '../src/http/same-origin.ts';
import { seeOther } from '../src/http/see-other.ts';
import { readUserCode, spelledUserCode } from '../src/oidc/device/user-codes.ts';
import type { Clock } from '../src/ports/time.ts';
import { referenceFor } from '../src/reference.ts';
import { ipPrefixesOf } from '../src/users/limits/ip-prefix.ts';
import type { AttemptLimits } from '../src/users/limits/attempt-limits.ts';
import { deviceCodePage, deviceConfirmPage, deviceEndPage } from '../web/pages/index.ts';
import { deviceConfirmPath, devicePath, fields } from '../web/pages/links.ts';
import type { DeviceCodePage } from '../web/pages/props.ts';
import type { Cookies } from './cookies.ts';
import type { DeviceRequest, DeviceRequests } from './protocol.ts';
import { draw } from './render.ts';

/** Dependencies of the pages. */
export interface DeviceDeps {
  readonly devices: DeviceRequests;
  readonly userCodeLimits: AttemptLimits;
  readonly cookies: Pick<Cookies, 'browser' | 'sentBrowser' | 'knownBrowser'>;
  readonly sealer: Sealer;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
  readonly issuer: URL;
  readonly clock: Clock;
}

const codeFields = { [fields.userCode]: 64 } as const;
const confirmFields = { [fields.ticket]: 512, [fields.consent]: 16 } as const;

/** Sealed content of the confirmation form. */
interface Ticket {
  readonly userCode: string;
  /** Hash of the secret of the browser that typed the code. */
  readonly browser: string;
}
const sealedTo = 'device-1';

/** Creates the router. A GET counts and changes nothing. */
export const deviceRoutes = (deps: DeviceDeps): Router => {
  const router = new Router();
  const form = async <Name extends string>(ctx: Context, allowed: Readonly<Record<Name, number>>) => {
    requireSameOrigin(ctx.headers, deps.issuer.origin);
    return parseForm(ctx.headers['content-type'], await readBody(ctx.req), allowed);
  };
  router.get(devicePath, ctx => {
    // Show a linked value only in canonical form and only if it is a valid code, so that a link cannot put text on the page.
    const { user_code: linked } = ctx.query;
    const userCode = typeof linked === 'string' && linked.length <= 64 ? readUserCode(linked) : undefined;
    deps.cookies.browser(ctx);
    drawCodeForm(deps, ctx, userCode === undefined ? {} : { typed: spelledUserCode(userCode) });
  });
  router.post(devicePath, async ctx => {
    const sent = await form(ctx, codeFields);
    await lookUp(deps, ctx, sent.get(fields.userCode) ?? '');
  });
  // Reload or Back: the confirmation is only drawn in answer to a code.
  router.get(deviceConfirmPath, ctx => seeOther(ctx, devicePath));
  router.post(deviceConfirmPath, async (ctx, next) => {
    const sent = await form(ctx, confirmFields);
    await decide(deps, ctx, next, sent);
  });
  return router;
};

const drawCodeForm = (
  { clock }: DeviceDeps,
  ctx: Context,
  more: Pick<DeviceCodePage, 'typed' | 'state'>,
  status = 200,
): void => {
  const page = { ...more, now: clock(), reference: referenceFor(ctx, undefined) };
  draw(ctx, deviceCodePage(page, wordsFor(ctx)), status);
};

/** Counts the code before looking it up. Text that cannot be a code is neither counted nor looked up. */
const lookUp = async (deps: DeviceDeps, ctx: Context, typed: string): Promise<void> => {
  const userCode = readUserCode(typed);
  if (userCode === undefined) return drawCodeForm(deps, ctx, { typed, state: { kind: 'malformed' } }, 422);
  const knownBrowser = deps.cookies.knownBrowser(ctx);
  const admission = await deps.userCodeLimits.admit({
    address: ctx.ip,
    ...(knownBrowser !== undefined && { knownBrowser }),
  });
  if (!admission.ok) {
    const { until, isFirst } = admission;
    if (isFirst) recordRefused(deps, ctx, 'too-many');
    setRetryAfter(ctx, deps.clock(), until);
    return drawCodeForm(deps, ctx, { typed, state: { kind: 'wait', until } }, 429);
  }
  const request = await deps.devices.find(userCode);
  if (request === undefined) {
    recordRefused(deps, ctx, 'unknown');
    return drawCodeForm(deps, ctx, { typed, state: { kind: 'wrong' } }, 422);
  }
  await admission.refund();
  if (request.state !== 'new') return drawEnd(ctx, request);
  ask(deps, ctx, userCode, request);
};

const recordRefused = ({ countedAudit }: DeviceDeps, { ip }: Context, reason: 'unknown' | 'too-many'): void =>
  countedAudit.count({ event: 'user-code.refused', actor: 'browser', outcome: 'refused', reason, address: ip });

const drawEnd = (ctx: Context, { state, client }: DeviceRequest): void => {
  const end = state === 'expired' ? 'expired' : 'used';
  draw(ctx, deviceEndPage({ end, client: { name: client.name } }, wordsFor(ctx)), 409);
};

/** Asks for confirmation; names the client and the address of the device. */
const ask = (deps: DeviceDeps, ctx: Context, userCode: string, request: DeviceRequest): void => {
  const { client, address, program, askedAt } = request;
  const ticket: Ticket = { userCode, browser: sha256(deps.cookies.browser(ctx)) };
  const props = {
    client: { name: client.name },
    userCode: spelledUserCode(userCode),
    ticket: sealJson(deps.sealer, ticket, sealedTo),
    askedAt,
    address,
    isNear: ipPrefixesOf(address).network === ipPrefixesOf(ctx.ip).network,
    reference: referenceFor(ctx, undefined),
    ...(program !== undefined && { program }),
  };
  draw(ctx, deviceConfirmPage(props, wordsFor(ctx)));
};

/** Handles the answer. @throws Problem 'bad-request' if it is neither allow nor deny. */
const decide = async (deps: DeviceDeps, ctx: Context, next: Next, sent: ReadonlyMap<string, string>): Promise<void> => {
  const answer = sent.get(fields.consent);
  if (answer !== 'allow' && answer !== 'deny') {
    throw new Problem('bad-request', 'got another answer, expected allow or deny');
  }
  const browser = sha256(deps.cookies.sentBrowser(ctx) ?? '');
  const ticket = openTicket(deps, sent.get(fields.ticket) ?? '');
  // The ticket is forged or belongs to another browser: no code was typed here.
  if (ticket?.browser !== browser) return drawCodeForm(deps, ctx, { state: { kind: 'elsewhere' } }, 403);
  const { userCode } = ticket;
  const request = await deps.devices.find(userCode);
  if (request === undefined) return drawCodeForm(deps, ctx, { state: { kind: 'wrong' } }, 422);
  const begun = await deps.devices.begunBy(userCode, browser);
  // A late "deny" must not continue to the sign-in that connects the device.
  if (begun !== undefined && answer === 'allow') return seeOther(ctx, begun);
  if (request.state !== 'new') return drawEnd(ctx, request);
  const event = answer === 'allow' ? 'device.confirmed' : 'device.denied';
  deps.countedAudit.count({
    event,
    actor: 'browser',
    outcome: answer === 'allow' ? 'success' : 'refused',
    client: request.client.id,
    address: ctx.ip,
  });
  await deps.devices.answer(ctx, next, { userCode, browser, answer });
};

const openTicket = ({ sealer }: DeviceDeps, sealed: string): Ticket | undefined => {
  try {
    return openJson<Ticket>(sealer, sealed, sealedTo);
  } catch (error) {
    if (isProblem(error, 'unreadable')) return undefined;
    throw error;
  }
};
