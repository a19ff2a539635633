/**
 * Refuses polls of devices that poll too often with `slow_down` (RFC 8628 §3.5). The library has no such limit, so devices that poll
 * without a pause could overload the server.
 */
import { errors, Provider } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';
import { methodOf } from '../model-method.ts';
import { key, type Ephemeral } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import { pollInterval } from './flow.ts';

/** One second less than `interval`, so that network jitter does not cause a refusal. */
const shortestGap: Millis = (pollInterval - 1) * 1000;

/** Installs the limit on this provider. Polls with an unknown code or by another client store nothing. */
export const slowDown = ({ DeviceCode }: Provider, ephemeral: Ephemeral): void => {
  const find = methodOf(DeviceCode, 'find');
  Reflect.set(DeviceCode, 'find', async (...asked: readonly unknown[]): Promise<unknown> => {
    const code = await find(DeviceCode, ...asked);
    const ctx = Provider.ctx;
    if (!(code instanceof DeviceCode) || ctx?.oidc.route !== 'token') return code;
    if (code.clientId !== ctx.oidc.client?.clientId) return code;
    const poll = key<true>('oidc', 'device-poll', sha256(code.jti));
    if (!(await ephemeral.setIfAbsent(poll, true, shortestGap))) throw new errors.SlowDown();
    return code;
  });
};
