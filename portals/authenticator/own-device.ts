/** Serves the calls of a device about itself: where pushes reach it, a test of them, and its leaving. */
import type { Context } from 'koa';
import { deviceOf, languageIn, membersOf, readCall } from './calls.ts';
import type { AuthenticatorApiDeps } from './deps.ts';
import { subscriptionIn } from './pairing.ts';
import { Refusal } from './refusals.ts';

/** Handles PUT api/subscription. @throws Refusal, Problem */
export const putSubscription =
  (deps: AuthenticatorApiDeps) =>
  async (ctx: Context): Promise<void> => {
    const call = await readCall(ctx, deps.issuer.origin);
    const device = await deviceOf(deps.devices, call);
    const { subscription, language } = membersOf(call.json, ['subscription', 'language']);
    const spoken = languageIn(language);
    const target = subscriptionIn(subscription, deps.push.services, spoken);
    await deps.devices.subscribe(device, target, spoken);
    ctx.body = { push: target === undefined ? 'none' : 'works' };
  };

/** Handles POST api/test. @throws Refusal, Problem */
export const postTest =
  (deps: AuthenticatorApiDeps) =>
  async (ctx: Context): Promise<void> => {
    const call = await readCall(ctx, deps.issuer.origin);
    const device = await deviceOf(deps.devices, call);
    membersOf(call.json, []);
    const sent = await deps.testPushes.send(device);
    if (!sent.ok) {
      const { reason } = sent;
      throw new Refusal(reason, { language: device.language, ...('until' in sent && { until: sent.until }) });
    }
    ctx.body = {};
  };

/** Handles DELETE api/device. @throws Refusal, Problem */
export const deleteDevice =
  (deps: AuthenticatorApiDeps) =>
  async (ctx: Context): Promise<void> => {
    const call = await readCall(ctx, deps.issuer.origin);
    const device = await deviceOf(deps.devices, call);
    await deps.devices.leave(device);
    const { userId: subject, authenticator } = device;
    if (authenticator !== undefined) {
      await deps.audit({ event: 'authenticator.left', actor: 'device', subject, outcome: 'info', authenticator });
    }
    ctx.body = {};
  };
