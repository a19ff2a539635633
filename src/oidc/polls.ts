/**
 * Refuses polls that come too often with `slow_down` (RFC 8628 §3.5, OpenID CIBA §11). The library has no such limit, so devices and
 * clients that poll without a pause could overload the server.
 */
import { errors, Provider } from 'oidc-provider';
import { sha256 } from '../crypto.ts';
import { key, type Ephemeral } from '../ports/stores.ts';
import type { Millis } from '../ports/time.ts';
import { methodOf } from './model-method.ts';

/** Seconds between two polls. */
export const pollInterval = 5;

/** One second less than the interval, so that network jitter does not cause a refusal. */
const shortestGap: Millis = (pollInterval - 1) * 1000;

type Polled = Provider['DeviceCode'] | Provider['BackchannelAuthenticationRequest'];

/** Installs the limit on this provider. Polls with an unknown code or by another client store nothing. */
export const slowDown = ({ DeviceCode, BackchannelAuthenticationRequest }: Provider, ephemeral: Ephemeral): void => {
  for (const Model of [DeviceCode, BackchannelAuthenticationRequest]) limitPolls(Model, ephemeral);
};

const limitPolls = (Model: Polled, ephemeral: Ephemeral): void => {
  const find = methodOf(Model, 'find');
  Reflect.set(Model, 'find', async (...asked: readonly unknown[]): Promise<unknown> => {
    const found = await find(Model, ...asked);
    const ctx = Provider.ctx;
    if (!(found instanceof Model) || ctx?.oidc.route !== 'token') return found;
    if (found.clientId !== ctx.oidc.client?.clientId) return found;
    const poll = key<true>('oidc', 'poll', sha256(found.jti));
    if (!(await ephemeral.setIfAbsent(poll, true, shortestGap))) throw new errors.SlowDown();
    return found;
  });
};
