/**
 * Slows devices down that poll too often (RFC 8628 §3.5). The library answers each poll. Without a limit a thousand devices that
 * poll without a pause would be as dear as a flood.
 */
import { errors, Provider } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';
import { methodOf } from '../model-method.ts';
import { key, type Ephemeral } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import { pollInterval } from './flow.ts';

/** A second less than devices are told, so that a poll which a network delivers early is not slowed down. */
const shortestGap: Millis = (pollInterval - 1) * 1000;

/** Changes the model of this provider. Polls of unknown codes, and of other clients, store nothing. */
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
