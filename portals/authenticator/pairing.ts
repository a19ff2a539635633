/** Serves POST api/pairings: a device claims a pairing by the secret that it scanned, or the code that the person typed. */
import type { Context } from 'koa';
import { readDeviceKey, thumbprintOf } from '../../src/mfa/push/device-key.ts';
import { readProof, verifyProof } from '../../src/mfa/push/device-proof.ts';
import { deviceCreationOptions } from '../../src/mfa/push/device-credential.ts';
import type { ClaimResult, PairingName } from '../../src/mfa/push/pairing-claims.ts';
import type { PairingAnswer } from '../../src/mfa/push/protocol.ts';
import { readSubscription } from '../../src/mfa/push/subscription.ts';
import { readLabel } from '../../src/mfa/method-label.ts';
import { otpauthOf } from '../../src/mfa/otpauth.ts';
import { totpIssuer } from '../../src/mfa/factors/totp.ts';
import type { PushTarget } from '../../src/ports/carriers.ts';
import { languageIn, membersOf, readCall, type Call } from './calls.ts';
import type { AuthenticatorApiDeps } from './deps.ts';
import { Refusal } from './refusals.ts';

/** Characters of a secret: 128 bits in base64url. A longer text is not looked up. */
const secretForm = /^[\w-]{22}$/;

/** The pairing that is named, by exactly one of both. @throws Refusal 'malformed' */
const nameIn = ({ secret, code }: { readonly secret?: unknown; readonly code?: unknown }): PairingName => {
  if (typeof code === 'string' && secret === undefined) return { code };
  if (typeof secret === 'string' && code === undefined && secretForm.test(secret)) return { secret };
  throw new Refusal('malformed');
};

/** The subscription in a body; undefined where the device has none. @throws Refusal 'subscription-refused' */
export const subscriptionIn = (value: unknown, services: readonly URL[], language: string): PushTarget | undefined => {
  if (value === undefined || value === null) return undefined;
  const subscription = readSubscription(value, services);
  if (subscription === undefined) throw new Refusal('subscription-refused', { language });
  return subscription;
};

/** The device that a body describes, which has signed this very call. @throws Refusal */
const offeredIn = async (deps: AuthenticatorApiDeps, call: Call, body: Body) => {
  const language = languageIn(body.language);
  const key = readDeviceKey(body.key);
  const name = typeof body.name === 'string' ? readLabel(body.name) : undefined;
  if (key === undefined || name === undefined) throw new Refusal('malformed', { language });
  const handle = await thumbprintOf(key);
  const proof = readProof(call.authorization);
  if (proof?.handle !== handle) throw new Refusal('proof', { language });
  const expected = { device: { handle, key }, origin: deps.issuer.origin, now: deps.clock() };
  const verified = await verifyProof(proof, call, expected);
  if (!verified.ok) throw new Refusal(verified.reason === 'clock' ? 'clock' : 'proof', { language });
  const subscription = subscriptionIn(body.subscription, deps.push.services, language);
  return { handle, key, name, language, ...(subscription !== undefined && { subscription }) };
};

const members = ['secret', 'code', 'key', 'name', 'subscription', 'language'] as const;
type Body = { readonly [Member in (typeof members)[number]]?: unknown };

const codes = { unknown: 'pairing-unknown', taken: 'pairing-used', malformed: 'code-malformed', wait: 'wait' } as const;

/** The refusal of a claim, which anyone can cause: it is counted in the audit. */
const refused = (
  { countedAudit }: AuthenticatorApiDeps,
  ctx: Context,
  result: Extract<ClaimResult, { readonly ok: false }>,
  language: string,
): Refusal => {
  const { reason } = result;
  countedAudit.count({ event: 'pairing.refused', actor: 'unknown', outcome: 'refused', address: ctx.ip, reason });
  return new Refusal(codes[reason], { language, ...('until' in result && { until: result.until }) });
};

/** Handles POST api/pairings. @throws Refusal, Problem */
export const postPairing =
  (deps: AuthenticatorApiDeps) =>
  async (ctx: Context): Promise<void> => {
    const call = await readCall(ctx, deps.issuer.origin);
    const body: Body = membersOf(call.json, members);
    const name = nameIn(body);
    const offered = await offeredIn(deps, call, body);
    const { handle, language } = offered;
    // The key of a device that is paired belongs to its account for good.
    if ((await deps.devices.find(handle))?.state === 'paired') throw new Refusal('pairing-used', { language });
    const claimed = await deps.pairingClaims.claim(name, offered, ctx.ip);
    if (!claimed.ok) throw refused(deps, ctx, claimed, language);
    const { userId: subject, device, digits, expiresAt } = claimed;
    const user = await deps.users.get(subject);
    if (user === undefined) throw new Refusal('pairing-unknown', { language });
    if (claimed.isNew)
      await deps.audit({ event: 'pairing.claimed', actor: 'device', subject, outcome: 'info', address: ctx.ip });
    const { totp: secret, creationChallenge: challenge } = device;
    const issuer = totpIssuer(deps.issuer.origin);
    ctx.body = {
      organization: deps.issuer.host,
      account: user.name,
      digits,
      unlock: deps.push.unlock,
      ...(secret !== undefined && { totp: otpauthOf({ secret }, { issuer, name: user.name }) }),
      ...(challenge !== undefined && {
        creation: deviceCreationOptions(deps.passkeys, { challenge, handle, account: user.name }),
      }),
      serverKeys: await deps.pushKeys.published(),
      expiresAt,
    } satisfies PairingAnswer;
  };
